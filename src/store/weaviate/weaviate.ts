import type { SourceDocument } from "../../documents/document.js";
import type { Passage } from "../../passages/passage.js";
import type { WeaviateSettings } from "../../store-settings.js";
import type { Owner } from "../owner.js";
import { checkRecord, checkVector } from "../records.js";
import type {
  Candidate,
  CandidateQuery,
  CollectionSource,
  CopiesOptions,
  DocumentRecord,
  DocumentSummary,
  DocumentVersion,
  Store,
  StoreStats,
} from "../store.js";
import { findCandidates } from "./candidates.js";
import { type ClientModule, loadClient } from "./client.js";
import { Cluster, PATIENCE } from "./cluster.js";
import { readCopies } from "./copies.js";
import { countDocuments, readRevisions, readSource, readSummaries, readVersions } from "./documents.js";
import { checkKey } from "./key.js";
import { Lease } from "./lease.js";
import { passageIds, readPassages } from "./passages.js";
import { prepare } from "./prepare.js";
import { readRecord } from "./read-record.js";
import { CLUSTER_SCHEMA, type Collections, collectionsOf } from "./schema.js";
import { readSetting, writeSetting } from "./settings.js";
import { type ClusterState, firstState, readState, requireOwn } from "./state.js";
import { Stemmer } from "./stems.js";
import { readTokens } from "./tokens.js";
import { keepWords, readWords, wordsGeneration } from "./words.js";
import { Writer } from "./writer.js";

export interface WeaviateStoreOptions extends Owner {
  settings: WeaviateSettings;
  key: string | undefined;
  /** What made the passages; documents stored under another one are reported as stale. */
  fingerprint?: string;
  /** Start empty where the index was made by another model, instead of refusing it. */
  rebuild?: boolean;
}

/**
 * The store in a cluster of Weaviate. Nothing is kept on this machine, so any number of processes can stand before one
 * cluster; one at a time writes.
 *
 * A document's passages are written under a revision that nobody looks for yet; then the document, which names it, is
 * replaced in one write: from then on the new passages are seen, and the old ones are deleted.
 */
export class WeaviateStore implements Store {
  readonly #options: WeaviateStoreOptions;
  readonly #module: ClientModule;
  readonly #cluster: Cluster;
  readonly #stemmer = new Stemmer();
  readonly #writer: Writer;
  #prepared: Promise<void> | undefined;

  /**
   * Does not ask the cluster for anything yet: one that does not answer now may answer later.
   * @throws WaymarkError `invalid-settings` where the client's package is not installed, or the key cannot be one
   */
  static async open(options: WeaviateStoreOptions): Promise<WeaviateStore> {
    checkKey(options.key);
    return new WeaviateStore(options, await loadClient());
  }

