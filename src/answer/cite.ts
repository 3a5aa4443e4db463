import { locate, placeAt, type Range, type SourceDocument } from "../documents/document.js";
import type { Citation, OtherPlace } from "./answer.js";

/** The part of a document that a citation needs. */
export type CitedDocument = Pick<
  SourceDocument,
  "id" | "title" | "uri" | "text" | "lines" | "pages" | "places"
>;

/**
 * Makes the citation of a range. The quote is cut from the document's canonical text, so it is verbatim by
 * construction.
 */
export function cite(
  document: CitedDocument,
  range: Range,
  headings: readonly string[],
  score: number,
): Citation {
  return {
    ...placeOf(document, range),
    quote: document.text.slice(range.start, range.end),
    headings: [...headings],
    score: Math.round(Math.min(1, Math.max(0, score)) * 1000) / 1000,
  };
}

/** Where a range is: page, line and place are looked up from its start. */
export function placeOf(document: CitedDocument, { start, end }: Range): OtherPlace {
  const page = locate(document.pages, start);
  const line = locate(document.lines, start);
  const place = placeAt(document.places, start);
  return {
    documentId: document.id,
    title: document.title,
    uri: document.uri,
    start,
    end,
    ...(page === undefined ? {} : { page }),
    ...(line === undefined ? {} : { line }),
    ...(place === undefined ? {} : { place }),
  };
}
