/**
 * Finds the words that may lie within a few typing errors of another, among some 200,000 in well under a millisecond.
 * Words are kept by first letter and length; of those, the ones that share too few letters are passed over by comparing
 * the sets of their letters as 26 bits. Words with anything but the letters a to z are left out.
 */
export class WordIndex {
  readonly #buckets = new Map<string, Bucket>();

  constructor(words: Iterable<string>) {
    for (const word of words) {
      if (!/^[a-z]+$/.test(word)) continue;
      const key = bucketKey(word.charAt(0), word.length);
      const bucket = this.#buckets.get(key) ?? { words: [], letters: [] };
      if (bucket.words.length === 0) this.#buckets.set(key, bucket);
      bucket.words.push(word);
      bucket.letters.push(lettersOf(word));
    }
  }

  /**
   * All words that can be within `edits` insertions, deletions, substitutions and swaps of neighbours, and some that
   * are not. The first letter is taken to be right, or swapped with the second.
   */
  near(word: string, edits: number): string[] {
    const found: string[] = [];
    const letters = lettersOf(word);
    const first = word.charAt(0);
    for (const initial of new Set([first, word.charAt(1)])) {
      for (let length = word.length - edits; length <= word.length + edits; length++) {
        const bucket = this.#buckets.get(bucketKey(initial, length));
        if (bucket === undefined) continue;
        for (let place = 0; place < bucket.letters.length; place++) {
          const others = bucket.letters[place] ?? 0;
          // An edit takes one letter out of the set at most, and brings one in.
          if (countBits(letters & ~others) > edits || countBits(others & ~letters) > edits) continue;
          const candidate = bucket.words[place] ?? "";
          if (initial === first || candidate.charAt(1) === first) found.push(candidate);
        }
      }
    }
    return found;
  }
}

interface Bucket {
  words: string[];
  /** For each word, the set of its letters; bit 0 is "a". */
  letters: number[];
}

function bucketKey(initial: string, length: number): string {
  return initial + length;
}

function lettersOf(word: string): number {
  let letters = 0;
  for (let i = 0; i < word.length; i++) letters |= 1 << (word.charCodeAt(i) - 97);
  return letters;
}

/** Population count: Warren, "Hacker's Delight", 5-1. */
function countBits(value: number): number {
  const pairs = value - ((value >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
