import type { Answer, AnswerSentence, Citation, Turn } from "./answer/answer.js";
import type { SourceDocument } from "./documents/document.js";
import type { ModelIdentity } from "./models/model.js";
import type { DocumentSummary, StoreStats } from "./store/store.js";

export { type LocalWaymark, openWaymark } from "./local-waymark.js";

/** What the HTTP server, the command line, the evals and library users call. */
export interface Waymark {
  ask(question: string, options?: AskOptions): Promise<Answer>;
  search(query: string, options?: SearchOptions): Promise<SearchResult[]>;
  documents(): Promise<DocumentSummary[]>;
  /** @throws WaymarkError `document-not-found` */
  document(id: string): Promise<SourceDocument & { indexedAt: string }>;
  status(): Promise<Status>;
  /** What the indexer does at this moment; cheap enough to be polled. */
  indexing(): IndexingState;
  close(): Promise<void>;
}

export interface AskOptions {
  /** Oldest first. */
  history?: readonly Turn[];
  /** Only these documents. */
  documentIds?: readonly string[];
  /** At most so many sentences. */
  limit?: number;
  signal?: AbortSignal;
  /** Called as the answer takes shape; in the order passages, then sentences. */
  onEvent?: (event: AskEvent) => void;
}

export type AskEvent =
  | { type: "passages"; passages: Citation[] }
  | { type: "sentence"; index: number; sentence: AnswerSentence };

export interface SearchOptions {
  /** At most so many results; default 10. */
  limit?: number;
  documentIds?: readonly string[];
  signal?: AbortSignal;
}

/** A ranked passage. `quote` is the passage's text; `score` the fused score in [0, 1]. */
export interface SearchResult extends Citation {
  passageId: string;
  scores: { lexical: number; dense: number; fused: number };
}

export interface Status extends StoreStats {
  version: string;
  models: { embedder: ModelIdentity; reader?: ModelIdentity };
}

/** The indexer's state. `done` and `total` count files; `phase` is its present step in a word or two. */
export interface IndexingState {
  state: "idle" | "running" | "failed";
  done?: number;
  total?: number;
  phase?: string;
  /** failed: why, in a sentence. */
  message?: string;
}
