// Damages a file of an index or a model at random, uses it, and checks that it is repaired or refused in words.
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadCalibration } from "../../dist/answer/calibration.js";
import { WaymarkError } from "../../dist/errors.js";
import { verifyModelFolder } from "../../dist/models/checksums.js";
import { examineIndex, isRepaired } from "../../dist/store/examine.js";
import { ingestMadeUp, openStore, vectorOf } from "./ingest-made-up.js";
import { randomFrom } from "./random.js";
import { readIndex, sameContents } from "./read-index.js";

const MODELS = fileURLToPath(new URL("../../models", import.meta.url));
/** One trial in so many is of a model. */
const MODEL_SHARE = 10;

/** What may happen to a file; each takes its bytes and gives others. */
const DAMAGES = {
  "is cut short": (bytes, { random }) => bytes.subarray(0, Math.floor(random() * bytes.length)),
  "has flipped bits": (bytes, { random }) => {
    const changed = Buffer.from(bytes);
    for (let flips = 1 + Math.floor(random() * 8); flips > 0 && bytes.length > 0; flips -= 1) {
      changed[Math.floor(random() * bytes.length)] ^= 1 << Math.floor(random() * 8);
    }
    return changed;
  },
  "has a page of noise": (bytes, { random }) => {
    const changed = Buffer.from(bytes);
    const start = Math.floor(random() * bytes.length);
    for (let i = start; i < Math.min(bytes.length, start + 4096); i += 1)
      changed[i] = Math.floor(random() * 256);
    return changed;
  },
  "is empty": () => Buffer.alloc(0),
  "is gone": () => undefined,
  "is another file": (_, { others, random }) => others[Math.floor(random() * others.length)],
  "is noise": (_, { random }) => Buffer.from(Array.from({ length: 5000 }, () => Math.floor(random() * 256))),
  "has a tail": (bytes, { random }) => Buffer.concat([bytes, Buffer.from(String(random()).repeat(500))]),
};

/**
 * Runs trials and gives what was broken: one sentence a fault.
 *
 * @param {{ trials: number, seed: number, onTrial?: (done: number) => void }} options
 * @returns {Promise<{ outcomes: Record<string, number>, faults: string[] }>}
 */
