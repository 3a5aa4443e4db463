// Kills an ingest at a random moment or at a named step, opens the index again and checks every promise.
import { fork } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import Database from "libsql";
import { examineIndex } from "../../dist/store/examine.js";
import { readGraphHeader } from "../../dist/store/graph-file.js";
import { onStep } from "../../dist/store/steps.js";
import { ingestMadeUp, openStore, vectorOf } from "./ingest-made-up.js";
import { makeOlder } from "./older-schema.js";
import { randomFrom } from "./random.js";
import { readIndex, sameContents } from "./read-index.js";

const WRITER = fileURLToPath(new URL("./writer.js", import.meta.url));

/** What is killed: from which index, towards which corpus. */
const SCENARIOS = {
  fresh: { from: "nothing", to: "first", rebuild: false },
  incremental: { from: "first", to: "second", rebuild: false },
  "re-index": { from: "first", to: "first", rebuild: true },
  removal: { from: "second", to: "empty", rebuild: false },
  upgrade: { from: "old", to: "second", rebuild: false },
};

/**
 * Runs trials and gives what was broken: one sentence a fault, none where all promises were kept.
 *
 * @param {{ trials: number, seed: number, onTrial?: (done: number) => void }} options
 * @returns {Promise<{ trials: number, killed: number, steps: Record<string, number>, faults: string[] }>}
 */
