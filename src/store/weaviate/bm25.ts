/** What BM25 has to know of all passages. */
export interface TermStatistics {
  passages: number;
  /** Words in a passage, on average. */
  averageLength: number;
  /** In how many passages each term of the query occurs. */
  passagesWith: ReadonlyMap<string, number>;
}

/**
 * BM25 as FTS5 computes it (https://www.sqlite.org/fts5.html#the_bm25_function), higher is better, 0 where no term matches.
 * Weaviate's own score takes another idf, and on each shard that shard's numbers; with this one a passage gets the same
 * score in every store.
 *
 * @param terms of the query; one that occurs twice counts twice
 * @param words the passage's, each as often as its column weighs
 * @param length words of the passage, each counted once
 */
export function bm25(
  terms: readonly string[],
  words: readonly string[],
  length: number,
  { passages, averageLength, passagesWith }: TermStatistics,
): number {
  const frequency = new Map<string, number>();
  for (const word of words) frequency.set(word, (frequency.get(word) ?? 0) + 1);
  const norm = K1 * (1 - B + (B * length) / averageLength);
  let score = 0;
  for (const term of terms) {
    const tf = frequency.get(term) ?? 0;
    if (tf === 0) continue;
    const n = passagesWith.get(term) ?? 1;
    const idf = Math.max(LEAST_IDF, Math.log((passages - n + 0.5) / (n + 0.5)));
    score += (idf * tf * (K1 + 1)) / (tf + norm);
  }
  return score;
}

const K1 = 1.2;
const B = 0.75;

/** A term that is in more than half of the passages still says a little. */
const LEAST_IDF = 1e-6;
