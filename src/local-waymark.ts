import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Answer } from "./answer/answer.js";
import { Answerer } from "./answer/answerer.js";
import { cite } from "./answer/cite.js";
import { PACKAGE_ROOT, type Settings } from "./config.js";
import type { SourceDocument } from "./documents/document.js";
import { loadDocument, SUPPORTED_EXTENSIONS } from "./documents/load.js";
import { WaymarkError } from "./errors.js";
import { type IngestProgress, type IngestSummary, ingest } from "./ingest/ingest.js";
import { Embedder } from "./models/embedder.js";
import type { Reader } from "./models/model.js";
import { CrossEncoder } from "./models/reader.js";
import { SimilarityReader } from "./models/similarity-reader.js";
import { SPLIT_FINGERPRINT, splitDocument } from "./passages/split.js";
import { HybridRetriever } from "./retrieve/retriever.js";
import { SqliteStore } from "./store/sqlite.js";
import type { DocumentSummary } from "./store/store.js";
import type { AskOptions, IndexingState, SearchOptions, SearchResult, Status, Waymark } from "./waymark.js";

export interface OpenOptions {
  /** Start empty where the index is damaged or was made by another model, instead of refusing it. */
  rebuild?: boolean;
}

export interface LocalIngestOptions {
  /** Files and folders; default: the corpus of the settings. */
  paths?: readonly string[];
  /** Make everything anew, changed or not. */
  rebuild?: boolean;
  onProgress?: (progress: IngestProgress) => void;
  /** Stops between two steps; what is stored stays and the next run goes on from there. */
  signal?: AbortSignal;
}

const VERSION: string = JSON.parse(readFileSync(join(PACKAGE_ROOT, "package.json"), "utf8")).version;

/** Results of a search where none are asked for. */
const DEFAULT_SEARCH_LIMIT = 10;

/** A question that comes while the first index is being made waits for it, at most so many milliseconds. */
const FIRST_INDEX_WAIT = 30_000;

/** Documents that are kept parsed for citing from; least recently used goes first. */
const DOCUMENTS_KEPT = 64;

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
  { rebuild = false }: OpenOptions = {},
): Promise<LocalWaymark> {
  const { embedder: embedderName, reader: readerName, allowRemote } = settings.models;
  const load = { allowRemote, cacheFolder: join(settings.index, "models") };
  const [embedder, reader] = await Promise.all([
    Embedder.load(embedderName, load),
    readerName === null ? undefined : CrossEncoder.load(readerName, load),
  ]);
  const store = SqliteStore.open({
    folder: settings.index,
    embedder: embedder.identity,
    dimensions: embedder.dimensions,
    fingerprint: SPLIT_FINGERPRINT,
    rebuild,
  });
  return new LocalWaymark(settings, store, embedder, reader ?? new SimilarityReader(embedder));
}

/** Waymark on this machine: one index folder, models in this process. */
export class LocalWaymark implements Waymark {
  readonly embedder: Embedder;
  readonly reader: Reader;
  readonly #settings: Settings;
  readonly #store: SqliteStore;
  readonly #retriever: HybridRetriever;
  readonly #answerer: Answerer;
  readonly #documents = new Map<string, Promise<SourceDocument | undefined>>();
  #documentsGeneration = -1;
  #indexing: IndexingState = { state: "idle" };
  #ingest: Promise<unknown> | undefined;

