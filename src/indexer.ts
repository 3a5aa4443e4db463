import { existsSync } from "node:fs";
import type { Document } from "@langchain/core/documents";
import { DEFAULT_CORPUS } from "./config.js";
import { SUPPORTED_EXTENSIONS } from "./documents/load.js";
import { loadApart, readApart } from "./documents/parser-thread.js";
import { WaymarkError } from "./errors.js";
import { addFile, removeFile } from "./ingest/add.js";
import { addedPath, safeFileName } from "./ingest/added.js";
import { type FollowOptions, follow } from "./ingest/follow.js";
import {
  type IngestOptions,
  type IngestParts,
  type IngestProgress,
  type IngestSummary,
  ingest,
} from "./ingest/ingest.js";
import { ingestDocuments } from "./ingest/langchain.js";
import {
  collectionNotFound,
  type IngestPlan,
  type IngestRequest,
  type IngestSettings,
  planIngest,
} from "./ingest/plan.js";
import { IngestRun } from "./ingest/run.js";
import { scan } from "./ingest/scan.js";
import { Stamps } from "./ingest/stamps.js";
import type { Embedder } from "./models/embedder.js";
import { splitDocument } from "./passages/split.js";
import { DEFAULT_COLLECTION } from "./store/collection.js";
import type { CollectionSource, Store } from "./store/store.js";
import type { IndexingState } from "./waymark.js";

export interface IndexerRunOptions {
  /** Make everything anew, changed or not. */
  rebuild?: boolean;
  onProgress?: (progress: IngestProgress) => void;
  /** Stops between two steps; what is stored stays and the next run goes on from there. */
  signal?: AbortSignal;
}

export type FilesRunOptions = IndexerRunOptions &
  Pick<IngestOptions, "onFolder" | "onPassedOver" | "settle" | "missing">;

/** How collections are followed; `onProgress` and `onPassedOver` are called in each run. */
export interface FollowRun
  extends Pick<FilesRunOptions, "onProgress" | "onPassedOver" | "rebuild">,
    Pick<FollowOptions, "onNote" | "onRun" | "signal" | "without"> {}

/** Brings an index up to date, one run at a time, and tells what it is doing. */
export class Indexer {
  readonly #store: Store;
  readonly #embedder: Embedder;
  readonly #added: string | undefined;
  readonly #settings: IngestSettings;
  readonly #stamps = new Stamps();
  #state: IndexingState = { state: "idle" };
  #running: Promise<unknown> | undefined;
  #turns: Promise<unknown> = Promise.resolve();

  /** `added` is the folder of the files that {@link add} takes; `settings` say what is indexed. */
  constructor(
    store: Store,
    embedder: Embedder,
    { added, settings = { collections: {} } }: { added?: string; settings?: IngestSettings } = {},
  ) {
    this.#store = store;
    this.#embedder = embedder;
    this.#added = added;
    this.#settings = settings;
  }

  get state(): IndexingState {
    return this.#state;
  }

  /** Settles, without an error, when the present run has ended; undefined where none is running. */
  get running(): Promise<unknown> | undefined {
    return this.#running;
  }

  /**
   * Makes collections hold what their files hold: those that are asked for, or else all that the settings and the index
   * know of, or else the default corpus; see {@link planIngest}.
   * @throws WaymarkError `corpus-not-found`, `collection-not-found`, `invalid-input` (no name for a collection),
   *   `index-locked` (another run is under way), `aborted`
   */
  files(asked: IngestRequest = {}, options: FilesRunOptions = {}): Promise<IngestSummary> {
    return this.#run(options, async (parts) => {
      const { sources, remember, missing } = await this.#plan(asked);
      const { onFolder, onPassedOver, settle } = options;
      const mayBeAway = options.missing ?? missing;
      const isDefault = ({ collection }: CollectionSource) => collection === DEFAULT_COLLECTION;
      const withAdded = asked.collection === undefined || sources.some(isDefault);
      try {
        const summary = await ingest({
          ...parts,
          collections: sources,
          missing: mayBeAway,
          extensions: SUPPORTED_EXTENSIONS,
          load: readApart,
          stamps: this.#stamps,
          ...(withAdded && { added: this.#added }),
          ...(onFolder && { onFolder }),
          ...(onPassedOver && { onPassedOver }),
          ...(settle && { settle }),
        });
        await this.#remember(remember);
        return summary;
      } catch (error) {
        // What was stopped on purpose is to be continued with the same files.
        if (WaymarkError.isInstance(error) && error.code === "aborted") await this.#remember(remember);
        throw error;
      }
    });
  }

