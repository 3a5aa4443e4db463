import type { Citation } from "../../answer/answer.js";

/** The canonical texts by document id. */
export type Texts = ReadonlyMap<string, string>;

/**
 * The citations that are not what they say: of a document that does not exist, with a range that is not inside its text, or
 * with a quote that is not the text there. There must never be one.
 */
export function fabricatedCitations<C extends Pick<Citation, "documentId" | "start" | "end" | "quote">>(
  citations: readonly C[],
  texts: Texts,
): C[] {
  return citations.filter(({ documentId, start, end, quote }) => {
    const text = texts.get(documentId);
    const inside =
      text !== undefined &&
      Number.isInteger(start) &&
      Number.isInteger(end) &&
      0 <= start &&
      start < end &&
      end <= text.length;
    return !inside || text.slice(start, end) !== quote;
  });
}
