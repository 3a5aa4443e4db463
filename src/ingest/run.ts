import { createHash } from "node:crypto";
import type { SourceDocument } from "../documents/document.js";
import { documentId } from "../documents/document-id.js";
import { WaymarkError } from "../errors.js";
import type { EmbeddedText } from "../models/embedder.js";
import { type Passage, passageParts } from "../passages/passage.js";
import { packTokenVectors } from "../passages/token-vectors.js";
import { withTitle } from "../passages/vector.js";
import { DEFAULT_COLLECTION } from "../store/collection.js";
import type { DocumentSummary, Store } from "../store/store.js";
import { Pace } from "./pace.js";
import { reasonOf, type Skipped } from "./scan.js";

/** What turns documents into records, and where they go: shared by all ways of ingesting. */
export interface IngestParts {
  store: Store;
  /** Embeds texts, each given in parts, in order; see `Embedder.embedManyParts`. */
  embed: (
    texts: readonly (readonly string[])[],
    options: { signal?: AbortSignal },
  ) => Promise<EmbeddedText[]>;
  buildPassages: (document: SourceDocument) => Passage[];
  onProgress?: (progress: IngestProgress) => void;
  /** Stops between two documents or two batches of passages; what is stored stays and the next run goes on from there. */
  signal?: AbortSignal;
  /** Make everything anew, changed or not. */
  rebuild?: boolean;
}

export interface IngestProgress {
  /**
   * `embed` comes before a document that has to be made and after each batch of its passages, `optimize` at the end; the
   * others say what became of one: `waiting` is what is being written at this moment, and is left for the next run.
   */
  phase: "scan" | "embed" | "optimize" | Outcome;
  /** Documents that are finished, of all that were found. */
  done: number;
  total: number;
  uri?: string;
  /** skipped: why. */
  reason?: string;
  /** Passages that were made so far. */
  passages: number;
  /** Passages a second; left out until it can be told. */
  rate?: number;
  /** Seconds that the rest will take, about; left out until it can be told. */
  secondsLeft?: number;
}

/** What became of a document. */
export type Outcome = "added" | "changed" | "unchanged" | "skipped" | "removed" | "waiting";

/** A document to come: `bytes` is what the estimate of the time goes by. */
export interface Item {
  uri: string;
  /** Default: `DEFAULT_COLLECTION`. */
  collection?: string;
  bytes?: number;
}

export interface IngestSummary {
  added: number;
  changed: number;
  unchanged: number;
  removed: number;
  /** Files that were being written: the next run reads them. */
  waiting: number;
  skipped: Skipped[];
  /** Documents of this run that have characters which a reader does not see: these were left out. */
  hidden: Hidden[];
  /** Documents of this run of which a part could not be read, and which. */
  incomplete: Skipped[];
  /** Passages that were made in this run. */
  passages: number;
  milliseconds: number;
}

/** How many characters of a document a reader does not see. */
export interface Hidden {
  uri: string;
  characters: number;
}

/** One run over a number of documents: what is done to each, and the account of it. */
export class IngestRun {
  /** Ids of the documents that the run came across. */
  readonly seen = new Set<string>();
  readonly #parts: IngestParts;
  readonly #known: ReadonlyMap<string, DocumentSummary>;
  readonly #started = performance.now();
  readonly #summary = { added: 0, changed: 0, unchanged: 0, removed: 0, waiting: 0 };
  readonly #pace: Pace;
  readonly #skipped: Skipped[] = [];
  readonly #hidden: Hidden[] = [];
  readonly #incomplete: Skipped[] = [];
  readonly #total: number;
  #done = 0;

  /** `total` is the number of documents to come, `bytes` their size where it is known. */
  static async start(parts: IngestParts, total: number, bytes = 0): Promise<IngestRun> {
    const known = new Map((await parts.store.documents()).map((document) => [document.id, document]));
    const run = new IngestRun(parts, known, total, bytes);
    run.#report("scan");
    return run;
  }

  private constructor(
    parts: IngestParts,
    known: ReadonlyMap<string, DocumentSummary>,
    total: number,
    bytes: number,
  ) {
    this.#parts = parts;
    this.#known = known;
    this.#total = total;
    this.#pace = new Pace(bytes);
  }

