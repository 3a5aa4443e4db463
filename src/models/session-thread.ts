import { Worker } from "node:worker_threads";
import type { Range } from "../documents/document.js";
import { WaymarkError } from "../errors.js";
import { createSection, keepOut } from "./native-section.js";
import type { PoolWorker } from "./worker-pool.js";

/** The weights that a thread opens when it first needs them. */
export interface SessionFile {
  /** One for each way in which a loaded model is opened. */
  id: number;
  path: string;
  /** Bytes. */
  size: number;
  /** When the file was last changed, as `mtimeMs` of node:fs. */
  modified: number;
  /** Of the runtime, for one pass. */
  threads: number;
}

/** One forward pass over one sequence. */
export interface Pass {
  file: SessionFile;
  ids: readonly number[];
  /** Default: all 0. */
  typeIds?: readonly number[] | undefined;
  /** What is wanted instead of the output as it is. */
  pooling?: Pooling | undefined;
  /** Is it worth another thread, and the opening of the model there? */
  spreads: boolean;
}

/** The mean of an output's rows, and the vectors of the tokens from `start` to before `end`, in four bits where `packed`. */
export interface Pooling extends Range {
  /** Numbers in a row of the output. */
  width: number;
  packed: boolean;
}

/** What a pass gives. What it was not asked for is empty. */
export interface PassOutput {
  /** The model's first output; where it was pooled, the rows that were asked for, each of length 1. */
  rows: Float32Array<ArrayBuffer>;
  /** The mean of all rows, of length 1. */
  mean: Float64Array<ArrayBuffer>;
  /** Packed rows one after another, see `packedTokenVectors`. */
  packed: Uint8Array<ArrayBuffer>;
}

export type ThreadRequest = { what: "run"; pass: Pass } | { what: "release"; id: number } | { what: "close" };

/** What the pass gave, or why it gave nothing. */
export type ThreadReply = { output: PassOutput } | { error: string };

/**
 * A thread that runs models, with one onnxruntime session for each. It keeps the process alive only while it has passes
 * to do.
 */
export class SessionThread implements PoolWorker<Pass, PassOutput> {
  readonly #worker: Worker;
  readonly #exited: Promise<void>;
  readonly #opened = new Set<number>();
  #alive = true;
  #closing = false;
  /** Those that it was given and has not answered, in order. */
  #passes: { pass: Pass; resolve(output: PassOutput): void; reject(error: WaymarkError): void }[] = [];

  /** @param entry what runs in the thread: it answers each {@link ThreadRequest} to run with a {@link ThreadReply} */
  constructor(entry = ENTRY) {
    const section = createSection();
    // Options of the process, such as a loader of TypeScript, are not for this thread.
    this.#worker = new Worker(entry, { workerData: section, execArgv: [] });
    this.#worker.unref();
    this.#worker.on("message", (reply: ThreadReply) => this.#settle(reply));
    this.#worker.on("error", (cause) => this.#die(cause));
    this.#worker.on("messageerror", (cause) => this.#die(cause));
    this.#exited = new Promise((resolve) => {
      this.#worker.on("exit", () => {
        living.delete(section);
        if (living.size === 0) process.off("exit", keepAllOut);
        this.#die();
        resolve();
      });
    });
    if (living.size === 0) process.on("exit", keepAllOut);
    living.add(section);
  }

  get alive(): boolean {
    return this.#alive;
  }

  isReadyFor({ file }: Pass): boolean {
    return this.#opened.has(file.id);
  }

  /**
   * @throws WaymarkError `model-damaged` where the runtime cannot open or run the model, `internal` where the thread dies
   */
  run(pass: Pass): Promise<PassOutput> {
    this.#worker.ref();
    return new Promise((resolve, reject) => {
      this.#passes.push({ pass, resolve, reject });
      this.#send({ what: "run", pass });
    });
  }

  /** Frees a model's memory. */
  release(id: number): void {
    this.#opened.delete(id);
    this.#send({ what: "release", id });
  }

  async close(): Promise<void> {
    this.#closing = true;
    this.#worker.ref();
    this.#send({ what: "close" });
    await this.#exited;
  }

  #send(request: ThreadRequest): void {
    this.#worker.postMessage(request);
  }

  #settle(reply: ThreadReply): void {
    const current = this.#passes.shift();
    if (this.#passes.length === 0 && !this.#closing) this.#worker.unref();
    if (current === undefined) return;
    if ("output" in reply) {
      this.#opened.add(current.pass.file.id);
      current.resolve(reply.output);
    } else {
      current.reject(
        new WaymarkError("model-damaged", `The model ${current.pass.file.path} cannot be run.`, {
          hint: "Check that it is an ONNX model of the right kind, or restore it from the repository.",
          cause: new Error(reply.error),
        }),
      );
    }
  }

  #die(cause?: unknown): void {
    this.#alive = false;
    const error = new WaymarkError("internal", "A thread that runs the models has ended unexpectedly.", {
      hint: "Try again; where it happens again, the machine may lack memory.",
      cause,
    });
    for (const { reject } of this.#passes.splice(0)) reject(error);
  }
}

const ENTRY = new URL("./session-worker.js", import.meta.url);

/** Where the threads that have not ended are: in native code or outside. */
const living = new Set<Int32Array>();

/** Far longer than a thread is in native code: the opening of a model takes some tenths of a second. */
const LONGEST_WAIT = 5_000;

function keepAllOut(): void {
  for (const section of living) keepOut(section, LONGEST_WAIT);
}
