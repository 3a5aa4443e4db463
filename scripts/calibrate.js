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
 * What is fitted on: a case of ClapNQ counts less, as it has one passage a document and no lists, tables or follow-ups. So does one of the
 * guides: there are more of them, and the reader was trained on their like. All passages of ClapNQ are one library here, unlike in its
 * eval: a question's own passage has to be found first.
 */
const FITTED_ON = [
  { name: "roadmap tune", set: "roadmap", split: "tune", weight: 1, examine: examineWithinConversation },
  {
    name: "guides tune",
    set: "guides",
    split: "tune",
    weight: 0.5,
    examine: (waymark, { question, within }) => waymark.examine(question, { documentIds: within }),
  },
  {
    name: "ClapNQ",
    set: "clapnq",
    weight: 0.3,
    examine: (waymark, { question }) => waymark.examine(question),
  },
];

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
  const sets = [];
  for (const fittedOn of FITTED_ON) sets.push(await examined(fittedOn));
  const { maxSentences } = loadSettings().answer;
  const fitted = calibrate(sets, maxSentences);
  const provenance = {
    madeBy: "npm run calibrate",
    models: sets[0].models,
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

/** The set with its cases: what Waymark finds for each question, beside what is known of it. */
async function examined({ name, set, split, weight, examine }) {
  const { waymark, gold, models } = await openSet(loadSet(set));
  const cases = [];
  for (const known of split === undefined ? gold : selectSplit(gold, split)) {
    const found = await examine(waymark, known);
    if (found !== undefined) cases.push(toCase(known, found));
  }
  await waymark.close();
  return { name, weight, cases, models };
}

/** Nothing for what is no question, and for what is found by position ("and after that?"), not by these signals. */
async function examineWithinConversation(waymark, { question, history = [] }) {
  const intent = recogniseIntent(question);
  if (intent.kind !== "question") return undefined;
  const found = await waymark.examine(intent.question, { history });
  return found.resolved.step === undefined ? found : undefined;
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

function toCase({ answerable, evidenceSets, optional }, found) {
  return { examined: found, answerable, evidenceSets, optional };
}

function roundedWeights(key, value) {
  return typeof value === "number" && key !== "minConfidence" ? Math.round(value * 10000) / 10000 : value;
}
