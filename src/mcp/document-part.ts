import { z } from "zod";
import type { SourceDocument } from "../documents/document.js";

/** Characters that one answer holds: what a model's context can take, and more than most documents have. */
export const MAX_PART = 20_000;

/** A part of a document's text: `text` is `[start, end)` of the whole, in UTF-16 units. */
export const partSchema = z.object({
  id: z.string(),
  title: z.string(),
  uri: z.string(),
  start: z.int(),
  end: z.int(),
  characters: z.int().describe("Of the whole text; where end is less, ask again from there."),
  text: z.string(),
});

export type DocumentPart = z.infer<typeof partSchema>;

/** Cuts a part out of a document; one that is too long is cut at {@link MAX_PART}. */
export function readPart(
  { id, title, uri, text }: Pick<SourceDocument, "id" | "title" | "uri" | "text">,
  start = 0,
  end: number = text.length,
): DocumentPart {
  const from = Math.min(start, text.length);
  const to = Math.max(from, Math.min(end, text.length, from + MAX_PART));
  return { id, title, uri, start: from, end: to, characters: text.length, text: text.slice(from, to) };
}
