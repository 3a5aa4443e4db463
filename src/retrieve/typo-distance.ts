/**
 * How far a typed word is from the word that may have been meant: the least sum of slips that turns one into the
 * other. Slips are those of the optimal string alignment distance: a letter left out, one too many, one for another,
 * two neighbours swapped. A likely slip counts 1: leaving out, swapping, doubling, hitting the key beside, one vowel
 * for another, one letter for another of the same sound. Any other counts {@link UNLIKELY}, as "cobol" is no slip for
 * "cool". Infinity where the sum passes `limit`. Both words: lower-case letters a to z.
 *
 * Source: Damerau, "A technique for computer detection and correction of spelling errors", CACM 1964; weights by kind
 * of slip as in Kernighan, Church, Gale, "A Spelling Correction Program Based on a Noisy Channel Model", COLING 1990.
 */
export function typoDistance(typed: string, meant: string, limit: number): number {
  const width = meant.length;
  if (Math.abs(typed.length - width) > limit) return Number.POSITIVE_INFINITY;
  // Every slip counts 1 at least, so a way within the limit stays within so many letters of the diagonal.
  const band = Math.floor(limit);
  let beforeLast: number[] = [];
  let last: number[] = [];
  for (let j = 0; j <= width; j++) last.push(j);
  for (let i = 1; i <= typed.length; i++) {
    const letter = codeAt(typed, i - 1);
    const letterBefore = codeAt(typed, i - 2);
    const surplus = surplusCost(typed, i - 1);
    const row = new Array<number>(width + 1).fill(Number.POSITIVE_INFINITY);
    if (i <= band) row[0] = (last[0] ?? 0) + surplus;
    let least = row[0] ?? 0;
    for (let j = Math.max(1, i - band); j <= Math.min(width, i + band); j++) {
      const other = codeAt(meant, j - 1);
      let cost = (last[j - 1] ?? 0) + (letter === other ? 0 : (REPLACING[letter * LETTERS + other] ?? 0));
      cost = Math.min(cost, (row[j - 1] ?? 0) + 1, (last[j] ?? 0) + surplus);
      if (i > 1 && j > 1 && letterBefore === other && letter === codeAt(meant, j - 2)) {
        cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1);
      }
      row[j] = cost;
      if (cost < least) least = cost;
    }
    // One row can be passed by a swap, which counts less than an unlikely slip.
    if (least > limit + UNLIKELY - 1) return Number.POSITIVE_INFINITY;
    beforeLast = last;
    last = row;
  }
  const distance = last[width] ?? 0;
  return distance > limit ? Number.POSITIVE_INFINITY : distance;
}

/** What a slip counts that fingers and ears seldom make. */
export const UNLIKELY = 1.5;

const LETTERS = 26;

/** The rows of a keyboard (QWERTY), each shifted by about half a key against the one above. */
const KEY_ROWS = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];

/** Letters that are written for one another because they sound alike. */
const SOUND_GROUPS = ["aeiouy", "ckqsx", "szc", "gj", "td", "bp", "fv", "vw", "mn"];

/** 1 where the keys of two letters touch: letter times 26 plus letter. */
const ADJACENT = pairTable(KEY_ROWS.flatMap((row, index) => adjacentTo(row, KEY_ROWS[index + 1] ?? "")));

/** What one letter for another counts, at the same places. */
const REPLACING = replacingTable();

/** A letter too many is likely where it doubles a neighbour or its key lies beside a neighbour's. */
function surplusCost(typed: string, index: number): number {
  const letter = codeAt(typed, index);
  const likely = (neighbour: number) => neighbour === letter || ADJACENT[letter * LETTERS + neighbour] === 1;
  return likely(codeAt(typed, index - 1)) || likely(codeAt(typed, index + 1)) ? 1 : UNLIKELY;
}

/** 0 for "a"; NaN outside the word. */
function codeAt(word: string, index: number): number {
  return word.charCodeAt(index) - 97;
}

function replacingTable(): Float64Array {
  const soundsAlike = pairTable(
    SOUND_GROUPS.flatMap((group) => [...group].flatMap((a) => [...group].map((b) => a + b))),
  );
  return Float64Array.from(ADJACENT, (adjacent, place) =>
    adjacent === 1 || soundsAlike[place] === 1 ? 1 : UNLIKELY,
  );
}

/** The pairs of letters whose keys touch, within a row of keys and between it and the one below. */
function adjacentTo(row: string, below: string): string[] {
  return [...row].flatMap((letter, column) =>
    [row.charAt(column + 1), below.charAt(column - 1), below.charAt(column)]
      .filter((key) => key !== "")
      .map((key) => letter + key),
  );
}

/** 26 by 26, symmetric: 1 for each of the pairs. */
function pairTable(pairs: readonly string[]): Uint8Array {
  const table = new Uint8Array(LETTERS * LETTERS);
  for (const pair of pairs) {
    const [a, b] = [codeAt(pair, 0), codeAt(pair, 1)];
    table[a * LETTERS + b] = 1;
    table[b * LETTERS + a] = 1;
  }
  return table;
}
