import { resolve } from "node:path";
import type { Document } from "@langchain/core/documents";
import { DEFAULT_CORPUS } from "./config.js";
import { SUPPORTED_EXTENSIONS } from "./documents/load.js";
import { loadApart } from "./documents/parser-thread.js";
import { WaymarkError } from "./errors.js";
import { addFile, removeFile } from "./ingest/add.js";
import { addedPath, safeFileName } from "./ingest/added.js";
import { type IngestParts, type IngestProgress, type IngestSummary, ingest } from "./ingest/ingest.js";
import { ingestDocuments } from "./ingest/langchain.js";
import type { Embedder } from "./models/embedder.js";
import { splitDocument } from "./passages/split.js";
import { DEFAULT_COLLECTION } from "./store/collection.js";
import type { Store } from "./store/store.js";
import type { IndexingState } from "./waymark.js";

export interface IndexerRunOptions {
  /** Make everything anew, changed or not. */
  rebuild?: boolean;
  onProgress?: (progress: IngestProgress) => void;
  /** Stops between two steps; what is stored stays and the next run goes on from there. */
  signal?: AbortSignal;
}

/** Brings an index up to date, one run at a time, and tells what it is doing. */
export class Indexer {
  readonly #store: Store;
  readonly #embedder: Embedder;
  readonly #added: string | undefined;
  #state: IndexingState = { state: "idle" };
  #running: Promise<unknown> | undefined;
  #turns: Promise<unknown> = Promise.resolve();

  /** `added` is the folder of the files that {@link add} takes. */
  constructor(store: Store, embedder: Embedder, { added }: { added?: string } = {}) {
    this.#store = store;
    this.#embedder = embedder;
    this.#added = added;
  }

  get state(): IndexingState {
    return this.#state;
  }

  /** Settles, without an error, when the present run has ended; undefined where none is running. */
  get running(): Promise<unknown> | undefined {
    return this.#running;
  }

  /**
   * Makes the index hold what the files hold. Without paths: what it was made from last, or else the default corpus.
   * @throws WaymarkError `corpus-not-found`, `index-locked` (another run is under way), `aborted`
   */
  files(paths: readonly string[] | undefined, options: IndexerRunOptions = {}): Promise<IngestSummary> {
    return this.#run(options, async (parts) => {
      const remembered = await this.#store.sources();
      const corpus = paths?.map((path) => resolve(path)) ?? remembered[0]?.paths ?? [DEFAULT_CORPUS];
      const sources = [{ collection: DEFAULT_COLLECTION, paths: corpus }];
      const load = ({ bytes, uri }: { bytes: Uint8Array; uri: string }) => loadApart(bytes, uri);
      try {
        const summary = await ingest({
          ...parts,
          corpus,
          extensions: SUPPORTED_EXTENSIONS,
          load,
          ...(this.#added === undefined ? {} : { added: this.#added }),
        });
        await this.#store.rememberSources(sources);
        return summary;
      } catch (error) {
        // What was stopped on purpose is to be continued with the same files.
        if (WaymarkError.isInstance(error) && error.code === "aborted")
          await this.#store.rememberSources(sources);
        throw error;
      }
    });
  }

  /** Adds documents that any LangChain loader gave. */
  documents(documents: readonly Document[], options: IndexerRunOptions = {}): Promise<IngestSummary> {
    return this.#run(options, (parts) => ingestDocuments({ ...parts, documents }));
  }

  /**
   * Keeps a file beside the index and indexes it, after the run that is under way; a file of the same name is replaced.
   * @throws WaymarkError `unsupported-format`, `unreadable-document`, `invalid-input` (no usable name)
   */
  async add(given: string, bytes: Uint8Array): Promise<IngestSummary & { id: string }> {
    const folder = this.#addedFolder();
    const name = safeFileName(given);
    const document = await loadApart(bytes, name);
    return this.#inTurn(() => this.#run({}, (parts) => addFile({ ...parts, folder, name, bytes, document })));
  }

  /**
   * Removes a file that was added, and its document, after the run that is under way.
   * @throws WaymarkError `document-not-removable` where it was not added
   */
  async remove({ id, uri }: { id: string; uri: string }): Promise<void> {
    const path = addedPath(this.#addedFolder(), uri);
    await this.#inTurn(() => this.#run({}, (parts) => removeFile({ ...parts, path, id, uri })));
  }

  #addedFolder(): string {
    if (this.#added === undefined) throw new TypeError("This indexer has no folder for added files.");
    return this.#added;
  }

  /** Runs `work` after all that came before it in turn, and after the run that is under way. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turns.then(async () => {
      while (this.#running !== undefined) await this.#running;
      return work();
    });
    this.#turns = turn.catch(() => undefined);
    return turn;
  }

  async #run<Summary extends IngestSummary>(
    { rebuild = false, onProgress, signal }: IndexerRunOptions,
    body: (parts: IngestParts) => Promise<Summary>,
  ): Promise<Summary> {
    if (this.#running !== undefined) {
      throw new WaymarkError("index-locked", "The index is being brought up to date already.", {
        hint: "Wait until that is done, then run it again.",
      });
    }
    const before = this.#state;
    this.#state = { state: "running" };
    const running = this.#locked(before, () =>
      body({
        store: this.#store,
        embed: (texts, options) => this.#embedder.embedManyParts(texts, options),
        buildPassages: (document) => splitDocument(document, { countTokens: this.#embedder.countTokens }),
        rebuild,
        onProgress: (progress) => {
          const { done, total, phase } = progress;
          this.#state = { state: "running", done, total, phase };
          onProgress?.(progress);
        },
        ...(signal === undefined ? {} : { signal }),
      }),
    );
    this.#running = running.catch(() => undefined);
    try {
      return await running;
    } finally {
      this.#running = undefined;
    }
  }

  /** Does `work` while no other process writes. Where another does, the state is again what it was `before`. */
  async #locked<T>(before: IndexingState, work: () => Promise<T>): Promise<T> {
    const unlock = await this.#store.lockForWriting().catch((error: unknown) => {
      this.#state = before;
      throw error;
    });
    try {
      const summary = await work();
      this.#state = { state: "idle" };
      return summary;
    } catch (error) {
      this.#state = stateAfter(error);
      throw error;
    } finally {
      await unlock();
    }
  }
}

/** A run that was stopped on purpose has not failed. Only Waymark's own words are shown: others may hold anything. */
function stateAfter(error: unknown): IndexingState {
  if (!WaymarkError.isInstance(error))
    return { state: "failed", message: "An unexpected error stopped the indexer." };
  return error.code === "aborted" ? { state: "idle" } : { state: "failed", message: error.message };
}
