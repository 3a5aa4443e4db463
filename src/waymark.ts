import type { Answer, AnswerMode, AnswerSentence, Citation, Turn } from "./answer/answer.js";
import type { SourceDocument } from "./documents/document.js";
import type { Skipped } from "./ingest/scan.js";
import type { ModelIdentity } from "./models/model.js";
import type { CollectionSummary } from "./store/collection.js";
import type { DocumentSummary, StoreStats } from "./store/store.js";

export { type LocalWaymark, openWaymark } from "./local-waymark.js";
export type { CollectionSummary } from "./store/collection.js";

/** What the HTTP server, the command line, the evals and library users call. */
export interface Waymark {
  /** @throws WaymarkError `collection-not-found`, as `search` does */
  ask(question: string, options?: AskOptions): Promise<Answer>;
  search(query: string, options?: SearchOptions): Promise<SearchResult[]>;
  documents(): Promise<DocumentSummary[]>;
  /** The default one first, then by name. */
  collections(): Promise<CollectionSummary[]>;
  /** @throws WaymarkError `document-not-found` */
  document(id: string): Promise<SourceDocument & { indexedAt: string }>;
  status(): Promise<Status>;
  /** What the indexer does at this moment; cheap enough to be polled. */
  indexing(): IndexingState;
  close(): Promise<void>;
}

/** Takes single files into the index, and gives them up again; they are kept beside the index, whatever the corpus is. */
export interface Additions {
  /**
   * A file of the same name that was added before is replaced.
   * @throws WaymarkError `unsupported-format`, `unreadable-document`, `invalid-input` (no usable name)
   */
  addDocument(file: { name: string; bytes: Uint8Array }): Promise<AddedDocument>;
  /** @throws WaymarkError `document-not-found`; `document-not-removable` where it was not added */
  removeDocument(id: string): Promise<void>;
}

export interface AddedDocument {
  outcome: "added" | "changed" | "unchanged";
  document: DocumentSummary;
}

export interface AskOptions {
  /** Oldest first. */
  history?: readonly Turn[];
  /** Only these documents. */
  documentIds?: readonly string[];
  /** Only documents of these collections; with `documentIds`, only what both allow. */
  collections?: readonly string[];
  /** At most so many sentences. */
  limit?: number;
  /** Who writes. Default: the language model where one is configured, otherwise the documents themselves. */
  mode?: AnswerMode;
  signal?: AbortSignal;
  /** Called as the answer takes shape; in the order passages, then sentences. */
  onEvent?: (event: AskEvent) => void;
}

export type AskEvent =
  | { type: "passages"; passages: Citation[] }
  /**
   * Where a language model was asked to write: the sentences that follow are in this mode and take the place of any that
   * came before. First "generated"; "extractive" behind it where the model's answer is given up.
   */
  | { type: "mode"; mode: AnswerMode }
  | { type: "sentence"; index: number; sentence: AnswerSentence };

export interface SearchOptions {
  /** At most so many results; default 10. */
  limit?: number;
  documentIds?: readonly string[];
  /** Only documents of these collections; with `documentIds`, only what both allow. */
  collections?: readonly string[];
  signal?: AbortSignal;
}

/** A ranked passage. `quote` is the passage's text; `score` what it is ranked by, in [0, 1]. */
export interface SearchResult extends Citation {
  passageId: string;
  scores: { lexical: number; dense: number; fused: number; interaction: number };
}

export interface Status extends StoreStats {
  version: string;
  /** `languageModel`: the one that is configured to write answers, as the settings name it. */
  models: { embedder: ModelIdentity; reader?: ModelIdentity; languageModel?: { name: string } };
}

/** Whether a language model answers. */
export interface LanguageModelState {
  name: string;
  answers: boolean;
  /** Why it does not. */
  reason?: string;
}

/** The indexer's state. `done` and `total` count files; `phase` is its present step in a word or two. */
export interface IndexingState {
  state: "idle" | "running" | "failed";
  done?: number;
  total?: number;
  phase?: string;
  /** Passages that were made so far, how many a second, and about how long the rest will take. */
  passages?: number;
  passagesPerSecond?: number;
  secondsLeft?: number;
  /** The first files of this run that were skipped, with the reason. */
  skipped?: Skipped[];
  /** failed: why, in a sentence. */
  message?: string;
}