  /**
   * Stores one document. `load` gets a test for the content's hash and gives undefined where nothing changed; what it
   * throws is the reason for skipping the document.
   */
  async document(
    { uri, collection = DEFAULT_COLLECTION, bytes = 0 }: Item,
    load: (
      unchanged: (contentHash: string) => boolean,
    ) => Promise<{ contentHash: string; document: SourceDocument } | undefined>,
  ): Promise<void> {
    this.#throwIfAborted();
    const id = documentId(uri);
    const before = this.#known.get(id);
    const current = before !== undefined && before.stale !== true && this.#parts.rebuild !== true;
    this.seen.add(id);
    let made: { contentHash: string; document: SourceDocument; passages: Passage[] } | undefined;
    try {
      const loaded = await load((contentHash) => current && before.contentHash === contentHash);
      made = loaded && { ...loaded, passages: this.#parts.buildPassages(loaded.document) };
    } catch (error) {
      this.skip({ uri, bytes }, reasonOf(error), before !== undefined);
      return;
    }
    if (made === undefined) {
      this.#pace.done(bytes);
      this.#count("unchanged", uri);
      return;
    }
    const embedded = await this.#embed(made.document, made.passages, bytes);
    await this.#parts.store.put({ ...made, ...embedded, collection, indexedAt: new Date().toISOString() });
    const { hidden: characters = 0, unread } = made.document;
    if (unread !== undefined) this.#incomplete.push({ uri, reason: unread });
    if (characters > 0) this.#hidden.push({ uri, characters });
    this.#count(before === undefined ? "added" : "changed", uri);
  }

  skip({ uri, bytes = 0 }: Item, why: string, keepsEarlier: boolean): void {
    const kept = `${why.replace(/\.$/, "")}. What the index has of it stays as it was.`;
    const reason = keepsEarlier ? kept : why;
    this.#skipped.push({ uri, reason });
    this.#pace.done(bytes);
    this.#done += 1;
    this.#report("skipped", uri, reason);
  }

  /** Leaves a document as it is in the index, or out of it, until the next run. */
  wait({ uri, bytes = 0 }: Item): void {
    this.seen.add(documentId(uri));
    this.#pace.done(bytes);
    this.#count("waiting", uri);
  }

  async remove(id: string, uri: string): Promise<void> {
    this.#throwIfAborted();
    await this.#parts.store.remove(id);
    this.#count("removed", uri);
  }

  async finish(): Promise<IngestSummary> {
    const { store, signal } = this.#parts;
    this.#report("optimize");
    await store.optimize?.(signal === undefined ? {} : { signal });
    this.#throwIfAborted();
    return {
      ...this.#summary,
      passages: this.#pace.passages,
      skipped: this.#skipped,
      hidden: this.#hidden,
      incomplete: this.#incomplete,
      milliseconds: Math.round(performance.now() - this.#started),
    };
  }

  /** In batches, so that a book can be interrupted. Nothing is gained by batches across documents: texts are embedded singly. */
  async #embed(
    { title, uri }: SourceDocument,
    passages: readonly Passage[],
    bytes: number,
  ): Promise<{ vectors: Float32Array[]; tokens: Uint8Array[] }> {
    const { embed, signal } = this.#parts;
    const options = signal === undefined ? {} : { signal };
    this.#pace.begin();
    this.#report("embed", uri);
    const [ofTitle] = await embed([[title]], options);
    const vectors: Float32Array[] = [];
    const tokens: Uint8Array[] = [];
    for (let start = 0; start < passages.length; start += BATCH) {
      this.#throwIfAborted();
      const batch = passages.slice(start, start + BATCH).map(passageParts);
      for (const { vector, parts } of await embed(batch, options)) {
        vectors.push(withTitle(vector, ofTitle?.vector ?? vector));
        tokens.push(packTokenVectors(parts.slice(1), vector.length));
      }
      this.#pace.made(batch.length, (bytes * batch.length) / passages.length);
      if (start + BATCH < passages.length) this.#report("embed", uri);
    }
    return { vectors, tokens };
  }

  #count(outcome: Exclude<Outcome, "skipped">, uri: string): void {
    this.#summary[outcome] += 1;
    if (outcome !== "removed") this.#done += 1;
    this.#report(outcome, uri);
  }

  #report(phase: IngestProgress["phase"], uri?: string, reason?: string): void {
    const { passages, rate, secondsLeft } = this.#pace;
    this.#parts.onProgress?.({
      phase,
      done: this.#done,
      total: this.#total,
      passages,
      ...(uri !== undefined && { uri }),
      ...(reason !== undefined && { reason }),
      ...(rate !== undefined && { rate }),
      ...(secondsLeft !== undefined && { secondsLeft }),
    });
  }

  #throwIfAborted(): void {
    if (this.#parts.signal?.aborted !== true) return;
    throw new WaymarkError("aborted", "The ingest was stopped.", {
      hint: "What was done is kept; run it again to go on.",
      cause: this.#parts.signal.reason,
    });
  }
}

const BATCH = 64;

/** SHA-256, hex. */
export function sha256(content: Uint8Array | string): string {
  return createHash("sha256").update(content).digest("hex");
}
