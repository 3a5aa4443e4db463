import type { LineRange } from "./code-outline.js";

/**
 * About as many tokens as a piece of code may have, so that it fits the reader together with its headings and a question.
 * A file is read without a tokenizer; the estimate is on the high side.
 */
const MAX_TOKENS = 110;

/**
 * Divides lines of code into pieces that fit the reader, between statements, the outermost first: a function of forty
 * lines is divided between its own statements, and a long one of these between those inside it. Blank lines at the ends of
 * a piece belong to none. Where nothing begins (in a long comment or text), any line may begin a piece.
 *
 * @param depths for each line of the file how deep what begins on it is nested, see `CodeOutline`
 */
export function divideCode(
  lines: readonly string[],
  depths: readonly number[],
  range: LineRange,
): LineRange[] {
  const tokens = sumsOf(lines, range);
  const size = ({ start, end }: LineRange) =>
    (tokens[end - range.start] ?? 0) - (tokens[start - range.start] ?? 0);
  const chunks: LineRange[] = [];
  const stack: LineRange[] = [range];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const piece = trimmed(lines, next);
    if (piece.start >= piece.end) continue;
    const parts = size(piece) > MAX_TOKENS ? partsOf(depths, piece) : [];
    if (parts.length > 1) stack.push(...packed(parts, size).toReversed());
    else chunks.push(piece);
  }
  return chunks;
}

/** Divided before each line on which something of the outermost depth begins; before each line where nothing does. */
function partsOf(depths: readonly number[], { start, end }: LineRange): LineRange[] {
  let outermost = Number.POSITIVE_INFINITY;
  for (let line = start + 1; line < end; line += 1)
    outermost = Math.min(outermost, depths[line] ?? outermost);
  const parts: LineRange[] = [];
  let from = start;
  for (let line = start + 1; line < end; line += 1) {
    if (depths[line] !== outermost) continue;
    parts.push({ start: from, end: line });
    from = line;
  }
  parts.push({ start: from, end });
  return parts;
}

/** Neighbours together as far as they fit. */
function packed(parts: readonly LineRange[], size: (range: LineRange) => number): LineRange[] {
  const groups: LineRange[] = [];
  for (const part of parts) {
    const last = groups.at(-1);
    const together = last === undefined ? undefined : { start: last.start, end: part.end };
    if (together !== undefined && size(together) <= MAX_TOKENS) groups[groups.length - 1] = together;
    else groups.push(part);
  }
  return groups;
}

/** Running sums of the lines' estimated tokens: one more than there are lines. */
function sumsOf(lines: readonly string[], { start, end }: LineRange): number[] {
  const sums = [0];
  for (let line = start; line < end; line += 1)
    sums.push((sums.at(-1) ?? 0) + estimateTokens(lines[line] ?? ""));
  return sums;
}

/** A WordPiece tokenizer makes one token of a mark, and of a word one and another for about each five letters more. */
function estimateTokens(line: string): number {
  let tokens = 0;
  for (const [token] of line.matchAll(/\p{L}[\p{L}\p{M}]*|\p{N}+|[^\s\p{L}\p{N}]/gu))
    tokens += Math.ceil(token.length / 5);
  return tokens;
}

function trimmed(lines: readonly string[], { start, end }: LineRange): LineRange {
  const isBlank = (line: number) => (lines[line] ?? "").trim() === "";
  while (start < end && isBlank(start)) start += 1;
  while (start < end && isBlank(end - 1)) end -= 1;
  return { start, end };
}
