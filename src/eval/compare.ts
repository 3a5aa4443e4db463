import type { GateFailure } from "./gate.js";
import { type Interval, pairedDifference } from "./metrics/bootstrap.js";
import { QUESTION_METRICS, type QuestionMetric, type QuestionMetrics } from "./metrics/metric.js";
import type { EvalResults } from "./results.js";

/** What a comparison needs of a run: each question's figures. */
export type ComparedQuestions = readonly { id: string; metrics: Partial<QuestionMetrics> }[];

/** The mean difference of a metric over the questions that both runs have. */
export interface Comparison {
  metric: QuestionMetric;
  before: number;
  after: number;
  /** after - before, with its paired bootstrap 95 % interval. */
  difference: Interval;
  n: number;
  /** The interval lies wholly on one side of zero, by more than {@link PROCESSOR_TOLERANCE}. */
  verdict: "better" | "worse" | "same";
}

/**
 * The same code and weights give slightly other figures on another kind of processor: without VNNI the int8 kernels saturate. Of all figures
 * of the six sets of the gate, one then differed by more than chance alone: nDCG@10 on the article by -.005 [-.011, -.0004].
 */
export const PROCESSOR_TOLERANCE = 0.002;

/** Compares two runs question by question. Metrics and questions that only one of them has are left out. */
export function compareRuns(before: ComparedQuestions, after: ComparedQuestions, seed: number): Comparison[] {
  const earlier = new Map(before.map(({ id, metrics }) => [id, metrics]));
  return (Object.keys(QUESTION_METRICS) as QuestionMetric[]).flatMap((metric) => {
    const pairs = after.flatMap(({ id, metrics }) => {
      const a = earlier.get(id)?.[metric] ?? null;
      const b = metrics[metric] ?? null;
      return a === null || b === null ? [] : [[roundFigure(a), roundFigure(b)] as const];
    });
    const difference = pairedDifference(pairs, { seed });
    if (difference === null) return [];
    const sum = (index: 0 | 1) => pairs.reduce((total, pair) => total + pair[index], 0);
    return [
      {
        metric,
        before: sum(0) / pairs.length,
        after: sum(1) / pairs.length,
        difference,
        n: pairs.length,
        verdict: judge(QUESTION_METRICS[metric].better, difference),
      },
    ];
  });
}

/** Figures are kept and compared to four decimals: what was rounded on one side alone would look like a difference. */
export function roundFigure(figure: number): number {
  return Number(figure.toFixed(4));
}

/** The comparisons that show a loss, as reasons to fail. */
export function lossesAgainst(baseline: string, comparisons: readonly Comparison[]): GateFailure[] {
  return comparisons
    .filter(({ verdict }) => verdict === "worse")
    .map(({ metric, before, after, difference: { low, high } }) => ({
      metric,
      reason:
        `${QUESTION_METRICS[metric].label} (${metric}) is ${after.toFixed(3)}, it was ${before.toFixed(3)} in ${baseline}: ` +
        `the difference is in [${low.toFixed(3)}, ${high.toFixed(3)}].`,
    }));
}

/** Each question's figures of a run, in the order of the set, and those of its statements. */
export function figuresOf({
  questions,
  statements = [],
}: Pick<EvalResults, "questions" | "statements">): ComparedQuestions {
  return [
    ...questions.map(({ id, metrics }) => ({ id, metrics })),
    ...statements.map(({ id, correct }) => ({ id, metrics: { "judge.correct": Number(correct) } })),
  ];
}

function judge(better: "higher" | "lower" | "neither", { low, high }: Interval): Comparison["verdict"] {
  const rose = low > PROCESSOR_TOLERANCE;
  const fell = high < -PROCESSOR_TOLERANCE;
  if (better === "neither" || (!rose && !fell)) return "same";
  return rose === (better === "higher") ? "better" : "worse";
}
