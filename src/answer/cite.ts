import { locate, placeAt, type Range, type SourceDocument } from "../documents/document.js";
import type { Citation } from "./answer.js";

/** The part of a document that a citation needs. */
export type CitedDocument = Pick<
  SourceDocument,
  "id" | "title" | "uri" | "text" | "lines" | "pages" | "places"
>;

/**
 * Makes the citation of a range. The quote is cut from the document's canonical text, so it is verbatim by
 * construction; page, line and place are looked up from the range's start.
 */
export function cite(
  document: CitedDocument,
  range: Range,
  headings: readonly string[],
  score: number,
): Citation {
  const page = locate(document.pages, range.start);
  const line = locate(document.lines, range.start);
  const place = placeAt(document.places, range.start);
  return {
    documentId: document.id,
    title: document.title,
    uri: document.uri,
    start: range.start,
    end: range.end,
    quote: document.text.slice(range.start, range.end),
    headings: [...headings],
    ...(page === undefined ? {} : { page }),
    ...(line === undefined ? {} : { line }),
    ...(place === undefined ? {} : { place }),
    score: Math.round(Math.min(1, Math.max(0, score)) * 1000) / 1000,
  };
}
