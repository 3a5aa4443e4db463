/** A score, and whether the thing that it is meant to detect is there. */
export interface Scored {
  score: number;
  positive: boolean;
}

/**
 * Area under the ROC curve: the chance that a positive has a higher score than a negative, ties counting half; the
 * Mann-Whitney U statistic over mid-ranks (Hanley and McNeil 1982). Null without positives or without negatives.
 */
export function auroc(items: readonly Scored[]): number | null {
  const sorted = [...items].sort((a, b) => a.score - b.score);
  const positives = sorted.filter(({ positive }) => positive).length;
  const negatives = sorted.length - positives;
  if (positives === 0 || negatives === 0) return null;
  let rankSum = 0;
  for (let i = 0; i < sorted.length; ) {
    let j = i;
    while (j < sorted.length && sorted[j]?.score === sorted[i]?.score) j++;
    const midRank = (i + 1 + j) / 2;
    rankSum += midRank * sorted.slice(i, j).filter(({ positive }) => positive).length;
    i = j;
  }
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/**
 * The mean of the true positive and the true negative rate at a threshold (`score >= threshold` is taken as positive).
 * Whoever always says the same has .5. Null without positives or without negatives.
 */
export function balancedAccuracy(items: readonly Scored[], threshold: number): number | null {
  const rate = (positive: boolean) => {
    const group = items.filter((item) => item.positive === positive);
    const right = group.filter(({ score }) => score >= threshold === positive).length;
    return group.length === 0 ? null : right / group.length;
  };
  const [sensitivity, specificity] = [rate(true), rate(false)];
  return sensitivity === null || specificity === null ? null : (sensitivity + specificity) / 2;
}
