// Fits models/calibration.json: how the reader's and the retriever's signals become an answer or an abstention.
// Run it after another reader or embedder was put in place: npm run calibrate
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { CALIBRATION_FILE } from "../dist/answer/calibration.js";
import { recogniseIntent } from "../dist/answer/intent.js";
import { loadSettings, PACKAGE_ROOT } from "../dist/config.js";
import { calibrate, describeFit } from "../dist/eval/calibrate.js";
import { loadDataset } from "../dist/eval/dataset.js";
import { resolveGold } from "../dist/eval/gold.js";
import { selectSplit } from "../dist/eval/split.js";
import { openWaymark } from "../dist/waymark.js";

/** A case of ClapNQ counts less: it has one passage a document and no lists, tables or follow-ups. */
const CLAPNQ_WEIGHT = 0.3;
const DATASETS = join(PACKAGE_ROOT, "eval", "datasets");

/** Stands in while there is none: nothing is decided during calibration. */
const UNFITTED = {
  provenance: {},
  unit: { bias: 0, weights: {} },
  minProbability: 0,
  minShareOfBest: 0,
  decision: { bias: 0, weights: {} },
  minConfidence: 0,
};

const folder = mkdtempSync(join(tmpdir(), "waymark-calibrate-"));
try {
  const tune = await roadmapCases("tune");
  const clapnq = await clapnqCases();
  const sets = [
    { name: "roadmap tune", cases: tune.cases, weight: 1 },
    { name: "ClapNQ", cases: clapnq.cases, weight: CLAPNQ_WEIGHT },
  ];
  const { maxSentences } = loadSettings().answer;
  const fitted = calibrate(sets, maxSentences);
  const provenance = {
    madeBy: "npm run calibrate",
    models: tune.models,
    fittedOn: Object.fromEntries(
      sets.map((set) => [set.name, { weight: set.weight, ...describeFit(set, fitted, maxSentences) }]),
    ),
  };
  writeFileSync(CALIBRATION_FILE, `${JSON.stringify({ provenance, ...fitted }, roundedWeights, 2)}\n`);
  console.log(JSON.stringify({ ...provenance, ...fitted }, roundedWeights, 2));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function roadmapCases(split) {
  const waymark = await openWaymark(loadSettings({ index: join(folder, "roadmap") }), {
    calibration: UNFITTED,
  });
  await waymark.ingest();
  const documents = await Promise.all((await waymark.documents()).map(({ id }) => waymark.document(id)));
  const dataset = loadDataset(join(DATASETS, "roadmap.jsonl"));
  const cases = [];
  for (const gold of resolveGold(selectSplit(dataset.questions, split), documents)) {
    const intent = recogniseIntent(gold.question);
    if (intent.kind !== "question") continue;
    const examined = await waymark.examine(intent.question, { history: gold.history ?? [] });
    // What "and after that?" asks for is found by position, not by these signals.
    if (examined.resolved.step !== undefined) continue;
    cases.push({
      examined,
      answerable: gold.answerable,
      evidenceSets: gold.evidenceSets,
      optional: gold.optional,
    });
  }
  const { models } = await waymark.status();
  await waymark.close();
  return { cases, models };
}

/** All passages of ClapNQ as one library: a question's own passage has to be found first. */
async function clapnqCases() {
  const waymark = await openWaymark(loadSettings({ index: join(folder, "clapnq") }), {
    calibration: UNFITTED,
  });
  const questions = ["answerable", "unanswerable"].flatMap((part) =>
    readLines(join(DATASETS, "clapnq", `${part}.jsonl.gz`)).map((question) => ({
      ...question,
      answerable: part === "answerable",
    })),
  );
  await waymark.ingestDocuments(
    questions.map(({ id, passages: [{ title, sentences }] }) => ({
      pageContent: sentences.map((sentence) => sentence.trim()).join(" "),
      metadata: { source: id, title },
    })),
  );
  const byUri = new Map((await waymark.documents()).map((document) => [document.uri, document.id]));
  const cases = [];
  for (const { id, input, answerable, output } of questions) {
    const document = await waymark.document(byUri.get(`langchain:${id}`));
    const selected = answerable ? (output[0]?.selected_sentences ?? []) : [];
    const evidence = selected.flatMap((sentence) => {
      const wanted = sentence.trim();
      const start = document.text.indexOf(wanted);
      return start < 0 ? [] : [{ documentId: document.id, start, end: start + wanted.length }];
    });
    if (answerable && evidence.length < selected.length) console.error(`${id}: evidence not found, left out`);
    if (answerable && evidence.length < selected.length) continue;
    cases.push({
      examined: await waymark.examine(input),
      answerable,
      evidenceSets: answerable ? [evidence] : [],
      optional: [],
    });
  }
  await waymark.close();
  return { cases };
}

function readLines(path) {
  return gunzipSync(readFileSync(path))
    .toString("utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

function roundedWeights(key, value) {
  return typeof value === "number" && key !== "minConfidence" ? Math.round(value * 10000) / 10000 : value;
}
