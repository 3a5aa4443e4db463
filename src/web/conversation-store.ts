import { keep, kept } from "./browser-storage.js";
import type { Exchange, Stage } from "./conversation.js";

/** A kept conversation, without what was said in it. */
export interface ConversationHead {
  id: string;
  /** The first question, or the name that the reader gave. */
  title: string;
  /** When something was last asked in it, in milliseconds since 1970. */
  changed: number;
}

/** The version is part of the keys: a page that stores in another way leaves the old entries alone. */
const HEADS = "waymark.conversations.2";
const CONVERSATION = "waymark.conversation.2.";

const IN_PROGRESS: readonly Stage[] = ["searching", "reading", "answering"];

/** The conversations that this browser keeps, the one that was changed last first. */
export function listConversations(): ConversationHead[] {
  return parsedList(kept(HEADS))
    .filter(isHead)
    .sort((a, b) => b.changed - a.changed);
}

/** What was said in a conversation; empty where it is unknown or cannot be read. */
export function loadConversation(id: string): Exchange[] {
  return parsedList(kept(CONVERSATION + id))
    .filter(isExchange)
    .map(unpacked);
}

/**
 * Keeps a conversation; one that is new gets its first question for a title. What is still being answered is kept as
 * stopped, so that a reload loses no question. False where the browser takes no more.
 */
export function saveConversation(id: string, exchanges: readonly Exchange[]): boolean {
  const title = listConversations().find((head) => head.id === id)?.title ?? exchanges[0]?.question ?? "";
  return (
    keep(CONVERSATION + id, JSON.stringify(exchanges.map(packed))) &&
    putHead({ id, title, changed: Date.now() })
  );
}

/** Gives a conversation another name. */
export function renameConversation(id: string, title: string): void {
  const head = listConversations().find((head) => head.id === id);
  if (head !== undefined) putHead({ ...head, title });
}

/** Forgets a conversation; gives the way back. */
export function deleteConversation(id: string): () => void {
  const head = listConversations().find((head) => head.id === id);
  const content = kept(CONVERSATION + id);
  keep(CONVERSATION + id, undefined);
  keepHeads(listConversations().filter((head) => head.id !== id));
  return () => {
    if (head !== undefined && keep(CONVERSATION + id, content)) putHead(head);
  };
}

/** An id for a new conversation. (`crypto.randomUUID` is not there over plain HTTP.) */
export function newConversationId(): string {
  return crypto.getRandomValues(new Uint32Array(3)).join("-");
}

/** True for a change that another tab made to the conversations. */
export function isConversationChange(event: StorageEvent): boolean {
  return event.key === HEADS || event.key === null;
}

/** As it is kept: finished, and with each sentence once. */
function packed(exchange: Exchange): Exchange {
  const { stage, answer } = exchange;
  return {
    ...exchange,
    stage: IN_PROGRESS.includes(stage) ? "stopped" : stage,
    ...(answer && { answer: { ...answer, sentences: [] } }),
  };
}

function unpacked(exchange: Exchange): Exchange {
  const { answer, sentences } = exchange;
  return answer === undefined ? exchange : { ...exchange, answer: { ...answer, sentences } };
}

function putHead(head: ConversationHead): boolean {
  return keepHeads([head, ...listConversations().filter(({ id }) => id !== head.id)]);
}

function keepHeads(heads: readonly ConversationHead[]): boolean {
  return keep(HEADS, JSON.stringify(heads));
}

function parsedList(stored: string | undefined): unknown[] {
  try {
    const value: unknown = JSON.parse(stored ?? "[]");
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

function isHead(value: unknown): value is ConversationHead {
  if (typeof value !== "object" || value === null) return false;
  const { id, title, changed } = value as Partial<ConversationHead>;
  return typeof id === "string" && typeof title === "string" && typeof changed === "number";
}

/** A finished exchange, whole enough to be shown. */
function isExchange(value: unknown): value is Exchange {
  if (typeof value !== "object" || value === null) return false;
  const { id, question, stage, sentences, answer } = value as Partial<Exchange>;
  const isFinished =
    stage === "stopped" || stage === "failed" || (stage === "done" && Array.isArray(answer?.related));
  return typeof id === "number" && typeof question === "string" && isFinished && Array.isArray(sentences);
}
