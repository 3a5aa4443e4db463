import { intersect, measure, overlaps, type Place } from "./place.js";

/**
 * Recall at k of a ranking with known relevant items: |relevant in the first k| / |relevant|.
 * Manning, Raghavan, Schütze, Introduction to Information Retrieval, ch. 8.
 */
export function recallAtK<T>(ranked: readonly T[], relevant: ReadonlySet<T>, k: number): number {
  if (relevant.size === 0) return 0;
  return new Set(ranked.slice(0, k).filter((item) => relevant.has(item))).size / relevant.size;
}

/** 1 / rank of the first relevant item, 0 where there is none; its mean over questions is MRR (Voorhees 1999). */
export function reciprocalRank(relevance: readonly boolean[]): number {
  const index = relevance.indexOf(true);
  return index < 0 ? 0 : 1 / (index + 1);
}

/**
 * Normalised discounted cumulative gain at k, with linear gains and the discount 1 / log2(rank + 1)
 * (Järvelin and Kekäläinen 2002).
 * @param gains Of the ranked items, in order.
 * @param ideal Gains of all items that could be ranked, in any order. 0 where all are 0.
 */
export function ndcgAtK(gains: readonly number[], ideal: readonly number[], k: number): number {
  const best = dcg([...ideal].sort((a, b) => b - a).slice(0, k));
  return best === 0 ? 0 : dcg(gains.slice(0, k)) / best;
}

function dcg(gains: readonly number[]): number {
  return gains.reduce((sum, gain, index) => sum + gain / Math.log2(index + 2), 0);
}

/** How well a ranking of whole documents, each of which is relevant or not, does. */
export interface DocumentRankingScore {
  ndcgAt10: number;
  reciprocalRank: number;
  recallAt5: number;
  recallAt10: number;
}

/**
 * Scores documents in the order of their best passage against the relevant ones, as BEIR does (Thakur et al. 2021): binary
 * gains, and an ideal ranking that begins with all that is relevant.
 * @param passages The document ids of ranked passages; a document counts where it comes first.
 */
export function scoreDocuments(
  passages: readonly string[],
  relevant: ReadonlySet<string>,
): DocumentRankingScore {
  const ranked = [...new Set(passages)];
  const relevance = ranked.map((id) => relevant.has(id));
  const ideal = [...relevant].map(() => 1);
  return {
    ndcgAt10: ndcgAtK(relevance.map(Number), ideal, 10),
    reciprocalRank: reciprocalRank(relevance),
    recallAt5: recallAtK(ranked, relevant, 5),
    recallAt10: recallAtK(ranked, relevant, 10),
  };
}

/** How well ranked passages hold the gold evidence. */
export interface PassageRankingScore {
  /** Share of the evidence's characters in the first 1, 3, 5 and 10 passages together. */
  recallAt: Record<RecallDepth, number>;
  /** Of the first passage that holds a character of evidence. */
  reciprocalRank: number;
  /** The gain of a passage is the number of evidence characters that no passage before it has. */
  ndcgAt10: number;
}

/** The depths that recall is told for. */
export const RECALL_DEPTHS = [1, 3, 5, 10] as const;

export type RecallDepth = (typeof RECALL_DEPTHS)[number];

/**
 * Scores ranked passages against gold evidence by characters, so that systems which cut passages differently can be
 * compared. The best alternative counts, by nDCG. The ideal ranking has the same passages in the best order, and evidence
 * that none of them holds as one more passage: so what is not found costs as much as what is found late.
 */
export function scoreRanking(
  ranked: readonly Place[],
  evidenceSets: readonly (readonly Place[])[],
): PassageRankingScore {
  return evidenceSets
    .map((evidence) => scoreAgainst(ranked, evidence))
    .reduce((best, score) => (score.ndcgAt10 > best.ndcgAt10 ? score : best));
}

function scoreAgainst(ranked: readonly Place[], evidence: readonly Place[]): PassageRankingScore {
  const total = measure(evidence);
  const covered = (k: number) => measure(intersect(ranked.slice(0, k), evidence));
  const gains = ranked.map((_, index) => covered(index + 1) - covered(index));
  const missing = total - covered(ranked.length);
  const recallAt = Object.fromEntries(RECALL_DEPTHS.map((k) => [k, covered(k) / total]));
  return {
    recallAt: recallAt as Record<RecallDepth, number>,
    reciprocalRank: reciprocalRank(
      ranked.map((passage) => evidence.some((place) => overlaps(place, passage))),
    ),
    ndcgAt10: ndcgAtK(gains, [...gains, missing], 10),
  };
}
