import type { Word } from "./words.js";

/**
 * Whether a sentence has words in the place of other words of its evidence. Both are aligned by their longest common
 * subsequence; where, between two words found, each has words of its own, the one's stand for the other's. So "three
 * months" replaces "three weeks" even where months are spoken of elsewhere, and what is merely moved replaces nothing.
 */
export function replacesWords(said: readonly string[], known: readonly string[]): boolean {
  const pairs = commonSubsequence(said, known);
  const bounds = [[-1, -1], ...pairs, [said.length, known.length]] as const;
  return (
    pairs.length > 0 &&
    bounds.slice(1).some(([i, j], index) => {
      const [a, b] = bounds[index] ?? [i, j];
      const [own, others] = [i - a - 1, j - b - 1];
      return own > 0 && others > 0 && others <= own + SLACK;
    })
  );
}

/** Where the evidence goes on for longer than that, the sentence has left something out rather than exchanged it. */
const SLACK = 1;

/**
 * Whether what stands behind a word that gives its sides different parts ("more than", "without") stands behind it in
 * the evidence too: "theory without practice" is not "practice without theory".
 */
export function sidesKept(sentence: readonly Word[], evidence: readonly Word[]): boolean {
  return PIVOTS.every((pivot) => {
    const [at, known] = [indexOf(sentence, pivot), indexOf(evidence, pivot)];
    if (at < 0 || known < 0) return true;
    const behind = new Set(evidence.slice(known + 1).map(({ stem }) => stem));
    const before = new Set(evidence.slice(0, known).map(({ stem }) => stem));
    return sentence
      .slice(at + 1)
      .filter(({ kind, clause }) => kind !== "function" && clause === sentence[at]?.clause)
      .slice(0, BEHIND)
      .every(({ stem }) => behind.has(stem) || !before.has(stem));
  });
}

const PIVOTS = ["than", "without", "before", "after", "until", "not", "from"];

/** Words behind a pivot that have to be behind it in the evidence too. */
const BEHIND = 2;

function indexOf(words: readonly Word[], stem: string): number {
  return words.findIndex((word) => word.stem === stem);
}

/** Index pairs of a longest common subsequence, ascending. */
function commonSubsequence(a: readonly string[], b: readonly string[]): [number, number][] {
  const width = b.length + 1;
  const lengths = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i * width + j] =
        a[i] === b[j]
          ? (lengths[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(lengths[(i + 1) * width + j] ?? 0, lengths[i * width + j + 1] ?? 0);
    }
  }
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) pairs.push([i++, j++]);
    else if ((lengths[(i + 1) * width + j] ?? 0) > (lengths[i * width + j + 1] ?? 0)) i++;
    else j++;
  }
  return pairs;
}
