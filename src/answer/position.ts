import type { Citation } from "./answer.js";

/** Where in its document a citation is, as a person would say it: "slide 3", else "page 3", else "line 12". */
export function positionOf({
  place,
  page,
  line,
}: Pick<Citation, "place" | "page" | "line">): string | undefined {
  if (place !== undefined) return place;
  if (page !== undefined) return `page ${page}`;
  return line === undefined ? undefined : `line ${line}`;
}