export async function damageTrials({ trials, seed, onTrial }) {
  const folder = mkdtempSync(join(tmpdir(), "waymark-damage-"));
  const random = randomFrom(seed);
  const result = { outcomes: {}, faults: [] };
  try {
    const world = await prepare(folder);
    for (let number = 0; number < trials; number += 1) {
      const ofModel = number % MODEL_SHARE === MODEL_SHARE - 1;
      const { what, outcome } = ofModel
        ? await modelTrial(world, random)
        : await indexTrial(folder, world, random);
      if (outcome.startsWith("FAULT")) result.faults.push(`trial ${number}: ${what}: ${outcome}`);
      else result.outcomes[outcome] = (result.outcomes[outcome] ?? 0) + 1;
      onTrial?.(number + 1);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return result;
}

async function prepare(folder) {
  const corpus = join(folder, "corpus");
  const index = join(folder, "intact");
  const models = join(folder, "models");
  mkdirSync(corpus);
  for (let i = 0; i < 8; i += 1) {
    writeFileSync(
      join(corpus, `${i}.txt`),
      `Document ${i}.\n\n${`It speaks of word${i} at length. `.repeat(200)}`,
    );
  }
  const store = openStore(index);
  await ingestMadeUp(store, corpus);
  await store.close();
  cpSync(MODELS, models, { recursive: true });
  return { corpus, index, models, contents: readIndex(index) };
}

async function indexTrial(folder, { corpus, index, contents }, random) {
  const trial = join(folder, "trial");
  cpSync(index, trial, { recursive: true });
  const derived = ["graph.hnsw", "graph.projection", "graph.json", "writer.lock"];
  const names = ["waymark.db", "waymark.db", "waymark.db", ...derived];
  const what = damage(trial, names[Math.floor(random() * names.length)], random);
  try {
    return { what, outcome: await useAndMend(trial, corpus, contents) };
  } catch (error) {
    return { what, outcome: `FAULT ${error.stack}` };
  } finally {
    rmSync(trial, { recursive: true, force: true });
  }
}

function damage(folder, name, random) {
  const path = join(folder, name);
  const kinds = Object.keys(DAMAGES);
  const kind = kinds[Math.floor(random() * kinds.length)];
  const others = readdirSync(folder)
    .filter((other) => other !== name && statSync(join(folder, other)).isFile())
    .map((other) => readFileSync(join(folder, other)));
  const changed = DAMAGES[kind](readFileSync(path), { random, others });
  if (changed === undefined) rmSync(path);
  else writeFileSync(path, changed);
  return `${name} ${kind}`;
}

/** The name of what happened; "FAULT …" where a promise was broken. */
async function useAndMend(index, corpus, contents) {
  const refusal = await refusalOf(() => useAll(index));
  const wrong = refusal === undefined && !sameContents(readIndex(index), contents);
  const found = await examineIndex(index, { repair: false });
  if (wrong && found.length === 0 && readIndex(index).size > 0)
    return "FAULT changed rows that the doctor does not find";
  if (refusal !== undefined && refusal.hint === undefined) return `FAULT no hint: ${refusal.message}`;
  const repaired = await refusalOf(() => examineIndex(index, { repair: true }));
  const mended = repaired === undefined && (await examineIndex(index, { repair: false })).every(isRepaired);
  const again = await refusalOf(() => upToDate(index, corpus, false));
  if (again === undefined && sameContents(readIndex(index), contents)) {
    if (refusal !== undefined) return "refused, then repaired";
    return found.length > 0 || wrong ? "repaired" : "harmless";
  }
  if (again !== undefined && again.hint === undefined) return `FAULT no hint: ${again.message}`;
  const rebuilt = await refusalOf(() => upToDate(index, corpus, true));
  if (rebuilt === undefined && sameContents(readIndex(index), contents)) return "refused, then made anew";
  // Not recognised as Waymark's any more, so it is not touched: the person is told to move it away.
  if (rebuilt?.code === "index-mismatch" && rebuilt.message.includes(index))
    return "refused as not Waymark's";
  return `FAULT not to be mended (${mended}): ${rebuilt?.stack ?? "other contents than before"}`;
}

/** Everything that a person may do with an index; the graph is used, not the exact scan. */
async function useAll(index) {
  const store = openStore(index);
  try {
    await store.candidates({ text: "word3", vector: vectorOf("word3"), depth: 10 });
    for (const { id } of await store.documents()) {
      await store.document(id);
      await store.passagesOf(id);
    }
    await store.words();
  } finally {
    await store.close();
  }
}

async function upToDate(index, corpus, rebuild) {
  const store = openStore(index, { rebuild });
  try {
    await ingestMadeUp(store, corpus, { rebuild });
  } finally {
    await store.close();
  }
}

/** The refusal in words; anything else that is thrown is a fault. */
async function refusalOf(work) {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (WaymarkError.isInstance(error) && error.code !== "internal") return error;
    throw error;
  }
}

/** Any file that is read of the models: the calibration, or one of a model's folder. */
async function modelTrial({ models }, random) {
  const names = readdirSync(models, { recursive: true }).filter((name) => {
    return statSync(join(models, name)).isFile() && !/\.md$|LICENSE|gitattributes/.test(name);
  });
  const name = names[Math.floor(random() * names.length)];
  const intact = readFileSync(join(models, name));
  const what = `models/${damage(models, name, random)}`;
  try {
    const isManifest = name.endsWith("manifest.json");
    const isThere = statSync(join(models, name), { throwIfNoEntry: false }) !== undefined;
    if (!isManifest && isThere && readFileSync(join(models, name)).equals(intact))
      return { what, outcome: "harmless" };
    const refusal = await refusalOf(() => useModel(models, name));
    if (refusal === undefined) return { what, outcome: isManifest ? "harmless" : "FAULT not noticed" };
    const named = refusal.message.includes(models) && /git checkout|from the repository/.test(refusal.hint);
    return { what, outcome: named ? "refused: a model's file" : `FAULT ${refusal.message}` };
  } finally {
    writeFileSync(join(models, name), intact);
  }
}

function useModel(models, name) {
  const [folder, file] = name.split(/[\\/]/);
  return file === undefined ? loadCalibration(join(models, name)) : verifyModelFolder(join(models, folder));
}
