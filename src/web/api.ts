import type { Answer, AnswerMode, AnswerSentence, Citation, Turn } from "../answer/answer.js";
import type { SourceDocument } from "../documents/document.js";
import type { CollectionSummary } from "../store/collection.js";
import type { DocumentSummary } from "../store/store.js";
import { ApiError, toProblem, UNREACHABLE } from "./problem.js";
import { readEvents } from "./stream.js";

/** The body of `POST /api/ask`. */
export interface AskRequest {
  question: string;
  history?: Turn[];
  documentIds?: string[];
  collections?: string[];
  mode?: AnswerMode;
}

/** What `POST /api/ask` sends as events, in this order; `mode` only where a language model was asked to write. */
export type AskMessage =
  | { type: "passages"; passages: Citation[] }
  | { type: "mode"; mode: AnswerMode }
  | { type: "sentence"; index: number; sentence: AnswerSentence }
  | { type: "done"; answer: Answer };

/** The part of `GET /api/health` that the page uses. */
export interface Health {
  status: "ready" | "indexing" | "empty" | "failed";
  /** How many are indexed. */
  documents: number;
  /** `done` and `total` count files; `message` says why the indexer failed. */
  indexing: {
    done?: number;
    total?: number;
    passagesPerSecond?: number;
    secondsLeft?: number;
    skipped?: { uri: string; reason: string }[];
    message?: string;
  };
  models: { languageModel?: { name: string } };
}

/** What `GET /api/documents` says of adding documents. */
export interface Adding {
  allowed: boolean;
  maxBytes: number;
  /** Lower case, with the dot. */
  extensions: string[];
}

/** The response of `GET /api/documents`. */
export interface Documents {
  documents: DocumentSummary[];
  adding: Adding;
}

const EVENTS: readonly string[] = ["passages", "mode", "sentence"] satisfies AskMessage["type"][];

/** @throws ApiError */
export function getHealth(): Promise<Health> {
  return getJson<Health>("/api/health");
}

/** @throws ApiError */
export function getDocuments(): Promise<Documents> {
  return getJson<Documents>("/api/documents");
}

/** @throws ApiError */
export async function getCollections(): Promise<CollectionSummary[]> {
  return (await getJson<{ collections: CollectionSummary[] }>("/api/collections")).collections;
}

/** @throws ApiError, with code `document-not-found` for an unknown id. */
export function getDocument(id: string): Promise<SourceDocument> {
  return getJson<SourceDocument>(`/api/documents/${encodeURIComponent(id)}`);
}

/** Removes a document that was added. @throws ApiError */
export async function removeDocument(id: string): Promise<void> {
  await send(`/api/documents/${encodeURIComponent(id)}`, { method: "DELETE" });
}

/**
 * Asks and gives the answer as it takes shape; the last message is `done`.
 * @throws ApiError; a DOMException named "AbortError" when the signal fires.
 */
export async function* ask(request: AskRequest, signal: AbortSignal): AsyncGenerator<AskMessage> {
  const response = await send("/api/ask", {
    method: "POST",
    headers: { "content-type": "application/json", accept: "text/event-stream" },
    body: JSON.stringify(request),
    signal,
  });
  if (response.body === null) throw new ApiError(UNREACHABLE);
  try {
    for await (const { event, data } of readEvents(response.body)) {
      const value: unknown = JSON.parse(data);
      if (event === "error") throw new ApiError(toProblem(value, response.status));
      if (EVENTS.includes(event)) yield { ...(value as AskMessage), type: event } as AskMessage;
      if (event === "done") {
        yield { type: "done", answer: value as Answer };
        return;
      }
    }
  } catch (error) {
    throw isAbort(error) || error instanceof ApiError ? error : new ApiError(UNREACHABLE, error);
  }
  throw new ApiError(UNREACHABLE);
}

/** True for the error of a request that the page itself ended. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

async function getJson<T>(path: string): Promise<T> {
  const response = await send(path, { headers: { accept: "application/json" } });
  return (await response.json()) as T;
}

async function send(path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (error) {
    throw isAbort(error) ? error : new ApiError(UNREACHABLE, error);
  }
  if (response.ok) return response;
  throw new ApiError(toProblem(await response.json().catch(() => undefined), response.status));
}
