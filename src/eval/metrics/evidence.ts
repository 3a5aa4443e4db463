import { intersect, measure, type Place } from "./place.js";

/** How well cited text covers the gold evidence, in characters; each in [0, 1]. */
export interface EvidenceScore {
  /** Cited evidence / all evidence. */
  recall: number;
  /** Cited evidence / all that is cited, less what may be cited besides. 0 where nothing is cited. */
  precision: number;
  /** Harmonic mean of the two. */
  f1: number;
}

/**
 * Character-level precision, recall and F1 of the union of the cited places, against the alternative that fits best (by F1,
 * then recall). Like the token overlap of SQuAD (Rajpurkar et al. 2016) and the rationale metrics of ERASER (DeYoung et
 * al. 2020), but on places rather than words: the right words in the wrong place count for nothing.
 *
 * @param evidenceSets Equally good sets of evidence; at least one.
 * @param optional Cited without need and without blame, as "okay" nuggets are in TREC.
 */
export function scoreEvidence(
  cited: readonly Place[],
  evidenceSets: readonly (readonly Place[])[],
  optional: readonly Place[] = [],
): EvidenceScore {
  return evidenceSets
    .map((evidence) => scoreAgainst(cited, evidence, optional))
    .reduce((best, score) =>
      score.f1 > best.f1 || (score.f1 === best.f1 && score.recall > best.recall) ? score : best,
    );
}

function scoreAgainst(
  cited: readonly Place[],
  evidence: readonly Place[],
  optional: readonly Place[],
): EvidenceScore {
  const hit = measure(intersect(cited, evidence));
  const allowed = measure(intersect(cited, [...evidence, ...optional])) - hit;
  const recall = hit / measure(evidence);
  const precision = hit === 0 ? 0 : hit / (measure(cited) - allowed);
  return { recall, precision, f1: hit === 0 ? 0 : (2 * precision * recall) / (precision + recall) };
}
