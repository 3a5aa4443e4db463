import type { Reading } from "./model.js";
import type { ReaderWindow } from "./reader-input.js";

/** The reader's outputs by name; a model that lacks one of these labels is no reader. */
export const READER_LABELS = ["start", "end", "evidence", "answerable", "supported"] as const;

/** Which column of the logits holds an output. */
export type ReaderColumns = Record<(typeof READER_LABELS)[number], number>;

/** The longest short answer, in tokens. */
export const MAX_ANSWER_TOKENS = 30;

/** A window and what the model made of it: one row of `width` logits a token of `ids`. */
export interface ReadWindow extends ReaderWindow {
  logits: Float32Array;
  width: number;
}

/**
 * Reads the logits of a passage's windows: the best window's `answerable` and `supported`; for each unit the mean
 * evidence probability over its tokens, in whichever windows they are, as a logit; the best short answer of all.
 */
export function readingOf(
  windows: readonly ReadWindow[],
  unitCount: number,
  columns: ReaderColumns,
): Reading {
  const shortAnswers = windows.flatMap((window) => bestSpan(window, columns) ?? []);
  const [shortAnswer] = shortAnswers.sort((a, b) => b.score - a.score);
  return {
    answerable: Math.max(
      ...windows.map((window) => window.logits[columns.answerable] ?? Number.NEGATIVE_INFINITY),
    ),
    supported: Math.max(
      ...windows.map((window) => window.logits[columns.supported] ?? Number.NEGATIVE_INFINITY),
    ),
    evidence: evidenceByUnit(windows, unitCount, columns.evidence),
    ...(shortAnswer !== undefined ? { shortAnswer } : {}),
  };
}

function evidenceByUnit(windows: readonly ReadWindow[], unitCount: number, column: number): number[] {
  const sums = new Array<number>(unitCount).fill(0);
  const counts = new Array<number>(unitCount).fill(0);
  for (const { tokens, offset, logits, width } of windows) {
    for (const [index, { unit }] of tokens.entries()) {
      if (unit === undefined) continue;
      sums[unit] = (sums[unit] ?? 0) + sigmoid(logits[(offset + index) * width + column] ?? 0);
      counts[unit] = (counts[unit] ?? 0) + 1;
    }
  }
  return sums.map((sum, unit) => logit(sum / Math.max(1, counts[unit] ?? 0)));
}

/**
 * The pair start <= end within one piece of the document with the highest sum of its start and end logits. The score
 * is against the same sum at [CLS], which stands for "no short answer"; the softmax's denominators cancel.
 */
function bestSpan(
  { tokens, offset, logits, width }: ReadWindow,
  columns: ReaderColumns,
): Reading["shortAnswer"] {
  const at = (position: number, column: number) =>
    logits[position * width + column] ?? Number.NEGATIVE_INFINITY;
  const none = at(0, columns.start) + at(0, columns.end);
  let best: Reading["shortAnswer"];
  for (const [first, { unit, piece, start, mark }] of tokens.entries()) {
    if (unit === undefined || start === undefined || mark !== undefined) continue;
    let openBrackets = 0;
    for (let last = first; last < Math.min(tokens.length, first + MAX_ANSWER_TOKENS); last++) {
      const token = tokens[last];
      if (token?.end === undefined || token.unit !== unit || token.piece !== piece) break;
      if (token.mark === "open") openBrackets++;
      if (token.mark === "close") openBrackets--;
      if (openBrackets < 0) break;
      if (openBrackets > 0 || token.mark === "edge") continue;
      const score = at(offset + first, columns.start) + at(offset + last, columns.end) - none;
      if (best === undefined || score > best.score) best = { start, end: token.end, unit, score };
    }
  }
  return best;
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** The inverse of the logistic function, finite at 0 and 1. */
function logit(p: number): number {
  const inside = Math.min(1 - EPSILON, Math.max(EPSILON, p));
  return Math.log(inside / (1 - inside));
}

const EPSILON = 1e-6;
