import type { Exchange } from "./conversation.js";

/** The version is part of the key: a page that stores in another way leaves the old entry alone. */
const KEY = "waymark.conversation.1";

/** The conversation that this browser kept; empty where there is none or it cannot be read. */
export function loadConversation(): Exchange[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(stored) ? stored.filter(isExchange) : [];
  } catch {
    return [];
  }
}

/** Keeps the finished exchanges in this browser. Where it refuses (private window, full), the page goes on without. */
export function saveConversation(exchanges: readonly Exchange[]): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(exchanges.filter((exchange) => exchange.stage === "done")));
  } catch {
    // The conversation is still on the page; only a reload would lose it.
  }
}

function isExchange(value: unknown): value is Exchange {
  if (typeof value !== "object" || value === null) return false;
  const { id, question, stage, sentences, answer } = value as Partial<Exchange>;
  return (
    typeof id === "number" &&
    typeof question === "string" &&
    stage === "done" &&
    Array.isArray(sentences) &&
    Array.isArray(answer?.related)
  );
}
