/**
 * Waymark as a library.
 *
 * @example
 * import { loadSettings, openWaymark } from "waymark";
 * const waymark = await openWaymark(loadSettings({ corpus: "notes" }));
 * await waymark.ingest();
 * console.log(await waymark.ask("Where are the apples stored?"));
 */
export type {
  AbstentionReason,
  Answer,
  AnswerMode,
  AnswerSentence,
  Citation,
  FallbackReason,
  Timings,
  Turn,
} from "./answer/answer.js";
export { loadSettings, type Settings, type SettingsInput } from "./config.js";
export type { Block, BlockType, Locator, Place, Range, SourceDocument } from "./documents/document.js";
export { locate, placeAt } from "./documents/document.js";
export { loadDocument, SUPPORTED_EXTENSIONS } from "./documents/load.js";
export { type ErrorCode, WaymarkError, type WaymarkErrorOptions } from "./errors.js";
export type { IngestProgress, IngestSummary } from "./ingest/ingest.js";
export type { IngestRequest } from "./ingest/plan.js";
export type {
  LocalIngestOptions,
  LocalWatchOptions,
  LocalWaymark,
  OpenOptions,
  RetrieverOptions,
} from "./local-waymark.js";
export { Embedder, type EmbedOptions } from "./models/embedder.js";
export type { CountTokens, ModelIdentity, ReadablePassage, Reader, Reading } from "./models/model.js";
export { CrossEncoder } from "./models/reader.js";
export type { Passage, Piece, Unit } from "./passages/passage.js";
export { type SplitOptions, splitDocument } from "./passages/split.js";
export { HybridRetriever, type HybridRetrieverOptions } from "./retrieve/retriever.js";
export { type AppOptions, createApp } from "./server/app.js";
export { type RunningServer, type ServeOptions, serve } from "./server/serve.js";
export type { CollectionSummary } from "./store/collection.js";
export type {
  Candidate,
  CandidateQuery,
  DocumentRecord,
  DocumentSummary,
  Store,
  StoreStats,
} from "./store/store.js";
export {
  type AskEvent,
  type AskOptions,
  type IndexingState,
  type LanguageModelState,
  openWaymark,
  type SearchOptions,
  type SearchResult,
  type Status,
  type Waymark,
} from "./waymark.js";
