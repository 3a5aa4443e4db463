import { stat } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { WaymarkError } from "../errors.js";
import {
  type Pass,
  type PassOutput,
  type Pooling,
  type SessionFile,
  SessionThread,
} from "./session-thread.js";
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

/**
 * The same, of which only what is asked for leaves the thread: a text's output is 200 KB and more, and the garbage collector
 * of the caller's thread spent a tenth of an ingest on them.
 */
export type PoolModel = (
  ids: readonly number[],
  pooling: Omit<Pooling, "width">,
  signal?: AbortSignal,
) => Promise<PassOutput>;

/** A model's weights, ready to run. */
export interface Session {
  run: RunModel;
  pool: PoolModel;
  /** Numbers in a row of the output. */
  width: number;
  /** Frees the weights. After the last one the threads end. */
  close(): Promise<void>;
}

/** How many passes run at once, over all models; each in a thread of this process. */
export const PARALLEL_PASSES = Math.min(4, availableParallelism());

/**
 * Passes that a thread is given before it is done with the one that it is at: it goes on while the main thread is busy, as with
 * storing some documents, which takes twice as long as a pass.
 */
const PASSES_AHEAD = 1;

/** Threads of the runtime for one pass: of a model that is little used, and of one that has passes on all threads at once. */
const THREADS = {
  alone: Math.min(2, availableParallelism()),
  together: Math.max(1, Math.min(2, Math.floor(availableParallelism() / PARALLEL_PASSES))),
};

/**
 * To start another thread and open a model in it costs as much as 1,500 tokens, and 80 MB with both models. So until a
 * model has had a good many more, it is left to the threads that there are. A question takes the reader some 2,000: one
 * on the command line is answered by one thread, a server's third by all.
 */
const TOKENS_BEFORE_SPREADING = 5_000;

/**
 * Opens weights on the threads that all models of this process share: the caller's own thread stays free. One thread
 * opens them now. When the model proves to be much used, others are started, and all open it for passes that run beside each
 * other: with one thread of the runtime each, 120 tokens take 21 ms of processor time, with two 24. The results are the
 * same, bit for bit.
 * @throws WaymarkError `model-damaged`, `internal`
 */
export async function openSession(path: string): Promise<Session> {
  const { size, mtimeMs } = await stat(path);
  const file = { path, size, modified: mtimeMs };
  const alone: SessionFile = { ...file, id: nextId++, threads: THREADS.alone };
  const together: SessionFile =
    THREADS.together === THREADS.alone ? alone : { ...file, id: nextId++, threads: THREADS.together };
  open.add(alone);
  let tokens = 0;
  let aloneRunning = 0;
  threads ??= new WorkerPool(
    PARALLEL_PASSES,
    () => new SessionThread(),
    ({ spreads }) => spreads,
    PASSES_AHEAD,
  );
  const own = threads;
  let closed = false;
  const release = (id: number) => {
    for (const thread of own.workers) thread.release(id);
  };
  const close = async () => {
    if (closed) return;
    closed = true;
    open.delete(alone);
    own.drop((pass) => pass.file === alone || pass.file === together);
    for (const { id } of [alone, together]) release(id);
    if (open.size > 0) return;
    threads = undefined;
    await own.close();
  };
  const pass = async (asked: Pick<Pass, "ids" | "typeIds" | "pooling">, signal?: AbortSignal) => {
    if (closed) throw new WaymarkError("internal", "The model was closed before this was asked of it.");
    tokens += asked.ids.length;
    const spreads = tokens > TOKENS_BEFORE_SPREADING;
    if (spreads && together !== alone) return own.run({ ...asked, file: together, spreads }, signal);
    aloneRunning += 1;
    try {
      return await own.run({ ...asked, file: alone, spreads }, signal);
    } finally {
      aloneRunning -= 1;
      if (aloneRunning === 0 && tokens > TOKENS_BEFORE_SPREADING && together !== alone) release(alone.id);
    }
  };
  const run: RunModel = async (ids, typeIds, signal) => (await pass({ ids, typeIds }, signal)).rows;
  try {
    // Any model has a token 0.
    const width = (await run([0])).length;
    const pool: PoolModel = (ids, pooling, signal) => pass({ ids, pooling: { ...pooling, width } }, signal);
    return { run, pool, width, close };
  } catch (error) {
    await close();
    throw error;
  }
}

let threads: WorkerPool<Pass, PassOutput, SessionThread> | undefined;
let nextId = 0;

/** The models that are open. */
const open = new Set<SessionFile>();
