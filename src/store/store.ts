import type { SourceDocument } from "../documents/document.js";
import type { ModelIdentity } from "../models/model.js";
import type { Passage } from "../passages/passage.js";

/** One document with everything that is derived from it: what a single transaction writes. */
export interface DocumentRecord {
  document: SourceDocument;
  /** SHA-256 of the source file's bytes, hex. */
  contentHash: string;
  /** The collection that the document is in: a part of what makes the record, so it is under the checksum. Default: `DEFAULT_COLLECTION`. */
  collection?: string;
  /** When the file was indexed, ISO 8601. */
  indexedAt: string;
  passages: Passage[];
  /** One L2-normalised vector a passage, same order. */
  vectors: Float32Array[];
  /** The token vectors of each passage's units, see `packedTokenVectors`. Without them there is no late interaction. */
  tokens?: Uint8Array[];
}

export interface DocumentSummary {
  id: string;
  uri: string;
  /** The named set of documents that it is in; each document is in one. A store that knows none says `DEFAULT_COLLECTION`. */
  collection: string;
  title: string;
  mediaType: string;
  contentHash: string;
  indexedAt: string;
  passages: number;
  /** Length of the canonical text in UTF-16 units. */
  characters: number;
  /** Number of pages, where the format has pages. */
  pages?: number;
  /** True where the passages were built in another way than the store's opener builds them. */
  stale?: boolean;
}

/** One version of a document. */
export interface DocumentVersion {
  /** Names it. */
  revision: string;
  document?: SourceDocument;
}

/** Where a collection's documents come from. Stores keep it as it is given, whatever fields it has. */
export interface CollectionSource {
  collection: string;
  /** Files and folders, absolute. */
  paths: string[];
  /** Patterns as in a `.gitignore`, relative to each folder. Only files that match are wanted; left out: all. */
  include?: string[];
  /** Patterns of what is not wanted; they come before `include`. */
  exclude?: string[];
}

/** A passage that matched, with its raw partial scores. */
export interface Candidate {
  passageId: string;
  documentId: string;
  /** BM25, higher is better; 0 where no term matches. */
  lexical: number;
  /** Cosine similarity in [-1, 1]. */
  dense: number;
  /** See `textKey`: candidates that share it say the same in the same words. A store returns all of them. */
  textKey: number;
}

export interface CandidateQuery {
  text: string;
  /** May be on its way still: meanwhile a store can look for the words. */
  vector: Float32Array | Promise<Float32Array>;
  /** How many of the best by each of the two scores; the result is their union. */
  depth: number;
  /** Only these documents; an empty list: none. */
  documentIds?: readonly string[];
  /** Only documents of these collections; an empty list: none. With `documentIds`: only what both allow. */
  collections?: readonly string[];
}

/** Which copies are wanted. */
export interface CopiesOptions extends Pick<CandidateQuery, "documentIds" | "collections"> {
  /** At most so many a passage. */
  limit: number;
}

export interface StoreStats {
  documents: number;
  passages: number;
  /** Rises by one with each committed change. 0: nothing was ever committed. */
  generation: number;
  schemaVersion: number;
  embedder?: ModelIdentity;
}

/** Where documents, passages and vectors live. SQLite on this machine is one implementation, a cluster of Weaviate the other. */
export interface Store {
  /** Replaces all that is stored under the document's id. All or nothing. */
  put(record: DocumentRecord): Promise<void>;
  /** {@link put} for several documents, faster than one by one. Each is all or nothing, and what came before a failure may stay. */
  putMany(records: readonly DocumentRecord[]): Promise<void>;
  /** Removes a document with all that is derived from it. Removing what is not there is no error. */
  remove(documentId: string): Promise<void>;
  /** Ordered by uri; only those with these ids where ids are given. */
  documents(ids?: readonly string[]): Promise<DocumentSummary[]>;
  document(id: string): Promise<SourceDocument | undefined>;
  /**
   * The present versions of documents, by id, with each document unless its version is the one that is given for it: what was made from
   * a document may be kept as long as its revision is the same. Those that are not there are left out.
   */
  versions(known: ReadonlyMap<string, string | undefined>): Promise<Map<string, DocumentVersion>>;
  /** All that `put` was given for an id. */
  record(id: string): Promise<DocumentRecord | undefined>;
  /** In the order of the ids; unknown ids are left out. */
  passages(ids: readonly string[]): Promise<Passage[]>;
  /** By passage id, the packed token vectors; unknown ids, and passages stored without, are left out. */
  tokenVectors(ids: readonly string[]): Promise<Map<string, Uint8Array>>;
  /**
   * By passage id, the other passages with the same `textKey`, in this document and in others; those without any are
   * left out. Of many, the `limit` that were stored first.
   */
  copies(ids: readonly string[], options: CopiesOptions): Promise<Map<string, Passage[]>>;
  /** Ordered by position. */
  passagesOf(documentId: string): Promise<Passage[]>;
  /** The union of the best `depth` by BM25 and the best `depth` by cosine, both scores exact for each. Unordered. */
  candidates(query: CandidateQuery): Promise<Candidate[]>;
  stats(): Promise<StoreStats>;
  /** `StoreStats.generation`, without counting anything. */
  generation(): Promise<number>;
  /** The words of the passages in lower case, with how often each occurs; of a large index, those of a part of it. */
  words(): Promise<ReadonlyMap<string, number>>;
  /** Where each collection was last made from, as `rememberSources` was told; a collection is there once at most. */
  sources(): Promise<CollectionSource[]>;
  rememberSources(sources: readonly CollectionSource[]): Promise<void>;
  /**
   * Takes the right to bring the index up to date, which one process has at a time, and clears away what writers that
   * died have left.
   * @returns gives the right back; may be called twice
   * @throws WaymarkError `index-locked` at once where another has it
   */
  lockForWriting(): Promise<() => Promise<void>>;
  /** Brings derived structures in step after a run of changes; queries are right without it, and may be slower. */
  optimize?(options?: { signal?: AbortSignal }): Promise<void>;
  close(): Promise<void>;
}
