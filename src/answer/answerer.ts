import { WaymarkError } from "../errors.js";
import type { Writer, Written } from "../generate/writer.js";
import { type HeldDocuments, type LoadDocuments, withHeldDocuments } from "../held-documents.js";
import type { Reader } from "../models/model.js";
import { unitText } from "../passages/passage.js";
import type { HybridRetriever, QueryEmbedder, RetrievedPassage } from "../retrieve/retriever.js";
import type { SpellingCorrector } from "../retrieve/spelling.js";
import type { Store } from "../store/store.js";
import type { AskOptions } from "../waymark.js";
import { abstention } from "./abstention.js";
import type { Answer, AnswerSentence, Citation, Turn } from "./answer.js";
import { expectedAnswerType, holdsAnswerType } from "./answer-type.js";
import type { Calibration } from "./calibration.js";
import { Citer } from "./citer.js";
import { completeLists } from "./complete-lists.js";
import { type ChosenUnit, compose } from "./compose.js";
import { type ResolvedQuestion, resolveFollowUp } from "./follow-up.js";
import { recogniseIntent } from "./intent.js";
import { type Features, predict } from "./logistic.js";
import { decisionSignals, type ReadPassage } from "./signals.js";
import { stepFrom } from "./step.js";
import { Stopwatch } from "./stopwatch.js";

export interface AnswererParts {
  embedder: QueryEmbedder;
  retriever: HybridRetriever;
  reader: Reader;
  calibration: Calibration;
  /** Mends misspelt words, by the words of the index as it is now. */
  corrector: () => Promise<Pick<SpellingCorrector, "correct" | "recognises">>;
  documents: LoadDocuments;
  store: Pick<Store, "copies" | "passagesOf">;
  /** How many of the best passages are read. */
  passagesRead: number;
  maxSentences: number;
  /** Writes answers in words of its own, where a language model is configured. */
  writer?: Pick<Writer, "write">;
}

/** What the models say of a question before anything is decided. */
export interface Examined {
  resolved: ResolvedQuestion;
  read: ReadPassage[];
  /** The features of the decision to answer. */
  decision: Features;
}

type ExamineOptions = Pick<AskOptions, "history" | "documentIds" | "collections" | "signal">;

/** How many merely near places an answer or abstention shows. */
const MAX_RELATED = 3;

/** Answers questions from the index: retrieve, read, decide, compose, cite. */
export class Answerer {
  readonly #parts: AnswererParts;

  constructor(parts: AnswererParts) {
    this.#parts = parts;
  }

