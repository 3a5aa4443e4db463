import type { AnswerSentence, Citation, OtherPlace } from "../answer/answer.js";
import { positionOf } from "../answer/position.js";
import { formatRoute } from "./route.js";

/** Characters of a heading or title that a label shows. */
const LABEL_LENGTH = 120;

/** The address of a citation's place on this page; two citations of one place have the same. */
export function citationAddress({ documentId, start, end }: OtherPlace): string {
  return formatRoute({ view: "document", documentId, range: { start, end } });
}

/** The places that an answer cites, each once, in the order in which the sentences name them. Their numbers are 1, 2, … */
export function numberCitations(sentences: readonly AnswerSentence[]): Citation[] {
  const places = new Map<string, Citation>();
  for (const citation of sentences.flatMap((sentence) => sentence.citations)) {
    const address = citationAddress(citation);
    if (!places.has(address)) places.set(address, citation);
  }
  return [...places.values()];
}

/**
 * Where a citation is, in words: heading path, then the place, page or line, e.g. "Step 5 › Tools, page 3". A heading that
 * the place names is not said twice.
 */
export function describePlace(citation: Citation): string {
  const { headings, title, place } = citation;
  const names = headings.length > 0 ? headings.filter((heading) => !place?.includes(heading)) : [title];
  const path = names.map((name) => shorten(name, LABEL_LENGTH)).join(" › ");
  return [path, positionOf(citation)].filter((part) => part !== undefined && part !== "").join(", ");
}

/** Another place of the same words, in words: the file, then the place, page or line. */
export function describeOtherPlace(place: OtherPlace): string {
  const name = shorten(place.uri, LABEL_LENGTH);
  const position = positionOf(place);
  return position === undefined ? name : `${name}, ${position}`;
}

/** A text of at most `most` characters: a longer one is cut, whole characters only, and ends in "…". */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text
    .slice(0, most - 1)
    .replace(/[\uD800-\uDBFF]$/, "")
    .trimEnd()}…`;
}
