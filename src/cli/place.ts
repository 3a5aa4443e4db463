import type { Citation } from "../answer/answer.js";
import { printableLine } from "./terminal.js";

/** A citation's place for a person: `Title › Heading › Heading (file.md, line 12)`. */
export function formatPlace(citation: Citation): string {
  const path = [citation.title, ...citation.headings].map((part) => printableLine(part).trim()).join(" › ");
  return `${path} (${[printableLine(citation.uri), ...position(citation)].join(", ")})`;
}

function position({ page, line }: Citation): string[] {
  if (page !== undefined) return [`page ${page}`];
  return line === undefined ? [] : [`line ${line}`];
}
