/** A line of the source without its line end, indents of its surroundings taken off. */
export interface RstLine {
  text: string;
  /** 1-based. */
  number: number;
}

/** What stands before an item of a numbered list. */
export const NUMBER = /^(?:(\d{1,4}|#|[a-z])[.)]|\((\d{1,4}|#|[a-z])\))(?: +|$)/i;

/** A letter or number is one of a list where the line below is no plain text: "A. Smith\nsays" is none. */
export function isNumbered(lines: readonly RstLine[], at: number): boolean {
  if (!NUMBER.test(lines[at]?.text ?? "")) return false;
  const below = lines[at + 1]?.text ?? "";
  return below === "" || below.startsWith(" ") || NUMBER.test(below);
}

/** The line after those that belong together. */
export function endOf(
  lines: readonly RstLine[],
  at: number,
  belongs: (text: string, index: number) => boolean,
): number {
  let end = at;
  while (end < lines.length && belongs(lines[end]?.text ?? "", end)) end += 1;
  return end;
}

/** The lines without the indent that they share, of at most so many columns. */
export function dedented(lines: readonly RstLine[], most = Number.POSITIVE_INFINITY): RstLine[] {
  let shared = most;
  for (const { text } of lines)
    if (text !== "") shared = Math.min(shared, text.length - text.trimStart().length);
  return lines.map(({ text, number }) => ({ text: text.slice(shared), number }));
}
