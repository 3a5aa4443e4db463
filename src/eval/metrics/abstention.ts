/** One question: what was right to do, and what was done. */
export interface Decision {
  answerable: boolean;
  abstained: boolean;
}

/** Abstaining as detection of questions that cannot be answered. A ratio is null where its denominator is 0. */
export interface AbstentionScore {
  /** Abstentions that were right / abstentions. */
  precision: number | null;
  /** Abstentions that were right / questions that cannot be answered. */
  recall: number | null;
  /** Harmonic mean: 2 right / (abstentions + questions that cannot be answered). */
  f1: number | null;
  /** Abstentions on answerable questions / answerable questions. */
  falseAbstentions: number | null;
}

/** Precision, recall and F1 of abstaining, and the share of answerable questions that were refused. */
export function scoreAbstention(decisions: readonly Decision[]): AbstentionScore {
  const count = (answerable: boolean, abstained: boolean) =>
    decisions.filter((d) => d.answerable === answerable && d.abstained === abstained).length;
  const right = count(false, true);
  const wrong = count(true, true);
  const missed = count(false, false);
  return {
    precision: ratio(right, right + wrong),
    recall: ratio(right, right + missed),
    f1: ratio(2 * right, 2 * right + wrong + missed),
    falseAbstentions: ratio(wrong, wrong + count(true, false)),
  };
}

function ratio(numerator: number, denominator: number): number | null {
  return denominator === 0 ? null : numerator / denominator;
}