  /**
   * @throws WaymarkError `aborted`; `index-changing`; `no-language-model` where a generated answer is asked for and
   *   nothing writes one
   */
  async ask(input: string, options: AskOptions = {}): Promise<Answer> {
    if (options.mode === "generated" && this.#parts.writer === undefined) throw noLanguageModel();
    return withHeldDocuments(this.#parts.documents, (documents) => this.#ask(input, options, documents));
  }

  async #ask(input: string, options: AskOptions, documents: HeldDocuments): Promise<Answer> {
    const watch = new Stopwatch();
    const intent = recogniseIntent(input);
    if (intent.kind !== "question") {
      return abstention(input, intent.kind === "empty" ? "empty" : "not-a-question", [], 0, watch.timings());
    }
    const asked = [...(options.history ?? []).map((turn) => turn.content), intent.question].join(" ");
    if (!(await this.#parts.corrector()).recognises(asked)) {
      return abstention(input, "not-in-documents", [], 0, watch.timings());
    }
    const { store } = this.#parts;
    const { resolved, retrieved } = await this.#retrieve(intent.question, options, watch);
    const citer = await Citer.of(retrieved, { asked: options, store, documents });
    const near = await citer.passages(retrieved.slice(0, MAX_RELATED));
    options.onEvent?.({ type: "passages", passages: near });
    watch.lap("retrieve");
    const { read, decision } = await this.#read(resolved, retrieved, options, watch);
    const { calibration } = this.#parts;
    const confidence = read.length === 0 ? 0 : predict(calibration.decision, decision);
    const chosen = await this.#choose(resolved, read, confidence, options);
    const written = await this.#write(resolved.text, read, chosen, citer, options);
    const sentences = written?.sentences ?? (await quote(chosen, citer, options));
    watch.lap("compose");
    if (sentences.length === 0) {
      return abstention(resolved.text, "not-in-documents", near, confidence, watch.timings());
    }
    return {
      status: "answered",
      mode: sentences === written?.sentences ? "generated" : "extractive",
      withheld: written?.withheld ?? 0,
      ...(written?.fallback === undefined ? {} : { fallback: written.fallback }),
      question: resolved.text,
      answer: joined(sentences),
      sentences,
      related: near.filter((place) => !sentences.some((sentence) => cites(sentence, place))),
      confidence: Math.max(confidence, calibration.minConfidence),
      timings: watch.timings(),
    };
  }

  /** Retrieves and reads: all that is known of a question before anything is decided. */
  async examine(question: string, options: ExamineOptions = {}): Promise<Examined> {
    const watch = new Stopwatch();
    const { resolved, retrieved } = await this.#retrieve(question, options, watch);
    return { resolved, ...(await this.#read(resolved, retrieved, options, watch)) };
  }

  async #retrieve(
    question: string,
    { history = [], documentIds, collections, signal }: ExamineOptions,
    watch: Stopwatch,
  ): Promise<Pick<Examined, "resolved"> & { retrieved: RetrievedPassage[] }> {
    const { embedder, retriever, corrector, passagesRead } = this.#parts;
    const resolved = resolveFollowUp((await corrector()).correct(question), history);
    const embedding = embedder.embedParts([resolved.text], signal);
    const chosen = { limit: passagesRead, documentIds, collections };
    const [retrieved] = await Promise.all([
      retriever.rank(resolved.text, embedding, chosen),
      embedding.then(() => watch.lap("embed")),
    ]);
    return { resolved, retrieved };
  }

  async #read(
    { text }: ResolvedQuestion,
    retrieved: readonly RetrievedPassage[],
    { signal }: ExamineOptions,
    watch: Stopwatch,
  ): Promise<Pick<Examined, "read" | "decision">> {
    const passages = retrieved.map((entry) => entry.passage);
    const readings = await this.#parts.reader.read(text, passages, signal === undefined ? {} : { signal });
    const read = retrieved.flatMap((entry, index): ReadPassage[] => {
      const reading = readings[index];
      return reading === undefined ? [] : [{ ...entry, reading }];
    });
    watch.lap("read");
    return { read, decision: decisionSignals(read) };
  }

  async #choose(
    resolved: ResolvedQuestion,
    read: readonly ReadPassage[],
    confidence: number,
    { history = [], limit }: AskOptions,
  ): Promise<ChosenUnit[]> {
    const { calibration, maxSentences } = this.#parts;
    const next = resolved.step === undefined ? undefined : await this.#step(history, read, resolved.step);
    if (next !== undefined) return [next];
    if (confidence < calibration.minConfidence) return [];
    const composition = compose(resolved.text, read, { calibration, maxSentences: limit ?? maxSentences });
    const chosen = await completeLists(composition, this.#parts.store);
    const type = expectedAnswerType(resolved.text);
    if (type !== undefined && !chosen.some(({ unit }) => holdsAnswerType(unitText(unit), type))) return [];
    if (limit === undefined || chosen.length <= limit) return chosen;
    const best = [...chosen].sort((a, b) => b.score - a.score).slice(0, limit);
    return chosen.filter((unit) => best.includes(unit));
  }

  /** The item of a list that comes after or before the one that was answered last. */
  async #step(
    history: readonly Turn[],
    read: readonly ReadPassage[],
    step: 1 | -1,
  ): Promise<ChosenUnit | undefined> {
    const answered = history.findLast((turn) => turn.role === "assistant")?.content;
    if (answered === undefined) return undefined;
    for (const documentId of new Set(read.map((entry) => entry.documentId))) {
      const item = stepFrom(answered, await this.#parts.store.passagesOf(documentId), step);
      if (item !== undefined) return { ...item, score: this.#parts.calibration.minConfidence };
    }
    return undefined;
  }

  /** Lets the language model write, where there is one, it is wanted, and there is something to write from. */
  async #write(
    question: string,
    read: readonly ReadPassage[],
    chosen: readonly ChosenUnit[],
    citer: Citer,
    { mode, history = [], limit, signal, onEvent }: AskOptions,
  ): Promise<Written | undefined> {
    const { writer, maxSentences } = this.#parts;
    if (writer === undefined || mode === "extractive" || chosen.length === 0) return undefined;
    await citer.hold(read, chosen); // what is shown cannot be taken back
    onEvent?.({ type: "mode", mode: "generated" });
    const written = await writer.write({
      question,
      history,
      read,
      chosen,
      citer,
      maxSentences: limit ?? maxSentences,
      signal,
      onSentence: (index, sentence) => onEvent?.({ type: "sentence", index, sentence }),
    });
    if (written.fallback !== undefined) onEvent?.({ type: "mode", mode: "extractive" });
    return written;
  }
}

/** What was chosen, in the documents' own words. */
async function quote(
  chosen: readonly ChosenUnit[],
  citer: Citer,
  { onEvent }: AskOptions,
): Promise<AnswerSentence[]> {
  const sentences = await Promise.all(chosen.map((unit) => citer.quote(unit)));
  sentences.forEach((sentence, index) => {
    onEvent?.({ type: "sentence", index, sentence });
  });
  return sentences;
}

/** One text: sentences follow each other, items and rows have a line of their own. */
function joined(sentences: readonly AnswerSentence[]): string {
  return sentences
    .map(({ text, kind }, index) => {
      if (index === 0) return text;
      const flows = kind === "sentence" && sentences[index - 1]?.kind === "sentence";
      return (flows ? " " : "\n") + text;
    })
    .join("");
}

function cites(sentence: AnswerSentence, place: Citation): boolean {
  return sentence.citations.some(
    ({ documentId, start, end }) => documentId === place.documentId && start < place.end && end > place.start,
  );
}

function noLanguageModel(): WaymarkError {
  return new WaymarkError(
    "no-language-model",
    "No language model is configured that could write an answer.",
    {
      hint: "Set generate.model (or WAYMARK_LLM), or leave the mode out.",
    },
  );
}
