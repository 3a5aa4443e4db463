import type { Range, SourceDocument } from "../documents/document.js";
import { WaymarkError } from "../errors.js";
import type { GoldQuote } from "./dataset.js";
import type { Place } from "./metrics/place.js";

/** What quotes are looked for in. */
export type QuotableDocument = Pick<SourceDocument, "id" | "uri" | "text">;

/** Gives the one place that a gold quote means. @throws WaymarkError `invalid-input` where there is none or several */
export type FindQuote = (quote: GoldQuote) => Place;

/**
 * Makes the finder for a set of documents. White space is the one thing that may differ: any run of it equals any other,
 * so a table row may be written with single spaces for its tabs. A quote begins and ends at the edge of a word.
 */
export function createQuoteFinder(documents: readonly QuotableDocument[]): FindQuote {
  const texts = documents.map(({ id, uri, text }) => ({ id, uri, ...squeeze(text) }));
  return ({ quote, document, occurrence }) => {
    const needle = squeeze(quote).squeezed.trim();
    const places = texts
      .filter(({ uri }) => document === undefined || uri === document)
      .map(({ id, squeezed, offsets }) =>
        occurrences(squeezed, needle).map((at) => ({
          documentId: id,
          start: offsets[at] ?? 0,
          end: (offsets[at + needle.length - 1] ?? 0) + 1,
        })),
      )
      .filter((found) => found.length > 0);
    return choose(places, { quote, document, occurrence });
  };
}

function choose(places: Place[][], { quote, document, occurrence }: GoldQuote): Place {
  const where = document === undefined ? "the documents" : document;
  const found = places[0];
  if (found === undefined) throw invalid(`The evidence "${quote}" is not in ${where}.`, COPY_HINT);
  if (places.length > 1)
    throw invalid(`The evidence "${quote}" is in ${places.length} documents.`, 'Name one as its "document".');
  if (occurrence === undefined && found.length > 1)
    throw invalid(
      `The evidence "${quote}" is ${found.length} times in ${where}.`,
      'Give its "occurrence", counted from 1, or quote more.',
    );
  const place = found[(occurrence ?? 1) - 1];
  if (place === undefined)
    throw invalid(
      `The evidence "${quote}" has no occurrence ${occurrence}: it is ${found.length} times in ${where}.`,
    );
  return place;
}

const COPY_HINT =
  "Copy the sentence, list item or table row as `waymark ask` prints it: without list markers and markup.";

function invalid(message: string, hint?: string): WaymarkError {
  return new WaymarkError("invalid-input", message, hint === undefined ? {} : { hint });
}

/** Runs of white space as one space, with the original offset of each character. */
function squeeze(text: string): { squeezed: string; offsets: number[] } {
  const offsets: number[] = [];
  let squeezed = "";
  for (let i = 0; i < text.length; i++) {
    const blank = /\s/.test(text.charAt(i));
    if (blank && squeezed.endsWith(" ")) continue;
    squeezed += blank ? " " : text.charAt(i);
    offsets.push(i);
  }
  return { squeezed, offsets };
}

function occurrences(text: string, needle: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + needle.length)) {
    if (atWordEdges(text, { start: at, end: at + needle.length })) found.push(at);
  }
  return found;
}

function atWordEdges(text: string, { start, end }: Range): boolean {
  const joined = (index: number) => /^[\p{L}\p{N}]{2}$/u.test(text.slice(index - 1, index + 1));
  return !(start > 0 && joined(start)) && !(end < text.length && joined(end));
}
