import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Document } from "@langchain/core/documents";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { Answer } from "./answer/answer.js";
import { Answerer, type Examined } from "./answer/answerer.js";
import { type Calibration, loadCalibration } from "./answer/calibration.js";
import { resolveFollowUp } from "./answer/follow-up.js";
import { Searcher } from "./answer/search.js";
import { CollectionList } from "./collection-list.js";
import { PACKAGE_ROOT, type Settings } from "./config.js";
import { CorrectorCache } from "./corrector-cache.js";
import { DocumentCache } from "./document-cache.js";
import type { SourceDocument } from "./documents/document.js";
import { WaymarkError } from "./errors.js";
import type { Generation } from "./generate/generation.js";
import { type FilesRunOptions, type FollowRun, Indexer, type IndexerRunOptions } from "./indexer.js";
import type { IngestSummary } from "./ingest/ingest.js";
import type { IngestRequest } from "./ingest/plan.js";
import { Embedder } from "./models/embedder.js";
import type { Reader } from "./models/model.js";
import { CrossEncoder } from "./models/reader.js";
import { SimilarityReader } from "./models/similarity-reader.js";
import { HybridRetriever, type HybridRetrieverOptions } from "./retrieve/retriever.js";
import type { CollectionSummary } from "./store/collection.js";
import { openStore, ownerOf } from "./store/open-store.js";
import type { CollectionSource, DocumentSummary, Store } from "./store/store.js";
import type {
  AddedDocument,
  Additions,
  AskOptions,
  IndexingState,
  LanguageModelState,
  SearchOptions,
  SearchResult,
  Status,
  Waymark,
} from "./waymark.js";

export interface OpenOptions {
  /** Start empty where the index is damaged or was made by another model, instead of refusing it. */
  rebuild?: boolean;
  /** Instead of the one that comes with the models. */
  calibration?: Calibration;
  /** Writes the answers, instead of the language model of the settings: any chat model of LangChain. */
  chatModel?: BaseChatModel;
}

/** What to bring up to date, and how. */
export type LocalIngestOptions = IngestRequest & FilesRunOptions;

/** What to follow, and how it is told. */
export type LocalWatchOptions = IngestRequest & Omit<FollowRun, "without">;

/** What {@link LocalWaymark.retriever} takes: how many documents it gives, and from which it chooses. */
export type RetrieverOptions = Pick<HybridRetrieverOptions, "k" | "documentIds" | "collections">;

const VERSION: string = JSON.parse(readFileSync(join(PACKAGE_ROOT, "package.json"), "utf8")).version;

/** A question that comes while the first index is being made waits for it, at most so many milliseconds. */
const FIRST_INDEX_WAIT = 30_000;

/**
 * Opens the index and the models that the settings name.
 * @throws WaymarkError `model-missing`, `model-damaged`, `index-mismatch`, `index-damaged`, `invalid-settings`
 * @example
 * const waymark = await openWaymark(loadSettings());
 * await waymark.ingest();
 * console.log((await waymark.ask("how long until I can apply for jobs?")).answer);
 */
export async function openWaymark(
  settings: Settings,
  { rebuild = false, calibration = loadCalibration(), chatModel }: OpenOptions = {},
): Promise<LocalWaymark> {
  const { embedder: embedderName, reader: readerName, allowRemote } = settings.models;
  const load = { allowRemote, cacheFolder: join(settings.index, "models") };
  const [embedder, reader] = await Promise.all([
    Embedder.load(embedderName, load),
    readerName === null ? undefined : CrossEncoder.load(readerName, load),
  ]);
  const store = await openStore(settings, ownerOf(embedder), { rebuild });
  const writes = settings.generate.model !== null || chatModel !== undefined;
  return new LocalWaymark(settings, {
    store,
    embedder,
    reader: reader ?? new SimilarityReader(embedder),
    calibration,
    ...(writes && { generation: (await import("./generate/generation.js")).Generation, chatModel }),
  });
}

