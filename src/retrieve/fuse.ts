import type { Candidate } from "../store/store.js";
import type { PassageMatch } from "./late-interaction.js";

/** A candidate with the fusion of its lexical and dense score, in [0, 1]. */
export interface Ranked extends Candidate {
  fused: number;
}

/** A candidate whose text was compared token by token. */
export interface Reranked extends Ranked {
  /** See {@link PassageMatch}; 0 where there are no token vectors. */
  interaction: number;
  /** What it is ranked by, in [0, 1]. */
  score: number;
}

/**
 * Ranks candidates by a convex combination of their min-max normalised scores,
 * `denseWeight * dense' + (1 - denseWeight) * lexical'`, best first; ties keep the passage ids' order, so that the
 * same candidates always rank the same. Where no candidate matches lexically, the dense score decides alone, and the
 * other way round.
 *
 * Source: Bruch, Gai, Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval", ACM TOIS 2023.
 */
export function fuse(candidates: readonly Candidate[], denseWeight: number): Ranked[] {
  const dense = minMax(candidates.map((candidate) => candidate.dense));
  const lexical = minMax(candidates.map((candidate) => candidate.lexical));
  return candidates
    .map((candidate, index) => ({
      ...candidate,
      fused: denseWeight * (dense[index] ?? 0) + (1 - denseWeight) * (lexical[index] ?? 0),
    }))
    .sort((a, b) => b.fused - a.fused || compareIds(a.passageId, b.passageId));
}

/**
 * Ranks fused candidates anew, best first: `weight * interaction' + (1 - weight) * fused`, where the interaction is
 * min-max normalised over the candidates. Where none has token vectors the order stays.
 */
export function rerank(
  ranked: readonly Ranked[],
  matches: ReadonlyMap<string, Pick<PassageMatch, "interaction">>,
  weight: number,
): Reranked[] {
  const raw = ranked.map(({ passageId }) => matches.get(passageId)?.interaction ?? 0);
  const scaled = minMax(raw);
  return ranked
    .map((entry, index) => ({
      ...entry,
      interaction: raw[index] ?? 0,
      score: weight * (scaled[index] ?? 0) + (1 - weight) * entry.fused,
    }))
    .sort((a, b) => b.score - a.score || compareIds(a.passageId, b.passageId));
}

/** Maps the least value to 0 and the greatest to 1; all to 0 where they are equal. */
function minMax(values: readonly number[]): number[] {
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  const spread = greatest - least;
  return values.map((value) => (spread > 0 ? (value - least) / spread : 0));
}

function compareIds(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
