import type { Timings } from "../answer/answer.js";
import { scoreAbstention } from "./metrics/abstention.js";
import { auroc } from "./metrics/auroc.js";
import { bootstrap } from "./metrics/bootstrap.js";
import { brierScore, expectedCalibrationError, reliabilityBins } from "./metrics/calibration.js";
import { mean } from "./metrics/mean.js";
import { type Metric, QUESTION_METRICS, type QuestionMetric, type SetMetric } from "./metrics/metric.js";
import { percentile } from "./metrics/percentile.js";
import { areaUnderRiskCoverage, riskCoverageCurve } from "./metrics/risk-coverage.js";
import type { QuestionResult, Summary, SummaryFigure, TypeSummary } from "./results.js";

/** What a question contributes to the figures of the whole set. */
export type Judged = Pick<QuestionResult, "type" | "answerable" | "metrics" | "answer">;

/** Averages the questions' figures and adds those of the set, with intervals; the same seed gives the same intervals. */
export function summarise(questions: readonly Judged[], seed: number): Summary {
  const figures: [Metric, SummaryFigure | null][] = [];
  for (const metric of Object.keys(QUESTION_METRICS) as QuestionMetric[]) {
    const values = questions.map(({ metrics }) => metrics[metric]).filter((value) => value !== null);
    figures.push([metric, figure(values, mean, seed)]);
  }
  for (const [metric, statistic] of Object.entries(SET_STATISTICS) as [SetMetric, Statistic][]) {
    figures.push([metric, figure(questions, statistic, seed)]);
  }
  return {
    metrics: Object.fromEntries(figures.filter(([, value]) => value !== null)),
    byType: [...new Set(questions.map(({ type }) => type))].map((type) =>
      summariseType(
        type,
        questions.filter((question) => question.type === type),
      ),
    ),
    riskCoverage: riskCoverageCurve(questions.map(toRisk)),
    reliability: reliabilityBins(questions.map(toForecast)),
    latency: summariseLatency(questions.map(({ answer }) => answer.timings)),
  };
}

type Statistic = (questions: readonly Judged[]) => number | null;

const SET_STATISTICS: Record<SetMetric, Statistic> = {
  "abstention.precision": (questions) => scoreAbstention(questions.map(toDecision)).precision,
  "abstention.recall": (questions) => scoreAbstention(questions.map(toDecision)).recall,
  "abstention.f1": (questions) => scoreAbstention(questions.map(toDecision)).f1,
  "abstention.false": (questions) => scoreAbstention(questions.map(toDecision)).falseAbstentions,
  "abstention.auroc": (questions) =>
    auroc(questions.map(({ answer, answerable }) => ({ score: answer.confidence, positive: answerable }))),
  "abstention.aurc": (questions) => areaUnderRiskCoverage(questions.map(toRisk)),
  "calibration.brier": (questions) => brierScore(questions.map(toForecast)),
  "calibration.ece": (questions) => expectedCalibrationError(questions.map(toForecast)),
};

function toDecision({ answerable, answer }: Judged) {
  return { answerable, abstained: answer.status === "abstained" };
}

/** An abstention has no answer that could be right, so what is at risk is answering what the documents do not say. */
function toRisk({ answerable, answer }: Judged) {
  return { confidence: answer.confidence, loss: Number(!answerable) };
}

function toForecast({ answerable, answer }: Judged) {
  return { probability: answer.confidence, outcome: answerable };
}

function figure<T>(
  items: readonly T[],
  statistic: (items: readonly T[]) => number | null,
  seed: number,
): SummaryFigure | null {
  const interval = bootstrap(items, statistic, { seed });
  return interval === null ? null : { ...interval, n: items.length };
}

function summariseType(type: string, questions: readonly Judged[]): TypeSummary {
  const average = (metric: QuestionMetric) =>
    mean(questions.map(({ metrics }) => metrics[metric]).filter((value) => value !== null));
  return {
    type,
    n: questions.length,
    answerable: questions.filter(({ answerable }) => answerable).length,
    correct: average("decision.correct"),
    recall: average("evidence.recall"),
    precision: average("evidence.precision"),
    vital: average("nuggets.vital"),
  };
}

function summariseLatency(timings: readonly Timings[]): Summary["latency"] {
  const of = (stage: keyof Timings) => {
    const values = timings.map((timing) => timing[stage]);
    return { p50: percentile(values, 50) ?? 0, p95: percentile(values, 95) ?? 0 };
  };
  return {
    embed: of("embed"),
    retrieve: of("retrieve"),
    read: of("read"),
    compose: of("compose"),
    total: of("total"),
  };
}
