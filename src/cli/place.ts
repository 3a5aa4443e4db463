import type { Citation, OtherPlace } from "../answer/answer.js";
import { positionOf } from "../answer/position.js";
import { printableLine } from "./terminal.js";

/** A citation's place for a person: `Title › Heading › Heading (file.md, line 12)`. */
export function formatPlace(citation: Citation): string {
  const path = [citation.title, ...citation.headings].map((part) => printableLine(part).trim()).join(" › ");
  return `${path} (${within(citation)})`;
}

/** Where else the words of a citation stand: ` — also in b.md, line 3; c.md`; empty where they stand once. */
export function formatOtherPlaces({ alsoAt = [] }: Citation): string {
  return alsoAt.length === 0 ? "" : ` — also in ${alsoAt.map(within).join("; ")}`;
}

function within(place: OtherPlace): string {
  const position = positionOf(place);
  return [place.uri, ...(position === undefined ? [] : [position])].map(printableLine).join(", ");
}
