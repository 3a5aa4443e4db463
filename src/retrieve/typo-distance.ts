/**
 * How far a typed word is from the word that may have been meant: the least sum of slips that turns one into the
 * other. Slips are those of the optimal string alignment distance: a letter left out, one too many, one for another,
 * two neighbours swapped. A likely slip counts 1: leaving out, swapping, doubling, hitting the key beside, one vowel
 * for another, one letter for another of the same sound. Any other counts {@link UNLIKELY}, as "cobol" is no slip for
 * "cool". Gives Infinity as soon as the sum must pass `limit`. Both words: lower-case letters a to z.
 *
 * Source: Damerau, "A technique for computer detection and correction of spelling errors", CACM 1964; weights by kind
 * of slip as in Kernighan, Church, Gale, "A Spelling Correction Program Based on a Noisy Channel Model", COLING 1990.
 */
export function typoDistance(typed: string, meant: string, limit: number): number {
  if (Math.abs(typed.length - meant.length) > limit) return Number.POSITIVE_INFINITY;
  let beforeLast: number[] = [];
  let last = Array.from({ length: meant.length + 1 }, (_, j) => j);
  for (let i = 1; i <= typed.length; i++) {
    const surplus = surplusCost(typed, i - 1);
    const row = [(last[0] ?? 0) + surplus];
    let least = row[0] ?? 0;
    for (let j = 1; j <= meant.length; j++) {
      const replaced = (last[j - 1] ?? 0) + substitutionCost(typed.charAt(i - 1), meant.charAt(j - 1));
      const leftOut = (row[j - 1] ?? 0) + 1;
      let cost = Math.min(replaced, leftOut, (last[j] ?? 0) + surplus);
      if (swapped(typed, i, meant, j)) cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1);
      row.push(cost);
      least = Math.min(least, cost);
    }
    // A swap reaches back two rows, but the row between is then at most one step above.
    if (least > limit + 1) return Number.POSITIVE_INFINITY;
    beforeLast = last;
    last = row;
  }
  const distance = last[meant.length] ?? 0;
  return distance > limit ? Number.POSITIVE_INFINITY : distance;
}

/** What a slip counts that fingers and ears seldom make. */
export const UNLIKELY = 1.5;

/** The rows of a keyboard (QWERTY), each shifted by about half a key against the one above. */
const KEY_ROWS = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];

/** Letters that are written for one another because they sound alike. */
const SOUND_GROUPS = ["aeiouy", "ckqsx", "szc", "gj", "td", "bp", "fv", "vw", "mn"];

const ADJACENT_KEYS = adjacentKeys();

function substitutionCost(typed: string, meant: string): number {
  if (typed === meant) return 0;
  const likely =
    ADJACENT_KEYS.has(typed + meant) ||
    SOUND_GROUPS.some((group) => group.includes(typed) && group.includes(meant));
  return likely ? 1 : UNLIKELY;
}

/** A letter too many is likely where it doubles a neighbour or its key lies beside a neighbour's. */
function surplusCost(typed: string, index: number): number {
  const letter = typed.charAt(index);
  const likely = [typed.charAt(index - 1), typed.charAt(index + 1)].some(
    (neighbour) => neighbour === letter || ADJACENT_KEYS.has(letter + neighbour),
  );
  return likely ? 1 : UNLIKELY;
}

function swapped(typed: string, i: number, meant: string, j: number): boolean {
  return (
    i > 1 &&
    j > 1 &&
    typed.charAt(i - 1) === meant.charAt(j - 2) &&
    typed.charAt(i - 2) === meant.charAt(j - 1)
  );
}

/** All pairs of letters, both ways round, whose keys touch. */
function adjacentKeys(): Set<string> {
  const pairs = KEY_ROWS.flatMap((row, index) =>
    Array.from(row).flatMap((letter, column) => {
      const below = KEY_ROWS[index + 1] ?? "";
      const neighbours = [row.charAt(column + 1), below.charAt(column - 1), below.charAt(column)];
      return neighbours.filter((key) => key !== "").flatMap((key) => [letter + key, key + letter]);
    }),
  );
  return new Set(pairs);
}
