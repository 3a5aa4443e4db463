import type { Citation } from "../answer/answer.js";
import { positionOf } from "../answer/position.js";
import { printableLine } from "./terminal.js";

/** A citation's place for a person: `Title › Heading › Heading (file.md, line 12)`. */
export function formatPlace(citation: Citation): string {
  const path = [citation.title, ...citation.headings].map((part) => printableLine(part).trim()).join(" › ");
  const position = positionOf(citation);
  const within = position === undefined ? [citation.uri] : [citation.uri, position];
  return `${path} (${within.map(printableLine).join(", ")})`;
}
