import { createHash } from "node:crypto";
import type { SourceDocument } from "../documents/document.js";
import { documentId } from "../documents/document-id.js";
import { WaymarkError } from "../errors.js";
import type { EmbeddedText } from "../models/embedder.js";
import { type Passage, passageParts } from "../passages/passage.js";
import { packTokenVectors } from "../passages/token-vectors.js";
import { withTitle } from "../passages/vector.js";
import type { DocumentSummary, Store } from "../store/store.js";
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
  /** `embed` comes before a document that has to be made, `optimize` at the end; the others say what became of one. */
  phase: "scan" | "embed" | "added" | "changed" | "unchanged" | "skipped" | "removed" | "optimize";
  /** Documents that are finished, of all that were found. */
  done: number;
  total: number;
  uri?: string;
}

export interface IngestSummary {
  added: number;
  changed: number;
  unchanged: number;
  removed: number;
  skipped: Skipped[];
  /** Documents of this run that have characters which a reader does not see: these were left out. */
  hidden: Hidden[];
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
  readonly #summary = { added: 0, changed: 0, unchanged: 0, removed: 0, passages: 0 };
  readonly #skipped: Skipped[] = [];
  readonly #hidden: Hidden[] = [];
  readonly #total: number;
  #done = 0;

  static async start(parts: IngestParts, total: number): Promise<IngestRun> {
    const known = new Map((await parts.store.documents()).map((document) => [document.id, document]));
    const run = new IngestRun(parts, known, total);
    run.#report("scan");
    return run;
  }

  private constructor(parts: IngestParts, known: ReadonlyMap<string, DocumentSummary>, total: number) {
    this.#parts = parts;
    this.#known = known;
    this.#total = total;
  }

  /**
   * Stores one document. `load` gets a test for the content's hash and gives undefined where nothing changed; what it
   * throws is the reason for skipping the document.
   */
  async document(
    uri: string,
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
      this.skip(uri, reasonOf(error), before !== undefined);
      return;
    }
    if (made === undefined) {
      this.#count("unchanged", uri);
      return;
    }
    this.#report("embed", uri);
    const embedded = await this.#embed(made.document.title, made.passages);
    await this.#parts.store.put({ ...made, ...embedded, indexedAt: new Date().toISOString() });
    this.#summary.passages += made.passages.length;
    const characters = made.document.hidden ?? 0;
    if (characters > 0) this.#hidden.push({ uri, characters });
    this.#count(before === undefined ? "added" : "changed", uri);
  }

  skip(uri: string, reason: string, keepsEarlier: boolean): void {
    const kept = `${reason.replace(/\.$/, "")}. What the index has of it stays as it was.`;
    this.#skipped.push({ uri, reason: keepsEarlier ? kept : reason });
    this.#done += 1;
    this.#report("skipped", uri);
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
      skipped: this.#skipped,
      hidden: this.#hidden,
      milliseconds: Math.round(performance.now() - this.#started),
    };
  }

  /** In batches, so that a book can be interrupted. Nothing is gained by batches across documents: texts are embedded singly. */
  async #embed(
    title: string,
    passages: readonly Passage[],
  ): Promise<{ vectors: Float32Array[]; tokens: Uint8Array[] }> {
    const { embed, signal } = this.#parts;
    const options = signal === undefined ? {} : { signal };
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
    }
    return { vectors, tokens };
  }

  #count(outcome: "added" | "changed" | "unchanged" | "removed", uri: string): void {
    this.#summary[outcome] += 1;
    if (outcome !== "removed") this.#done += 1;
    this.#report(outcome, uri);
  }

  #report(phase: IngestProgress["phase"], uri?: string): void {
    const progress = { phase, done: this.#done, total: this.#total };
    this.#parts.onProgress?.(uri === undefined ? progress : { ...progress, uri });
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
