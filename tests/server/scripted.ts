import { WaymarkError } from "../../src/errors.js";
import {
  exampleAnswer,
  exampleCitation,
  exampleDocument,
  exampleSearchResult,
} from "../../src/server/routes/examples.js";
import type { Waymark } from "../../src/waymark.js";

/** A Waymark that gives fixed answers, for what is HTTP alone. `over` replaces methods. */
export function scripted(over: Partial<Waymark> = {}): Waymark {
  return {
    ask: async (_question, { onEvent } = {}) => {
      onEvent?.({ type: "passages", passages: [exampleCitation] });
      for (const [index, sentence] of exampleAnswer.sentences.entries()) {
        onEvent?.({ type: "sentence", index, sentence });
      }
      return exampleAnswer;
    },
    search: async () => [exampleSearchResult],
    documents: async () => [
      {
        id: exampleDocument.id,
        uri: exampleDocument.uri,
        collection: "default",
        title: exampleDocument.title,
        mediaType: exampleDocument.mediaType,
        contentHash: "0".repeat(64),
        indexedAt: exampleDocument.indexedAt,
        passages: 1,
        characters: exampleDocument.text.length,
      },
    ],
    collections: async () => [{ name: "default", documents: 1, passages: 1 }],
    document: async (id) => {
      if (id === exampleDocument.id) return exampleDocument;
      throw new WaymarkError("document-not-found", "There is no such document.", {
        hint: "List the documents.",
      });
    },
    status: async () => ({
      documents: 1,
      passages: 1,
      generation: 3,
      schemaVersion: 1,
      version: "0.1.0",
      models: { embedder: { name: "embedder", checksum: "ab" }, reader: { name: "reader", checksum: "cd" } },
    }),
    indexing: () => ({ state: "idle" }),
    close: async () => undefined,
    ...over,
  };
}

/** The options of a JSON POST. */
export function post(body: unknown, headers: Record<string, string> = {}): RequestInit {
  return {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  };
}

/** A response's body, as tests look into it. */
// biome-ignore lint/suspicious/noExplicitAny: tests compare whole bodies and single fields of any shape
export async function bodyOf(response: Response): Promise<any> {
  return response.json();
}

/** The events of a finished stream, in order. */
export function parseEvents(text: string): { event: string; data: unknown }[] {
  return text
    .split("\n\n")
    .filter((block) => block !== "")
    .map((block) => {
      const lines = block.split("\n");
      const field = (name: string) =>
        lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? "";
      return { event: field("event"), data: JSON.parse(field("data")) };
    });
}
