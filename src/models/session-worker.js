// What runs in a thread of session-thread.ts. Plain JavaScript: it is started from src/ and from dist/ alike, and Node
// cannot load TypeScript.
import { statSync } from "node:fs";
import { createRequire } from "node:module";
import { parentPort, workerData } from "node:worker_threads";
import { enter, leave } from "./native-section.js";
import { pool, roomForRows } from "./pooling.js";

/** @import { InferenceSession } from "onnxruntime-common" */
/** @import { Pass, PassOutput, SessionFile, ThreadReply, ThreadRequest } from "./session-thread.js" */

// The runtime that the transformers library has, wherever it is installed.
const require = createRequire(createRequire(import.meta.url).resolve("@xenova/transformers"));
/** @type {typeof import("onnxruntime-common")} */
const { env, InferenceSession: Session, Tensor } = require("onnxruntime-node");
env.logLevel = "fatal";

/** Threads that wait do not spin. */
const SESSION_OPTIONS = /** @type {const} */ ({
  graphOptimizationLevel: "all",
  logSeverityLevel: 4,
  extra: { session: { intra_op: { allow_spinning: "0" } } },
});

/** @type {Map<number, InferenceSession>} */
const sessions = new Map();

/** One after another, in the order in which they came. */
let last = Promise.resolve();
parentPort?.on("message", (/** @type {ThreadRequest} */ request) => {
  last = last.then(() => handle(request));
});
leave(workerData);

/** @param {ThreadRequest} request */
async function handle(request) {
  if (!enter(workerData)) return;
  /** @type {ThreadReply | undefined} */
  let reply;
  try {
    if (request.what === "run") reply = { output: await run(request.pass) };
    else await release(request.what === "release" ? [request.id] : [...sessions.keys()]);
  } catch (cause) {
    reply = { error: cause instanceof Error ? cause.message : String(cause) };
  }
  leave(workerData);
  const buffers = reply && "output" in reply ? Object.values(reply.output).map(({ buffer }) => buffer) : [];
  if (reply !== undefined) parentPort?.postMessage(reply, buffers);
  if (request.what === "close") parentPort?.close();
}

/**
 * @param {Pass} pass
 * @returns {Promise<PassOutput>}
 */
async function run({ file, ids, typeIds, pooling }) {
  const session = sessions.get(file.id) ?? (await open(file));
  const dims = [1, ids.length];
  /** @type {Record<string, BigInt64Array>} */
  const inputs = {
    input_ids: BigInt64Array.from(ids, BigInt),
    attention_mask: new BigInt64Array(ids.length).fill(1n),
    token_type_ids: typeIds ? BigInt64Array.from(typeIds, BigInt) : new BigInt64Array(ids.length),
  };
  const feeds = session.inputNames.flatMap((name) => {
    const values = inputs[name];
    return values === undefined ? [] : [[name, new Tensor("int64", values, dims)]];
  });
  const [name = ""] = session.outputNames;
  if (pooling !== undefined) {
    const { width } = pooling;
    const room = new Tensor("float32", roomForRows(ids.length, width), [...dims, width]);
    await session.run(Object.fromEntries(feeds), { [name]: room });
    return pool(ids.length, pooling);
  }
  const { [name]: output } = await session.run(Object.fromEntries(feeds), [name]);
  const rows = output?.data;
  if (!(rows instanceof Float32Array && rows.buffer instanceof ArrayBuffer)) {
    throw new Error("Its first output is no tensor of 32-bit floating-point numbers.");
  }
  return {
    rows: /** @type {Float32Array<ArrayBuffer>} */ (rows),
    mean: new Float64Array(),
    packed: new Uint8Array(),
  };
}

/** @param {SessionFile} file */
async function open({ id, path, size, modified, threads }) {
  // A thread may open a model long after it was checked; two threads with different weights would be hard to find.
  const now = statSync(path);
  if (now.size !== size || now.mtimeMs !== modified) {
    throw new Error("The weights are not those that were there when the model was loaded.");
  }
  const session = await Session.create(path, { ...SESSION_OPTIONS, intraOpNumThreads: threads });
  sessions.set(id, session);
  return session;
}

/** @param {number[]} ids */
async function release(ids) {
  for (const id of ids) {
    const session = sessions.get(id);
    sessions.delete(id);
    await session?.release();
  }
}
