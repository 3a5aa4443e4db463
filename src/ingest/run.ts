import type { SourceDocument } from "../documents/document.js";
import { documentId } from "../documents/document-id.js";
import type { Loaded } from "../documents/parser-thread.js";
import { WaymarkError } from "../errors.js";
import type { PackedText, TextToPack } from "../models/embedder.js";
import type { Passage } from "../passages/passage.js";
import { DEFAULT_COLLECTION } from "../store/collection.js";
import type { DocumentSummary, Store } from "../store/store.js";
import { Making, type Unmade } from "./making.js";
import { Pace } from "./pace.js";
import { reasonOf, type Skipped } from "./scan.js";

/** What turns documents into records, and where they go: shared by all ways of ingesting. */
export interface IngestParts {
  store: Store;
  /** Embeds texts, in order; see `Embedder.embedManyPacked`. */
  embed: (texts: readonly TextToPack[], options: { signal?: AbortSignal }) => Promise<PackedText[]>;
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
  readonly #making: Making;
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
    const { store, embed, signal } = parts;
    this.#making = new Making({
      store,
      embed: async (texts) => {
        if (signal?.aborted) throw stopped(signal);
        return embed(texts, signal === undefined ? {} : { signal });
      },
      onBegun: ({ document }) => {
        this.#pace.begin();
        this.#report("embed", document.uri);
      },
      onEmbedded: ({ document, passages, bytes: ofFile }, made, left) => {
        this.#pace.made(made, (ofFile * made) / passages.length);
        if (left > 0) this.#report("embed", document.uri);
      },
      onStored: (document) => this.#stored(document),
    });
  }

  /**
   * Takes one document; it is stored before {@link finish} is done. `load` gets the hash of the content that need not be made
   * again, where there is one, and gives no document for that; what it throws is the reason for skipping it.
   */
  async document(
    { uri, collection = DEFAULT_COLLECTION, bytes = 0 }: Item,
    load: (known: string | undefined) => Promise<Loaded>,
  ): Promise<void> {
    await this.#throwIfAborted();
    const id = documentId(uri);
    const before = this.#known.get(id);
    const isCurrent = before !== undefined && before.stale !== true && this.#parts.rebuild !== true;
    this.seen.add(id);
    let made: { contentHash: string; document: SourceDocument; passages: Passage[] } | undefined;
    try {
      const { contentHash, document } = await load(isCurrent ? before.contentHash : undefined);
      if (document !== undefined)
        made = { contentHash, document, passages: this.#parts.buildPassages(document) };
    } catch (error) {
      this.skip({ uri, bytes }, reasonOf(error), before !== undefined);
      return;
    }
    if (made === undefined) {
      this.#pace.done(bytes);
      this.#count("unchanged", uri);
      return;
    }
    await this.#making.add({ ...made, collection, bytes });
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
    await this.#throwIfAborted();
    await this.#making.drain();
    await this.#parts.store.remove(id);
    this.#count("removed", uri);
  }

  async finish(): Promise<IngestSummary> {
    const { store, signal } = this.#parts;
    await this.#making.drain();
    this.#report("optimize");
    await store.optimize?.(signal === undefined ? {} : { signal });
    await this.#throwIfAborted();
    return {
      ...this.#summary,
      passages: this.#pace.passages,
      skipped: this.#skipped,
      hidden: this.#hidden,
      incomplete: this.#incomplete,
      milliseconds: Math.round(performance.now() - this.#started),
    };
  }

  #stored({ document: { id, uri, hidden = 0, unread } }: Unmade): void {
    if (unread !== undefined) this.#incomplete.push({ uri, reason: unread });
    if (hidden > 0) this.#hidden.push({ uri, characters: hidden });
    this.#count(this.#known.has(id) ? "changed" : "added", uri);
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

  async #throwIfAborted(): Promise<void> {
    if (this.#parts.signal?.aborted !== true) return;
    await this.#making.stop();
    throw stopped(this.#parts.signal);
  }
}

function stopped(signal: AbortSignal): WaymarkError {
  return new WaymarkError("aborted", "The ingest was stopped.", {
    hint: "What was done is kept; run it again to go on.",
    cause: signal.reason,
  });
}
