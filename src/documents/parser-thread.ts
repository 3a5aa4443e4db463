import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { PACKAGE_ROOT } from "../config.js";
import { type ErrorCode, WaymarkError } from "../errors.js";
import type { SourceDocument } from "./document.js";

export interface ParseRequest {
  /** Its path, or what it holds. */
  file: string | Uint8Array;
  uri: string;
  /** The hash of a content that need not be parsed. */
  known: string | undefined;
}

/** A content and the document that was made of it. */
export interface Loaded {
  /** SHA-256, hex. */
  contentHash: string;
  /** Undefined where the content is the known one: it need not be made again. */
  document: SourceDocument | undefined;
}

/** The file, or the WaymarkError that its reading or its parser threw. */
export type ParseReply = Loaded | { code: ErrorCode; message: string; hint: string | undefined };

/** What one file may take of the machine before its parser is ended. */
export interface ParseLimits {
  /** For any file, and for each MiB that it has. A MiB of Markdown takes 12 s on an idle core. */
  seconds: number;
  secondsPerMegabyte: number;
  /** Of JavaScript's heap, and of the whole process beyond what it had at the first look: both in MiB. */
  heap: number;
  growth: number;
}

const LIMITS: ParseLimits = { seconds: 30, secondsPerMegabyte: 30, heap: 1024, growth: 1536 };

/**
 * Parses a file as `loadDocument` does, in a thread of its own, so that no file can stop the process: a parser that takes
 * too long or too much memory is ended, and the file is refused. Files are read one at a time.
 * @throws WaymarkError `unsupported-format`, `unreadable-document`
 */
export async function loadApart(
  bytes: Uint8Array,
  uri: string,
  limits: Partial<ParseLimits> = {},
): Promise<SourceDocument> {
  const { document } = await inTurn({ file: bytes, uri, known: undefined }, bytes.length, limits);
  return document as SourceDocument;
}

/**
 * The same for a file on disk, which is also read in that thread: no other one waits for the disk.
 * @param file `bytes` is its size, as far as that is known
 * @param known see {@link ParseRequest}
 * @throws WaymarkError `unsupported-format`, `unreadable-document`
 */
export function readApart(
  { path, uri, bytes }: { path: string; uri: string; bytes: number },
  known?: string,
  limits: Partial<ParseLimits> = {},
): Promise<Loaded> {
  return inTurn({ file: path, uri, known }, bytes, limits);
}

function inTurn(request: ParseRequest, bytes: number, limits: Partial<ParseLimits>): Promise<Loaded> {
  const turn = last.then(() => parse(request, bytes, { ...LIMITS, ...limits }));
  last = turn.catch(() => undefined);
  return turn;
}

/** The built one, also where this module runs from its source: Node cannot load TypeScript in a thread. */
const ENTRY = join(PACKAGE_ROOT, "dist", "documents", "parse-worker.js");

/** A thread that has had nothing to do for so many milliseconds is ended, and its memory freed. */
const IDLE = 5_000;
/** Milliseconds between two looks at the memory of the process. */
const WATCH = 50;
const MEGABYTE = 1024 * 1024;

let last: Promise<unknown> = Promise.resolve();
let thread: ParserThread | undefined;

async function parse(request: ParseRequest, bytes: number, limits: ParseLimits): Promise<Loaded> {
  if (thread?.alive !== true || thread.heap !== limits.heap) {
    thread?.end();
    thread = new ParserThread(limits.heap);
  }
  const reply = await thread.parse(request, bytes, limits);
  if ("contentHash" in reply) return reply;
  const { code, message, hint } = reply;
  throw new WaymarkError(code, message, hint === undefined ? {} : { hint });
}

/** A thread that reads one file at a time. With nothing to do it keeps no process alive. */
class ParserThread {
  readonly heap: number;
  alive = true;
  readonly #worker: Worker;
  #settle: { resolve(reply: ParseReply): void; reject(cause?: unknown): void } | undefined;
  #idle: NodeJS.Timeout | undefined;

  constructor(heap: number) {
    this.heap = heap;
    // Options of the process, such as a loader of TypeScript, are not for this thread.
    this.#worker = new Worker(ENTRY, { execArgv: [], resourceLimits: { maxOldGenerationSizeMb: heap } });
    this.#worker.on("message", (reply: ParseReply) => this.#settle?.resolve(reply));
    for (const event of ["error", "messageerror", "exit"]) {
      this.#worker.on(event, (cause: unknown) => {
        this.alive = false;
        this.#settle?.reject(cause);
      });
    }
  }

  async parse(request: ParseRequest, bytes: number, limits: ParseLimits): Promise<ParseReply> {
    const { uri } = request;
    const seconds = limits.seconds + (limits.secondsPerMegabyte * bytes) / MEGABYTE;
    let before: number | undefined;
    clearTimeout(this.#idle);
    this.#worker.ref();
    const watches: NodeJS.Timeout[] = [];
    try {
      return await new Promise<ParseReply>((resolve, reject) => {
        this.#settle = {
          resolve,
          reject: (cause) => reject(isOutOfMemory(cause) ? tooMuch(uri, MEMORY) : died(uri, cause)),
        };
        watches.push(
          setTimeout(() => reject(tooMuch(uri, `more than ${Math.round(seconds)} seconds`)), seconds * 1000),
          setInterval(() => {
            // A look takes .3 ms in a large process. Most files are read before the first one.
            const now = process.memoryUsage.rss();
            before ??= now;
            if (now - before > limits.growth * MEGABYTE) reject(tooMuch(uri, MEMORY));
          }, WATCH),
        );
        this.#worker.postMessage(request);
      });
    } catch (error) {
      this.end();
      throw error;
    } finally {
      for (const watch of watches) clearInterval(watch);
      this.#settle = undefined;
      this.#worker.unref();
      if (this.alive) this.#idle = setTimeout(() => this.end(), IDLE).unref();
    }
  }

  end(): void {
    this.alive = false;
    clearTimeout(this.#idle);
    void this.#worker.terminate();
  }
}

const MEMORY = "too much memory";

function isOutOfMemory(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && cause.code === "ERR_WORKER_OUT_OF_MEMORY";
}

function tooMuch(uri: string, what: string): WaymarkError {
  return new WaymarkError("unreadable-document", `${uri} takes ${what} to read.`, {
    hint: "Divide it into smaller files, or leave it out.",
  });
}

function died(uri: string, cause?: unknown): WaymarkError {
  return new WaymarkError("unreadable-document", `${uri} cannot be read: its parser has failed.`, {
    hint: "Open the file in its own program to see whether it is whole, or leave it out.",
    cause,
  });
}
