/** One question: how sure the system was, and what answering it costs (0 right, 1 wrong). */
export interface Risky {
  confidence: number;
  loss: number;
}

/** Answering the questions of at least `threshold` confidence: the share answered, and the mean loss on those. */
export interface RiskCoveragePoint {
  threshold: number;
  coverage: number;
  risk: number;
}

/**
 * The risk-coverage curve of selective prediction (El-Yaniv and Wiener 2010): one point for each confidence that occurs, from
 * the surest on. Questions of the same confidence cannot be told apart and come together.
 */
export function riskCoverageCurve(items: readonly Risky[]): RiskCoveragePoint[] {
  const points: RiskCoveragePoint[] = [];
  let answered = 0;
  let loss = 0;
  for (const group of byConfidence(items)) {
    answered += group.losses.length;
    loss += group.losses.reduce((sum, value) => sum + value, 0);
    points.push({ threshold: group.confidence, coverage: answered / items.length, risk: loss / answered });
  }
  return points;
}

/**
 * Area under the risk-coverage curve (Geifman et al. 2019): the mean, over n = 1 … N, of the risk of answering the n surest.
 * Among equal confidences the order is taken as random. 0 is best; without any skill it is the mean loss. Null if empty.
 */
export function areaUnderRiskCoverage(items: readonly Risky[]): number | null {
  if (items.length === 0) return null;
  let answered = 0;
  let loss = 0;
  let sum = 0;
  for (const { losses } of byConfidence(items)) {
    const mean = losses.reduce((total, value) => total + value, 0) / losses.length;
    for (let i = 0; i < losses.length; i++) {
      answered += 1;
      loss += mean;
      sum += loss / answered;
    }
  }
  return sum / items.length;
}

/** The losses by confidence, the highest first. */
function byConfidence(items: readonly Risky[]): { confidence: number; losses: number[] }[] {
  const groups = new Map<number, number[]>();
  for (const { confidence, loss } of items) {
    const losses = groups.get(confidence);
    if (losses === undefined) groups.set(confidence, [loss]);
    else losses.push(loss);
  }
  return [...groups]
    .map(([confidence, losses]) => ({ confidence, losses }))
    .sort((a, b) => b.confidence - a.confidence);
}