  constructor(settings: Settings, store: SqliteStore, embedder: Embedder, reader: Reader) {
    this.#settings = settings;
    this.#store = store;
    this.embedder = embedder;
    this.reader = reader;
    this.#retriever = this.retriever();
    this.#answerer = new Answerer({
      embedder,
      reader,
      retriever: this.#retriever,
      document: (id) => this.#document(id),
      ...settings.answer,
    });
  }

  async ask(question: string, options: AskOptions = {}): Promise<Answer> {
    await this.#ready();
    return this.#answerer.ask(question, options);
  }

  async search(
    query: string,
    { limit = DEFAULT_SEARCH_LIMIT, documentIds, signal }: SearchOptions = {},
  ): Promise<SearchResult[]> {
    await this.#ready();
    if (!/[\p{L}\p{N}]/u.test(query)) return [];
    const vector = await this.embedder.embed(query, signal);
    const retrieved = await this.#retriever.rank(query, vector, { limit, documentIds });
    return Promise.all(
      retrieved.map(async ({ passage, lexical, dense, fused }) => ({
        ...cite(await this.#document(passage.documentId), passage, passage.headings, fused),
        passageId: passage.id,
        scores: { lexical, dense, fused },
      })),
    );
  }

  documents(): Promise<DocumentSummary[]> {
    return this.#store.documents();
  }

  async document(id: string): Promise<SourceDocument & { indexedAt: string }> {
    const [summary] = await this.#store.documents([id]);
    if (summary === undefined) throw documentNotFound(id);
    return { ...(await this.#document(id)), indexedAt: summary.indexedAt };
  }

  async status(): Promise<Status> {
    const models = { embedder: this.embedder.identity, reader: this.reader.identity };
    return { ...(await this.#store.stats()), version: VERSION, models };
  }

  indexing(): IndexingState {
    return this.#indexing;
  }

  /** The hybrid search as a LangChain retriever. */
  retriever({ k }: { k?: number } = {}): HybridRetriever {
    return new HybridRetriever({
      store: this.#store,
      embedder: this.embedder,
      ...this.#settings.retrieve,
      ...(k === undefined ? {} : { k }),
    });
  }

  /**
   * Brings the index up to date with the files.
   * @throws WaymarkError `corpus-not-found`, `index-locked` (another ingest is running), `aborted`
   */
  async ingest({
    paths,
    rebuild = false,
    onProgress,
    signal,
  }: LocalIngestOptions = {}): Promise<IngestSummary> {
    if (this.#ingest !== undefined) {
      throw new WaymarkError("index-locked", "The index is being brought up to date already.", {
        hint: "Wait until that is done, then run it again.",
      });
    }
    this.#indexing = { state: "running" };
    const running = ingest({
      corpus: paths ?? this.#settings.corpus,
      extensions: SUPPORTED_EXTENSIONS,
      load: ({ bytes, uri }) => loadDocument(bytes, uri),
      store: this.#store,
      embed: (texts, options) => this.embedder.embedMany(texts, options),
      buildPassages: (document) => splitDocument(document, { countTokens: this.embedder.countTokens }),
      rebuild,
      onProgress: (progress) => {
        const { done, total, phase } = progress;
        this.#indexing = { state: "running", done, total, phase };
        onProgress?.(progress);
      },
      ...(signal === undefined ? {} : { signal }),
    });
    this.#ingest = running.catch(() => undefined);
    try {
      const summary = await running;
      this.#indexing = { state: "idle" };
      return summary;
    } catch (error) {
      const stopped = WaymarkError.isInstance(error) && error.code === "aborted";
      this.#indexing = stopped
        ? { state: "idle" }
        : { state: "failed", message: error instanceof Error ? error.message : String(error) };
      throw error;
    } finally {
      this.#ingest = undefined;
    }
  }

  /** Waits for what runs, then frees the models and closes the index. */
  async close(): Promise<void> {
    await this.#ingest;
    await this.#store.close();
    await this.embedder.close();
    if (this.reader instanceof CrossEncoder) await this.reader.close();
  }

  /** @throws WaymarkError `index-not-ready` where nothing was ever indexed and nothing is about to be. */
  async #ready(): Promise<void> {
    if ((await this.#store.stats()).generation > 0) return;
    if (this.#ingest !== undefined) await Promise.race([this.#ingest, timeOut(FIRST_INDEX_WAIT)]);
    if ((await this.#store.stats()).generation > 0) return;
    throw new WaymarkError("index-not-ready", "Nothing has been indexed yet.", {
      hint:
        this.#ingest === undefined ? "Run `waymark ingest` with your documents." : "Ask again in a moment.",
    });
  }

  async #document(id: string): Promise<SourceDocument> {
    const { generation } = await this.#store.stats();
    if (generation !== this.#documentsGeneration) this.#documents.clear();
    this.#documentsGeneration = generation;
    const loading = this.#documents.get(id) ?? this.#store.document(id);
    this.#documents.delete(id);
    this.#documents.set(id, loading);
    for (const oldest of this.#documents.keys()) {
      if (this.#documents.size <= DOCUMENTS_KEPT) break;
      this.#documents.delete(oldest);
    }
    const document = await loading;
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