  private constructor(options: WeaviateStoreOptions, module: ClientModule) {
    this.#options = options;
    this.#module = module;
    this.#cluster = new Cluster({ module, settings: options.settings, key: options.key });
    this.#writer = new Writer({
      use: (work) => this.#use(work, PATIENCE.writing),
      state: (collections) => this.#state(collections),
      stemmer: this.#stemmer,
      fingerprint: options.fingerprint ?? "",
    });
  }

  put(record: DocumentRecord): Promise<void> {
    return this.putMany([record]);
  }

  async putMany(records: readonly DocumentRecord[]): Promise<void> {
    for (const record of records) checkRecord(record, this.#options.dimensions);
    await this.#writer.put(records);
  }

  remove(documentId: string): Promise<void> {
    return this.#writer.remove(documentId);
  }

  documents(ids?: readonly string[]): Promise<DocumentSummary[]> {
    return this.#use((collections) => readSummaries(collections, ids, this.#options.fingerprint));
  }

  document(id: string): Promise<SourceDocument | undefined> {
    return this.#use((collections) => readSource(collections, id));
  }

  versions(known: ReadonlyMap<string, string | undefined>): Promise<Map<string, DocumentVersion>> {
    return this.#use((collections) => readVersions(collections, known));
  }

  record(id: string): Promise<DocumentRecord | undefined> {
    return this.#use((collections) => readRecord(collections, id));
  }

  async passages(ids: readonly string[]): Promise<Passage[]> {
    const found = await this.#use((collections) => readPassages(collections, ids, ["body"]));
    return ids.flatMap((id) => {
      const passage = found.get(id);
      return passage === undefined ? [] : [JSON.parse(passage.properties.body) as Passage];
    });
  }

  tokenVectors(ids: readonly string[]): Promise<Map<string, Uint8Array>> {
    return this.#use((collections) => readTokens(collections, ids));
  }

  copies(ids: readonly string[], options: CopiesOptions): Promise<Map<string, Passage[]>> {
    return this.#use((collections) => readCopies(collections, ids, options));
  }

  async passagesOf(documentId: string): Promise<Passage[]> {
    const found = await this.#use(async (collections) => {
      const revision = (await readRevisions(collections, [documentId])).get(documentId);
      return readPassages(collections, passageIds(documentId, revision?.passages ?? 0), ["body"]);
    });
    return [...found.values()]
      .map(({ properties }) => JSON.parse(properties.body) as Passage)
      .sort((a, b) => a.ordinal - b.ordinal);
  }

  async candidates(query: CandidateQuery): Promise<Candidate[]> {
    const vector = await query.vector;
    checkVector(vector, this.#options.dimensions);
    return this.#use((collections) => findCandidates(collections, this.#stemmer, { ...query, vector }));
  }

  async stats(): Promise<StoreStats> {
    const [counts, { generation }] = await this.#use((collections) =>
      Promise.all([countDocuments(collections), this.#state(collections)]),
    );
    const { embedder } = this.#options;
    return { ...counts, generation, schemaVersion: CLUSTER_SCHEMA, embedder };
  }

  async generation(): Promise<number> {
    return (await this.#use((collections) => this.#state(collections))).generation;
  }

  words(): Promise<ReadonlyMap<string, number>> {
    return this.#use(readWords);
  }

  async sources(): Promise<CollectionSource[]> {
    return (await this.#use((collections) => readSetting<CollectionSource[]>(collections, SOURCES))) ?? [];
  }

  async rememberSources(sources: readonly CollectionSource[]): Promise<void> {
    await this.#use((collections) => writeSetting(collections, SOURCES, sources), PATIENCE.writing);
  }

  async lockForWriting(): Promise<() => Promise<void>> {
    const lease = new Lease((work) => this.#use(work));
    await lease.take();
    try {
      await this.#writer.begin(lease);
    } catch (error) {
      await lease.giveBack();
      throw error;
    }
    return async () => {
      this.#writer.end(lease);
      await lease.giveBack();
    };
  }

  /** Counts the words for the spelling corrector, where something has changed. Weaviate keeps the rest in step by itself. */
  async optimize({ signal }: { signal?: AbortSignal } = {}): Promise<void> {
    await this.#use(async (collections) => {
      const { generation } = await this.#state(collections);
      if ((await wordsGeneration(collections)) === generation) return;
      await keepWords(collections, generation, signal);
    }, PATIENCE.writing);
  }

  async close(): Promise<void> {
    await this.#cluster.close();
    this.#stemmer.close();
  }

  #use<T>(work: (collections: Collections) => Promise<T>, patience?: number): Promise<T> {
    const { settings } = this.#options;
    return this.#cluster.use(async (client) => {
      this.#prepared ??= prepare(client, this.#module, this.#options);
      try {
        await this.#prepared;
      } catch (error) {
        this.#prepared = undefined;
        throw error;
      }
      return work(collectionsOf(client, settings));
    }, patience);
  }

  async #state(collections: Collections): Promise<ClusterState> {
    const state = (await readState(collections)) ?? firstState(this.#options);
    requireOwn(state, this.#options);
    return state;
  }
}

const SOURCES = "sources";
