import { intersect, measure, type Place } from "./place.js";

/** Evidence sentences of one question, counted. */
export interface SentenceCounts {
  /** Cited places, less those that are allowed and not needed. */
  cited: number;
  /** Of these, the ones that are evidence. */
  right: number;
  /** Sentences of evidence. */
  gold: number;
  /** Of these, the ones that are cited. */
  found: number;
}

/**
 * Counts evidence by sentence, as sets with labelled sentences do it (ClapNQ, SciFact): a place is hit where more than half
 * of its characters are covered, so that another sentence splitter makes no difference. The alternative that fits best
 * counts.
 * @param evidenceSets Equally good sets of evidence, each place a sentence; at least one.
 */
export function countSentences(
  cited: readonly Place[],
  evidenceSets: readonly (readonly Place[])[],
  optional: readonly Place[] = [],
): SentenceCounts {
  return evidenceSets
    .map((evidence): SentenceCounts => {
      const right = cited.filter((place) => isCovered(place, evidence)).length;
      const idle = cited.filter((place) => !isCovered(place, evidence) && isCovered(place, optional)).length;
      const found = evidence.filter((place) => isCovered(place, cited)).length;
      return { cited: cited.length - idle, right, gold: evidence.length, found };
    })
    .reduce((best, counts) => ((sentenceF1([counts]) ?? 0) > (sentenceF1([best]) ?? 0) ? counts : best));
}

/** Right / cited over all questions together (micro average); null where nothing is cited. */
export function sentencePrecision(counts: readonly SentenceCounts[]): number | null {
  return ratio(
    total(counts, ({ right }) => right),
    total(counts, ({ cited }) => cited),
  );
}

/** Found / gold over all questions together (micro average); null where there is no evidence. */
export function sentenceRecall(counts: readonly SentenceCounts[]): number | null {
  return ratio(
    total(counts, ({ found }) => found),
    total(counts, ({ gold }) => gold),
  );
}

/** The harmonic mean of the two; 0 where nothing is cited, null where there is no evidence. */
export function sentenceF1(counts: readonly SentenceCounts[]): number | null {
  const recall = sentenceRecall(counts);
  const precision = sentencePrecision(counts) ?? 0;
  if (recall === null) return null;
  return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
}

function isCovered(place: Place, by: readonly Place[]): boolean {
  return 2 * measure(intersect([place], by)) > measure([place]);
}

function total(counts: readonly SentenceCounts[], of: (counts: SentenceCounts) => number): number {
  return counts.reduce((sum, entry) => sum + of(entry), 0);
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
