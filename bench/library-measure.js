// node --expose-gc bench/library-measure.js FOLDER: measures the index in a folder and writes measured.json there. A process of its own,
// so that memory and times are those of one that has just opened the index.
import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import Database from "libsql";
import { keepHeapSteady } from "../dist/cli/steady-heap.js";
import { loadSettings, openWaymark } from "../dist/index.js";
import { EXACT_SCAN_LIMIT } from "../dist/store/candidate-search.js";
import { GraphCache } from "../dist/store/graph.js";
import { readGraphHeader } from "../dist/store/graph-file.js";
import { VectorMatrix } from "../dist/store/vectors.js";
import { abstractsOf } from "./library-make.js";
import { residentMemory } from "./machine.js";

const folder = process.argv[2];
const questions = abstractsOf("scifact/claims_dev.jsonl.gz").map(({ claim }) => claim);
const WARM_UP = 20;
const ASKED = 100;
/** Of the questions. */
let vectors;

keepHeapSteady(); // as a server does
const result = await measureWaymark();
result.nearest = await measureNearest();
writeFileSync(join(folder, "measured.json"), JSON.stringify(result));

async function measureWaymark() {
  // Nothing comes before this: what another index or other models had taken would be in the memory that is measured.
  const pauses = monitorEventLoopDelay({ resolution: 5 });
  const begun = performance.now();
  const waymark = await openWaymark(loadSettings({ index: folder }));
  pauses.enable();
  await waymark.search(questions[0]);
  const open = Math.round(performance.now() - begun);
  pauses.disable();
  const search = await times(questions, (question) => waymark.search(question));
  const ask = await times(questions.slice(0, ASKED), (question) => waymark.ask(question));
  // What serving takes, without what the garbage collector has not come to yet.
  globalThis.gc();
  await wait(1000);
  const memory = Math.round(residentMemory(process.pid));
  const { passages, documents } = await waymark.status();
  vectors = await waymark.embedder.embedMany(questions);
  await waymark.close();
  const database = Math.round(statSync(join(folder, "waymark.db")).size / 2 ** 20);
  return { passages, documents, open, pause: Math.round(pauses.max / 1e6), search, ask, memory, database };
}

/** The nearest passages of each question: by what a search uses at this size, and how many of the exact ten it finds. */
async function measureNearest() {
  const matrix = new VectorMatrix(vectors[0].length);
  const database = new Database(join(folder, "waymark.db"));
  for (const [key, vector] of database.prepare("SELECT key, vector FROM vectors").raw().iterate())
    matrix.add(key, new Uint8Array(vector));
  database.close();
  const exact = vectors.map((vector) => matrix.nearest(vector, 10));
  if (matrix.size <= EXACT_SCAN_LIMIT) {
    return { by: "exact", recall: 1, ...(await times(vectors, (vector) => matrix.nearest(vector, 100))) };
  }
  const graph = new GraphCache(folder, vectors[0].length);
  const header = readGraphHeader(folder, vectors[0].length);
  await graph.load(header);
  const found = vectors.map((vector) => graph.nearest(vector, 100, matrix, header));
  const hits = exact.map((keys, index) => keys.filter((key) => found[index].includes(key)).length);
  const recall = hits.reduce((sum, value) => sum + value, 0) / (10 * vectors.length);
  const by = await times(vectors, (vector) => graph.nearest(vector, 100, matrix, header));
  return { by: "graph", recall: Math.round(recall * 1e4) / 1e4, ...by };
}

/** Milliseconds each: median and 95th percentile, of all after some to warm up. */
async function times(items, work) {
  for (const item of items.slice(0, WARM_UP)) await work(item);
  const all = [];
  for (const item of items) {
    const begun = performance.now();
    await work(item);
    all.push(performance.now() - begun);
  }
  all.sort((a, b) => a - b);
  const at = (share) => Math.round(all[Math.floor(share * (all.length - 1))] * 100) / 100;
  return { p50: at(0.5), p95: at(0.95) };
}