  /**
   * Keeps the collections that {@link files} would bring up to date in step with their files until the signal fires; see
   * {@link follow}. `without` are folders that Waymark writes to itself.
   * @throws WaymarkError as {@link files} does, but for what may pass: that is a note
   */
  async follow(
    asked: IngestRequest,
    { onNote, onRun, signal, without = [], rebuild = false, ...options }: FollowRun,
  ): Promise<void> {
    const sources = await this.#plan(asked).then(({ sources }) => sources);
    const roots = sources.flatMap(({ paths }) => paths);
    if (asked.paths !== undefined) await scan(roots, []);
    let isFirst = true;
    await follow({
      roots,
      extensions: SUPPORTED_EXTENSIONS,
      without,
      onNote,
      signal,
      run: async (hooks) => {
        const whole = { ...options, ...hooks, rebuild: isFirst && rebuild, missing: "keep" as const, signal };
        const summary = await this.#inTurn(() => this.files(asked, whole));
        isFirst = false;
        return summary;
      },
      ...(onRun && { onRun }),
    });
  }

  /** Where the collections come from that {@link files} would bring up to date. */
  async sources(asked: IngestRequest = {}): Promise<CollectionSource[]> {
    return (await this.#plan(asked)).sources;
  }

  /** Of a collection that is not there, what is remembered of it stays. */
  async #remember(sources: readonly CollectionSource[]): Promise<void> {
    const before = await this.#store.sources();
    const found = sources.map((source) => {
      const known = before.find(({ collection }) => collection === source.collection);
      return known === undefined || source.paths.some((path) => existsSync(path)) ? source : known;
    });
    await this.#store.rememberSources(found);
  }

  async #plan(asked: IngestRequest): Promise<IngestPlan> {
    return planIngest(asked, this.#settings, await this.#store.sources(), DEFAULT_CORPUS);
  }

  /**
   * Takes a collection out of the index: its documents, and the memory of where they came from. Files stay as they are.
   * @throws WaymarkError `collection-not-found`, `index-locked`, `aborted`
   */
  removeCollection(name: string, options: IndexerRunOptions = {}): Promise<IngestSummary> {
    return this.#run(options, async (parts) => {
      const sources = await this.#store.sources();
      const documents = await this.#store.documents();
      const names = new Set([...sources, ...documents].map(({ collection }) => collection));
      if (!names.has(name)) throw collectionNotFound(name, [...names]);
      const run = await IngestRun.start(parts, 0);
      for (const { id, uri, collection } of documents) if (collection === name) await run.remove(id, uri);
      await this.#store.rememberSources(sources.filter(({ collection }) => collection !== name));
      return run.finish();
    });
  }

  /** Adds documents that any LangChain loader gave. */
  documents(documents: readonly Document[], options: IndexerRunOptions = {}): Promise<IngestSummary> {
    return this.#run(options, (parts) => ingestDocuments({ ...parts, documents }));
  }

  /**
   * Keeps a file beside the index, where it has a folder for that, and indexes it, after the run that is under way; a file of the same name is replaced.
   * @throws WaymarkError `unsupported-format`, `unreadable-document`, `invalid-input` (no usable name)
   */
  async add(given: string, bytes: Uint8Array): Promise<IngestSummary & { id: string }> {
    const folder = this.#added;
    const name = safeFileName(given);
    const document = await loadApart(bytes, name);
    return this.#inTurn(() => this.#run({}, (parts) => addFile({ ...parts, folder, name, bytes, document })));
  }

  /**
   * Removes a file that was added, and its document, after the run that is under way.
   * @throws WaymarkError `document-not-removable` where it was not added
   */
  async remove({ id, uri }: { id: string; uri: string }): Promise<void> {
    const path = addedPath(this.#added, uri);
    await this.#inTurn(() => this.#run({}, (parts) => removeFile({ ...parts, path, id, uri })));
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
        embed: (texts, options) => this.#embedder.embedManyPacked(texts, options),
        buildPassages: (document) => splitDocument(document, { countTokens: this.#embedder.countTokens }),
        rebuild,
        onProgress: (progress) => {
          this.#state = stateOf(progress, this.#state);
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

/** The state of a running indexer. What was skipped in this run stays in it. */
function stateOf(
  { done, total, phase, passages, rate, secondsLeft, uri, reason }: IngestProgress,
  { skipped = [] }: IndexingState,
): IndexingState {
  const isNew = phase === "skipped" && uri !== undefined && reason !== undefined;
  return {
    state: "running",
    done,
    total,
    phase,
    passages,
    ...(rate !== undefined && { passagesPerSecond: rate }),
    ...(secondsLeft !== undefined && { secondsLeft }),
    skipped: isNew && skipped.length < SKIPPED_SHOWN ? [...skipped, { uri, reason }] : skipped,
  };
}

/** So many of the skipped files are told while a run goes on; its summary has them all. */
const SKIPPED_SHOWN = 20;

/** A run that was stopped on purpose has not failed. Only Waymark's own words are shown: others may hold anything. */
function stateAfter(error: unknown): IndexingState {
  if (!WaymarkError.isInstance(error))
    return { state: "failed", message: "An unexpected error stopped the indexer." };
  return error.code === "aborted" ? { state: "idle" } : { state: "failed", message: error.message };
}
