// Fits models/calibration.json: how the reader's and the retriever's signals become an answer or an abstention.
// Run it after another reader or embedder was put in place: npm run calibrate
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CALIBRATION_FILE, sealCalibration } from "../dist/answer/calibration.js";
import { recogniseIntent } from "../dist/answer/intent.js";
import { loadSettings } from "../dist/config.js";
import { calibrate, describeFit } from "../dist/eval/calibrate.js";
import { loadSet } from "../dist/eval/sets/set.js";
import { selectSplit } from "../dist/eval/split.js";
import { openWaymark } from "../dist/waymark.js";

/**
 * A case of ClapNQ counts less: it has one passage a document and no lists, tables or follow-ups. So does one of the guides: there
 * are more of them, and the reader was trained on their like.
 */
const WEIGHTS = { roadmap: 1, guides: 0.5, clapnq: 0.3 };

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
  const guides = await guidesCases("tune");
  const clapnq = await clapnqCases();
  const sets = [
    { name: "roadmap tune", cases: tune.cases, weight: WEIGHTS.roadmap },
    { name: "guides tune", cases: guides.cases, weight: WEIGHTS.guides },
    { name: "ClapNQ", cases: clapnq.cases, weight: WEIGHTS.clapnq },
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
  const rounded = JSON.parse(JSON.stringify({ provenance, ...fitted }, roundedWeights));
  writeFileSync(CALIBRATION_FILE, sealCalibration(rounded));
  console.log(JSON.stringify({ ...provenance, ...fitted }, roundedWeights, 2));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function roadmapCases(split) {
  const { waymark, gold, models } = await openSet(loadSet("roadmap"));
  const cases = [];
  for (const { question, history = [], ...known } of selectSplit(gold, split)) {
    const intent = recogniseIntent(question);
    if (intent.kind !== "question") continue;
    const examined = await waymark.examine(intent.question, { history });
    // What "and after that?" asks for is found by position, not by these signals.
    if (examined.resolved.step === undefined) cases.push(toCase(known, examined));
  }
  await waymark.close();
  return { cases, models };
}

async function guidesCases(split) {
  const { waymark, gold } = await openSet(loadSet("guides"));
  const cases = [];
  for (const { question, within, ...known } of selectSplit(gold, split)) {
    cases.push(toCase(known, await waymark.examine(question, { documentIds: within })));
  }
  await waymark.close();
  return { cases };
}

/** All passages of ClapNQ as one library, unlike its eval: a question's own passage has to be found first. */
async function clapnqCases() {
  const { waymark, gold } = await openSet(loadSet("clapnq"));
  const cases = [];
  for (const { question, ...known } of gold) cases.push(toCase(known, await waymark.examine(question)));
  await waymark.close();
  return { cases };
}

async function openSet(set) {
  const settings = loadSettings({ index: join(folder, set.name) });
  const waymark = await openWaymark(settings, { calibration: UNFITTED });
  if (set.paths !== undefined) await waymark.ingest({ paths: set.paths });
  if (set.library !== undefined) await waymark.ingestDocuments(set.library);
  const documents = await Promise.all((await waymark.documents()).map(({ id }) => waymark.document(id)));
  const { models } = await waymark.status();
  return { waymark, models, gold: set.measured(documents).gold };
}

function toCase({ answerable, evidenceSets, optional }, examined) {
  return { examined, answerable, evidenceSets, optional };
}

function roundedWeights(key, value) {
  return typeof value === "number" && key !== "minConfidence" ? Math.round(value * 10000) / 10000 : value;
}
