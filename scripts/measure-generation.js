// Lets the language model that is configured (WAYMARK_LLM, …) answer the article's test questions and a sample of ClapNQ,
// and reports what verification lets through: npm run measure-generation -- [questions of each set] [file for the sentences]
// Every sentence is written to the file with what became of it, so that people can judge what the verifier judged.
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { languageModelKey, loadSettings, PACKAGE_ROOT } from "../dist/config.js";
import { loadDataset } from "../dist/eval/dataset.js";
import { scoreNuggets } from "../dist/eval/metrics/nuggets.js";
import { readPublicLines, spread } from "../dist/eval/sets/public-file.js";
import { selectSplit } from "../dist/eval/split.js";
import { readMarks } from "../dist/generate/marks.js";
import { openLanguageModel } from "../dist/generate/models/language-model.js";
import { SentenceCutter } from "../dist/generate/sentence-cutter.js";
import { openWaymark } from "../dist/waymark.js";

const [count = "30", file = "generation.jsonl"] = process.argv.slice(2);
const settings = loadSettings({ corpus: join(PACKAGE_ROOT, "corpus") });
if (settings.generate.model === null)
  throw new Error("Name a language model: WAYMARK_LLM=… npm run measure-generation");

/** Remembers what the model wrote. */
class Recorded extends BaseChatModel {
  text = "";
  constructor(chat) {
    super({});
    this.chat = chat;
  }
  _llmType() {
    return "recorded";
  }
  async *_streamResponseChunks(...args) {
    this.text = "";
    for await (const chunk of this.chat._streamResponseChunks(...args)) {
      this.text += chunk.text;
      yield chunk;
    }
  }
}

const folder = mkdtempSync(join(tmpdir(), "waymark-generation-"));
const model = await openLanguageModel(settings.generate, languageModelKey(settings.generate));
const recorded = new Recorded(model.chat);
const records = [];
writeFileSync(file, "");
try {
  const roadmap = selectSplit(
    loadDataset(join(PACKAGE_ROOT, "eval", "datasets", "roadmap.jsonl")).questions,
    "test",
  );
  await measure(
    "roadmap",
    spread(
      roadmap.filter(({ answerable }) => answerable),
      Number(count),
    ),
    (waymark) => waymark.ingest(),
  );
  const clapnq = readPublicLines("clapnq/answerable.jsonl.gz");
  const questions = spread(clapnq, Number(count)).map(({ id, input }) => ({
    id,
    question: input,
    nuggets: [],
  }));
  await measure("clapnq", questions, (waymark) =>
    waymark.ingestDocuments(
      clapnq.map(({ id, passages: [{ title, sentences }] }) => ({
        pageContent: sentences.map((sentence) => sentence.trim()).join(" "),
        metadata: { source: id, title },
      })),
    ),
  );
} finally {
  await model.close();
  rmSync(folder, { recursive: true, force: true });
}
for (const set of ["roadmap", "clapnq"])
  console.log(set, summarise(records.filter((record) => record.set === set)));

async function measure(set, questions, ingest) {
  const generate = { ...settings.generate, model: null };
  const index = join(folder, set);
  const waymark = await openWaymark({ ...settings, generate, index }, { chatModel: recorded });
  await ingest(waymark);
  for (const { id, question, history, nuggets } of questions) {
    const start = performance.now();
    const passed = [];
    let firstMs;
    let generating = false;
    const answer = await waymark.ask(question, {
      ...(history && { history }),
      onEvent: (event) => {
        if (event.type === "mode") generating = event.mode === "generated";
        if (event.type !== "sentence" || !generating) return;
        firstMs ??= Math.round(performance.now() - start);
        passed.push(event.sentence);
      },
    });
    const totalMs = Math.round(performance.now() - start);
    const extractive = await waymark.ask(question, { mode: "extractive", ...(history && { history }) });
    if (extractive.status === "abstained") continue; // the model is not asked
    const cutter = new SentenceCutter();
    // What is repeated is judged and shown once.
    const written = new Map(
      [...cutter.push(recorded.text), ...cutter.end()]
        .map((text) => readMarks(text))
        .map((marked) => [marked.text, marked]),
    );
    const sentences = [...written.values()].map(({ text, numbers }) => {
      const shown = passed.find((sentence) => sentence.text === text);
      return {
        text,
        numbers,
        passed: shown !== undefined,
        quotes: shown?.citations.map(({ quote }) => quote),
      };
    });
    const found = (given) => scoreNuggets(given.answer, nuggets).found.filter(Boolean).length;
    const record = {
      set,
      id,
      question,
      mode: answer.mode,
      fallback: answer.fallback,
      withheld: answer.withheld,
      sentences,
      firstMs,
      totalMs,
      nuggets: nuggets.length,
      found: found(answer),
      foundExtractive: found(extractive),
      answer: answer.answer,
    };
    records.push(record);
    appendFileSync(file, `${JSON.stringify(record)}\n`);
    console.error(set, id, answer.mode, answer.fallback ?? "", `${totalMs} ms`);
  }
  await waymark.close();
}

function summarise(own) {
  const share = (part, whole) => (whole === 0 ? "–" : `${((100 * part) / whole).toFixed(1)} %`);
  const sum = (of) => own.reduce((total, record) => total + of(record), 0);
  const firsts = own.flatMap(({ firstMs }) => firstMs ?? []).sort((a, b) => a - b);
  const fallbacks = {};
  for (const { fallback = "none" } of own) fallbacks[fallback] = (fallbacks[fallback] ?? 0) + 1;
  return {
    questions: own.length,
    generated: share(own.filter(({ mode }) => mode === "generated").length, own.length),
    fallbacks,
    sentencesWritten: sum(({ sentences }) => sentences.length),
    sentencesPassed: sum(({ sentences }) => sentences.filter(({ passed }) => passed).length),
    keyFacts: share(
      sum(({ found }) => found),
      sum(({ nuggets }) => nuggets),
    ),
    keyFactsExtractive: share(
      sum(({ foundExtractive }) => foundExtractive),
      sum(({ nuggets }) => nuggets),
    ),
    medianFirstSentenceMs: firsts[Math.floor(firsts.length / 2)],
  };
}