export async function killTrials({ trials, seed, onTrial }) {
  const folder = mkdtempSync(join(tmpdir(), "waymark-kill-"));
  const random = randomFrom(seed);
  const result = { trials, killed: 0, steps: {}, faults: [] };
  try {
    const world = await prepare(folder);
    const plan = Array.from({ length: trials }, (_, number) => planTrial(number, world, random));
    const lanes = [plan.filter((_, i) => i % 2 === 0), plan.filter((_, i) => i % 2 === 1)];
    let done = 0;
    const run = async (lane) => {
      for (const trial of lane) {
        const { killed, faults } = await runTrial(folder, world, trial);
        const what = trial.dieAt?.step ?? "a random moment";
        result.steps[what] = (result.steps[what] ?? 0) + 1;
        result.killed += killed ? 1 : 0;
        result.faults.push(
          ...faults.map((fault) => `trial ${trial.number} (${trial.name}, ${what}): ${fault}`),
        );
        done += 1;
        onTrial?.(done);
      }
    };
    await Promise.all(lanes.map(run));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return result;
}

/** The corpora, an index of each, what each holds, and which steps each scenario takes for how long. */
async function prepare(folder) {
  const corpora = makeCorpora(folder);
  const indexes = { nothing: join(folder, "nothing"), old: join(folder, "old") };
  mkdirSync(indexes.nothing);
  for (const [name, corpus] of Object.entries(corpora)) {
    indexes[name] = join(folder, `index-${name}`);
    await upToDate(indexes[name], corpus);
  }
  cpSync(indexes.first, indexes.old, { recursive: true });
  makeOld(indexes.old);
  const holds = {};
  for (const name of ["first", "second", "empty"]) holds[name] = readIndex(indexes[name]);
  const courses = {};
  for (const [name, { from, to, rebuild }] of Object.entries(SCENARIOS)) {
    const index = join(folder, "course");
    cpSync(indexes[from], index, { recursive: true });
    const steps = [];
    const begun = performance.now();
    onStep((step) => steps.push(step));
    await upToDate(index, corpora[to], rebuild);
    onStep(undefined);
    courses[name] = { steps, milliseconds: performance.now() - begun };
    rmSync(index, { recursive: true });
  }
  return { corpora, indexes, holds: { ...holds, nothing: holds.empty, old: holds.first }, courses };
}

/** `second` has documents of `first` unchanged, changed and gone, and new ones. */
function makeCorpora(folder) {
  const text = (name, version) =>
    Array.from(
      { length: 6 },
      (_, i) => `Paragraph ${i} of ${name} in version ${version}. ${`It speaks of ${name}${i}. `.repeat(30)}`,
    ).join("\n\n");
  const files = {
    first: { a: 1, b: 1, c: 1, d: 1, e: 1 },
    second: { b: 1, c: 2, d: 2, f: 1, g: 1 },
    empty: {},
  };
  return Object.fromEntries(
    Object.entries(files).map(([corpus, versions]) => {
      const path = join(folder, `corpus-${corpus}`);
      mkdirSync(path);
      for (const [name, version] of Object.entries(versions)) {
        writeFileSync(join(path, `${name}.txt`), text(name, version));
      }
      return [corpus, path];
    }),
  );
}

async function upToDate(index, corpus, rebuild = false) {
  const store = openStore(index);
  await ingestMadeUp(store, corpus, { rebuild });
  await store.close();
}

/** Makes an index what the schema before this one made. */
function makeOld(index) {
  const store = openStore(index);
  store.close();
  const database = openDatabase(index);
  makeOlder(database, 1);
  database.close();
}

/** Every other trial dies at a step, each of its scenario's in turn; the others at a random moment. */
function planTrial(number, { courses }, random) {
  const names = Object.keys(SCENARIOS);
  const name = names[number % names.length];
  const { steps, milliseconds } = courses[name];
  if (Math.floor(number / names.length) % 2 === 1) {
    return { number, name, after: random() * (milliseconds + 60) };
  }
  const kinds = [...new Set(steps)];
  const step = kinds[Math.floor(number / names.length / 2) % kinds.length];
  const occurrences = steps.filter((other) => other === step).length;
  return { number, name, dieAt: { step, occurrence: 1 + Math.floor(random() * occurrences) } };
}

async function runTrial(folder, { corpora, indexes, holds }, { number, name, after, dieAt }) {
  const { from, to, rebuild } = SCENARIOS[name];
  const index = join(folder, `trial-${number}`);
  cpSync(indexes[from], index, { recursive: true });
  const child = fork(WRITER, [JSON.stringify({ index, corpus: corpora[to], rebuild, dieAt })]);
  const ended = once(child, "exit");
  if (after !== undefined) {
    await Promise.race([once(child, "message"), ended]);
    await wait(after);
    child.kill("SIGKILL");
  }
  const [code, signal] = await ended;
  const faults = [];
  if (code !== null && code !== 0) faults.push(`the writer failed with exit code ${code}`);
  if (dieAt !== undefined && signal !== "SIGKILL") faults.push("the step was not reached");
  try {
    faults.push(...(await brokenPromises(index, holds[from], holds[to], corpora[to], rebuild)));
  } catch (error) {
    faults.push(error.stack);
  }
  rmSync(index, { recursive: true, force: true });
  return { killed: signal === "SIGKILL", faults };
}

async function brokenPromises(index, before, after, corpus, rebuild) {
  const faults = [];
  const store = openStore(index);
  const now = readIndex(index);
  for (const uri of new Set([...now.keys(), ...before.keys(), ...after.keys()])) {
    const whole = [before.get(uri), after.get(uri)].includes(now.get(uri));
    if (!whole) faults.push(`${uri} is neither in its old nor in its new version`);
  }
  for (const { problem } of (await examineIndex(index, { repair: false })).filter(isDamage))
    faults.push(problem);
  faults.push(...(await brokenSearch(store, now)));
  await ingestMadeUp(store, corpus, { rebuild });
  await store.close();
  if (!sameContents(readIndex(index), after)) {
    faults.push("running it again does not give what an undisturbed run gives");
  }
  for (const { problem } of await examineIndex(index, { repair: false }))
    faults.push(`after the next run: ${problem}`);
  faults.push(...(await graphFaults(index)));
  const odd = readdirSync(index).filter((name) => !EXPECTED.has(name));
  if (odd.length > 0) faults.push(`${odd.join(", ")} lie about`);
  return faults;
}

/** What a dead writer may leave until the next run: temporary files, and a graph between two renames. */
function isDamage({ file }) {
  return !/graph\./.test(file);
}

const EXPECTED = new Set([
  "waymark.db",
  "waymark.db-wal",
  "waymark.db-shm",
  "graph.hnsw",
  "graph.projection",
  "graph.json",
  "writer.lock",
]);

/** Every document that is there is found by its own word, and none that is not. */
async function brokenSearch(store, now) {
  const faults = [];
  for (const name of ["a", "b", "c", "d", "e", "f", "g"]) {
    const found = await store.candidates({ text: `${name}0`, vector: vectorOf(name), depth: 3 });
    const uris = new Set(now.keys());
    const hit = found.some(({ documentId, lexical }) => lexical > 0 && documentId.startsWith(`${name}-txt`));
    if (hit !== uris.has(`${name}.txt`)) faults.push(`the search ${hit ? "finds" : "misses"} ${name}.txt`);
  }
  return faults;
}

async function graphFaults(index) {
  const store = openStore(index);
  const { generation, passages } = await store.stats();
  await store.close();
  const header = readGraphHeader(index, vectorOf("").length);
  const expected = passages === 0 ? undefined : generation;
  return header?.generation === expected ? [] : ["the graph is not of the database's generation"];
}

function openDatabase(index) {
  return new Database(join(index, "waymark.db"));
}
