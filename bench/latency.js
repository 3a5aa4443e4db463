import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadSettings, openWaymark } from "../dist/index.js";

/** Questions asked before the clock counts, so that no figure holds the loading of a model. */
const WARM_UP = 5;

/** p50 and p95 of `ask` and `search`, over the questions on the article, one after another in one process. */
export async function measureLatency(folder) {
  const dataset = new URL("../eval/datasets/roadmap.jsonl", import.meta.url);
  const questions = readFileSync(dataset, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line).question);
  const waymark = await openWaymark(loadSettings({ index: join(folder, "latency-index") }));
  try {
    await waymark.ingest();
    const ask = await times(questions, (question) => waymark.ask(question));
    const search = await times(questions, (question) => waymark.search(question));
    return [
      {
        what: `ask, ${questions.length} questions: p50 / p95`,
        figure: `${percentile(ask, 0.5)} / ${percentile(ask, 0.95)} ms`,
        against: `search alone: ${percentile(search, 0.5)} / ${percentile(search, 0.95)} ms`,
        ratio: `${(percentile(ask, 0.5) / percentile(search, 0.5)).toFixed(1)} ×`,
      },
    ];
  } finally {
    await waymark.close();
  }
}

/** Milliseconds a question, ascending. */
async function times(questions, answer) {
  for (const question of questions.slice(0, WARM_UP)) await answer(question);
  const milliseconds = [];
  for (const question of questions) {
    const begun = performance.now();
    await answer(question);
    milliseconds.push(performance.now() - begun);
  }
  return milliseconds.sort((a, b) => a - b);
}

/** By nearest rank, rounded to a tenth. */
function percentile(ascending, share) {
  const rank = Math.max(1, Math.ceil(share * ascending.length));
  return Math.round(ascending[rank - 1] * 10) / 10;
}