interface LocalParts {
  store: Store;
  embedder: Embedder;
  reader: Reader;
  calibration: Calibration;
  /** Loaded only where a language model is configured. */
  generation?: typeof Generation;
  chatModel?: BaseChatModel | undefined;
}

/** Where {@link LocalWaymark.addDocument} keeps files. Before a cluster nothing is kept here: the document there is all. */
function addedFolder({ store, index }: Settings): { added?: string } {
  return store.kind === "local" ? { added: join(index, "added") } : {};
}

/** Waymark with the models in this process, and the index in a folder here or in a cluster. */
export class LocalWaymark implements Waymark, Additions {
  readonly embedder: Embedder;
  readonly reader: Reader;
  readonly #settings: Settings;
  readonly #store: Store;
  readonly #searcher: Searcher;
  readonly #generation: Generation | undefined;
  readonly #answerer: Answerer;
  readonly #indexer: Indexer;
  readonly #documents: DocumentCache;
  readonly #collections: CollectionList;

  constructor(
    settings: Settings,
    { store, embedder, reader, calibration, generation, chatModel }: LocalParts,
  ) {
    this.#settings = settings;
    this.#store = store;
    this.#documents = new DocumentCache(store);
    this.embedder = embedder;
    this.reader = reader;
    this.#indexer = new Indexer(store, embedder, { ...addedFolder(settings), settings });
    this.#collections = new CollectionList(store);
    const corrector = new CorrectorCache(store, () => embedder.generalWords());
    const documents = (ids: readonly string[]) => this.#documents.get(ids);
    const asking = { store, embedder, documents, retriever: this.retriever() };
    this.#searcher = new Searcher(asking);
    if (generation !== undefined) {
      this.#generation = new generation({
        settings: settings.generate,
        chat: chatModel,
        reader,
        unitModel: calibration.unit,
      });
    }
    this.#answerer = new Answerer({
      ...asking,
      reader,
      calibration,
      corrector: () => corrector.get(),
      ...settings.answer,
      ...(this.#generation && { writer: this.#generation.writer }),
    });
  }

  async ask(question: string, options: AskOptions = {}): Promise<Answer> {
    await this.#ready();
    const { history = [], collections, signal } = options;
    await this.#collections.require(collections);
    const leans = this.#generation && resolveFollowUp(question, history);
    if (leans?.dependent && leans.step === undefined) {
      const whole = await this.#generation?.rewrite(question, history, signal);
      if (whole !== undefined) return this.#answerer.ask(whole, { ...options, history: [] });
    }
    return this.#answerer.ask(question, options);
  }

  async search(query: string, options: SearchOptions = {}): Promise<SearchResult[]> {
    await this.#ready();
    await this.#collections.require(options.collections);
    return this.#searcher.search(query, options);
  }

  documents(): Promise<DocumentSummary[]> {
    return this.#store.documents();
  }

  collections(): Promise<CollectionSummary[]> {
    return this.#collections.all();
  }

  async document(id: string): Promise<SourceDocument & { indexedAt: string }> {
    const [summary] = await this.#store.documents([id]);
    if (summary === undefined) throw documentNotFound(id);
    return { ...(await this.#document(id)), indexedAt: summary.indexedAt };
  }

  async status(): Promise<Status> {
    const models = {
      embedder: this.embedder.identity,
      reader: this.reader.identity,
      ...(this.#generation && { languageModel: { name: this.#generation.name } }),
    };
    return { ...(await this.#store.stats()), version: VERSION, models };
  }

  /** Asks the language model for a word; undefined where none is configured. */
  checkLanguageModel(signal?: AbortSignal): Promise<LanguageModelState> | undefined {
    return this.#generation?.check(signal);
  }

  indexing(): IndexingState {
    return this.#indexer.state;
  }

  /** The hybrid search as a LangChain retriever. */
  retriever({ k, documentIds, collections }: RetrieverOptions = {}): HybridRetriever {
    return new HybridRetriever({
      store: this.#store,
      embedder: this.embedder,
      ...this.#settings.retrieve,
      ...(k !== undefined && { k }),
      ...(documentIds !== undefined && { documentIds }),
      ...(collections !== undefined && { collections }),
    });
  }

  /**
   * Brings the index up to date with files and folders: those given, for one collection, or else all that the settings
   * name and the index was made from before.
   * @throws WaymarkError `corpus-not-found`, `collection-not-found`, `invalid-input` (no name for a collection),
   *   `index-locked` (another ingest is running), `aborted`
   */
  ingest(options: LocalIngestOptions = {}): Promise<IngestSummary> {
    return this.#indexer.files(options, options);
  }

  /**
   * Takes a collection with all its documents out of the index; its files stay.
   * @throws WaymarkError `collection-not-found`, `index-locked`, `aborted`
   */
  removeCollection(name: string, options: IndexerRunOptions = {}): Promise<IngestSummary> {
    return this.#indexer.removeCollection(name, options);
  }

  /**
   * Does what {@link ingest} does, and then follows every change of the files until the signal fires. Answers go on
   * meanwhile.
   * @throws WaymarkError as {@link ingest} does at first; what comes in between later is told by `onNote`
   */
  watch(options: LocalWatchOptions): Promise<void> {
    return this.#indexer.follow(options, { ...options, without: [this.#settings.index] });
  }

  /** Where the collections come from that `ingest` with these options would bring up to date. */
  sources(options: IngestRequest = {}): Promise<CollectionSource[]> {
    return this.#indexer.sources(options);
  }

  /** Adds documents that any LangChain loader gave. */
  ingestDocuments(documents: readonly Document[], options: IndexerRunOptions = {}): Promise<IngestSummary> {
    return this.#indexer.documents(documents, options);
  }

  async addDocument({ name, bytes }: { name: string; bytes: Uint8Array }): Promise<AddedDocument> {
    const { id, added, changed } = await this.#indexer.add(name, bytes);
    const [document] = await this.#store.documents([id]);
    if (document === undefined) throw documentNotFound(id);
    return { outcome: added > 0 ? "added" : changed > 0 ? "changed" : "unchanged", document };
  }

  async removeDocument(id: string): Promise<void> {
    const [summary] = await this.#store.documents([id]);
    if (summary === undefined) throw documentNotFound(id);
    await this.#indexer.remove(summary);
  }

  /** What the models say of a question before anything is decided; calibration is fitted on it. */
  examine(
    question: string,
    options: Pick<AskOptions, "history" | "documentIds" | "collections" | "signal"> = {},
  ): Promise<Examined> {
    return this.#answerer.examine(question, options);
  }

  /** Waits for what runs, then frees the models and closes the index. */
  async close(): Promise<void> {
    await this.#indexer.running;
    await this.#generation?.close();
    await this.#store.close();
    await this.embedder.close();
    if (this.reader instanceof CrossEncoder) await this.reader.close();
  }

  /** @throws WaymarkError `index-not-ready` where nothing was ever indexed and nothing is about to be. */
  async #ready(): Promise<void> {
    if ((await this.#store.generation()) > 0) return;
    await Promise.race([this.#indexer.running, timeOut(FIRST_INDEX_WAIT)]);
    if ((await this.#store.generation()) > 0) return;
    throw new WaymarkError("index-not-ready", "Nothing has been indexed yet.", {
      hint:
        this.#indexer.running === undefined
          ? "Run `waymark ingest` with your documents."
          : "Ask again in a moment.",
    });
  }

  async #document(id: string): Promise<SourceDocument> {
    const document = (await this.#documents.get([id])).get(id);
    if (document === undefined) throw documentNotFound(id);
    return document;
  }
}

function documentNotFound(id: string): WaymarkError {
  return new WaymarkError("document-not-found", `No document has the id "${id}".`, {
    hint: "GET /api/documents and `waymark status` list the ids.",
  });
}

function timeOut(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}
