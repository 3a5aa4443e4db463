import { stat } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { WaymarkError } from "../errors.js";
import { type Pass, SessionThread } from "./session-thread.js";
import { WorkerPool } from "./worker-pool.js";

/**
 * One forward pass over one sequence: the model's first output, `ids.length` rows of equal width.
 *
 * One sequence a pass, on purpose. The int8 weights are used with dynamic quantisation, which scales the activations
 * by their extremes over the whole batch: in a batch of 2 to 32 a text's vector had a cosine of only .96 to .99 with
 * its vector alone, and a logit of the reader moved by up to .49, so results would hang on what else was asked. And
 * from 50 tokens on a pass costs the same per text, whatever the batch (12 tokens: 2.5 against 1.4 ms).
 *
 * @throws WaymarkError `aborted` when the signal fires first or the session is closed; `model-damaged`, `internal`
 */
export type RunModel = (
  ids: readonly number[],
  typeIds?: readonly number[],
  signal?: AbortSignal,
) => Promise<Float32Array>;

/** A model's weights, ready to run. */
export interface Session {
  run: RunModel;
  /** Numbers in a row of the output. */
  width: number;
  /** Frees the weights. After the last one the threads end. */
  close(): Promise<void>;
}

/**
 * How many passes run at once, over all models: one a thread, one thread a core. More would only contend for memory.
 */
export const PARALLEL_PASSES = Math.min(4, availableParallelism());

/**
 * To open a model takes a thread about as long as ten passes, and memory. So until it has had so many, a model stays with
 * the thread that opened it first: a single question on the command line reads 12 passages.
 */
const PASSES_BEFORE_SPREADING = 24;

/**
 * Opens weights on the threads that all models of this process share: the caller's own thread stays free. One thread
 * opens them now, others when the model proves to be much used.
 * @throws WaymarkError `model-damaged`, `internal`
 */
export async function openSession(path: string): Promise<Session> {
  const { size, mtimeMs } = await stat(path);
  const file = { id: nextId++, path, size, modified: mtimeMs };
  passes.set(file.id, 0);
  pool ??= new WorkerPool(PARALLEL_PASSES, () => new SessionThread(), isMuchUsed);
  const own = pool;
  let closed = false;
  const close = async () => {
    if (closed) return;
    closed = true;
    passes.delete(file.id);
    own.drop((pass) => pass.file.id === file.id);
    for (const thread of own.workers) thread.release(file.id);
    if (passes.size > 0) return;
    pool = undefined;
    await own.close();
  };
  const run: RunModel = async (ids, typeIds, signal) => {
    if (closed) throw new WaymarkError("internal", "The model was closed before this was asked of it.");
    passes.set(file.id, (passes.get(file.id) ?? 0) + 1);
    return own.run({ file, ids, typeIds }, signal);
  };
  try {
    // Any model has a token 0.
    return { run, width: (await run([0])).length, close };
  } catch (error) {
    await close();
    throw error;
  }
}

let pool: WorkerPool<Pass, Float32Array, SessionThread> | undefined;
let nextId = 0;

/** For each open model, the passes that it was asked for. */
const passes = new Map<number, number>();

function isMuchUsed({ file }: Pass): boolean {
  return (passes.get(file.id) ?? 0) > PASSES_BEFORE_SPREADING;
}
