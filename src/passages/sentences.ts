import type { Range } from "../documents/document.js";

/**
 * Splits a stretch of text into sentences: ranges in ascending order, trimmed of white space, that together hold every
 * character of `[start, end)` that is not white space. Boundaries are Unicode's (UAX #29, `Intl.Segmenter`), mended
 * where that rule is known to break too early: after abbreviations and initials, before a lower-case continuation,
 * and at line ends inside a hard-wrapped paragraph.
 */
export function splitSentences(text: string, start = 0, end = text.length): Range[] {
  // Line ends are boundaries to the segmenter; a space of the same length is not.
  const flat = text.slice(start, end).replace(/[\r\n\u0085\u2028\u2029]/g, " ");
  const merged: Range[] = [];
  for (const { segment, index } of segmenter.segment(flat)) {
    const piece = trimmed(flat, index, index + segment.length);
    if (piece === undefined) continue;
    const last = merged.at(-1);
    if (last !== undefined && continues(flat, last, piece)) last.end = piece.end;
    else merged.push(piece);
  }
  return merged.map((range) => ({ start: range.start + start, end: range.end + start }));
}

const segmenter = new Intl.Segmenter("en", { granularity: "sentence" });

/** Words that end in a full stop and seldom end a sentence. */
const ABBREVIATIONS = new Set(
  (
    "e.g i.e cf vs viz al approx ca mr mrs ms dr prof sr jr st mt rev hon gen col capt lt sgt gov sen rep pres " +
    "no nos vol fig figs eq eqs sec ch pp ed eds dept est inc ltd co corp bros jan feb mar apr jun jul aug sep sept " +
    "oct nov dec u.s u.k u.n e.u a.m p.m"
  ).split(" "),
);

/** Of these, the ones that do end a sentence when a capital follows: "at 9 a.m. The doors open". */
const MAY_END_A_SENTENCE = new Set("al inc ltd co corp bros u.s u.k u.n e.u a.m p.m jr sr est".split(" "));

function continues(text: string, before: Range, after: Range): boolean {
  const next = text.slice(after.start, after.end);
  if (!/[\p{L}\p{N}]/u.test(next)) return true; // stray punctuation belongs to what precedes it
  if (!/[\p{L}\p{N}]/u.test(text.slice(before.start, before.end))) return true;
  const head = text.slice(Math.max(before.start, before.end - 24), before.end);
  const lowerCase = /^["'“‘(]*\p{Ll}/u.test(next);
  if (/[!?]["'”’)\]]+$/u.test(head)) return lowerCase; // “Why?” she asked.
  if (!/[.…]["'”’)\]]*$/u.test(head)) return false;
  if (lowerCase) return true; // "approx. three", "… and so on"
  const word = /([\p{L}.]+)\.$/u.exec(head)?.[1]?.toLowerCase();
  if (word === undefined) return false;
  if (/^\p{L}$/u.test(word)) return word !== "i"; // an initial: "J. Smith"
  if (MAY_END_A_SENTENCE.has(word)) return false;
  return ABBREVIATIONS.has(word) && /^["'“‘(]*[\p{Lu}\p{N}]/u.test(next);
}

/** The range without white space at its ends, or undefined where nothing is left. */
function trimmed(text: string, start: number, end: number): Range | undefined {
  while (start < end && /\s/u.test(text.charAt(start))) start++;
  while (end > start && /\s/u.test(text.charAt(end - 1))) end--;
  return start < end ? { start, end } : undefined;
}
