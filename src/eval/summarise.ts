import { scoreAbstention } from "./metrics/abstention.js";
import { auroc } from "./metrics/auroc.js";
import { bootstrap } from "./metrics/bootstrap.js";
import { brierScore, expectedCalibrationError, reliabilityBins } from "./metrics/calibration.js";
import { mean } from "./metrics/mean.js";
import { type Metric, QUESTION_METRICS, type QuestionMetric, type SetMetric } from "./metrics/metric.js";
import { areaUnderRiskCoverage, riskCoverageCurve } from "./metrics/risk-coverage.js";
import {
  countSentences,
  type SentenceCounts,
  sentenceF1,
  sentencePrecision,
  sentenceRecall,
} from "./metrics/sentences.js";
import type { QuestionResult, Summary, SummaryFigure, TypeSummary } from "./results.js";

/** What a question contributes to the figures of the whole set. */
export type Judged = Pick<
  QuestionResult,
  "type" | "answerable" | "metrics" | "answer" | "evidenceSets" | "optional" | "searchOnly"
>;

/** Averages the questions' figures and adds those of the set, with intervals; the same seed gives the same intervals. */
export function summarise(questions: readonly Judged[], seed: number): Summary {
  const figures: [Metric, SummaryFigure | null][] = [];
  for (const metric of Object.keys(QUESTION_METRICS) as QuestionMetric[]) {
    const values = questions.map(({ metrics }) => metrics[metric]).filter((value) => value !== null);
    figures.push([metric, figure(values, mean, seed)]);
  }
  const asked = questions.filter(({ searchOnly }) => searchOnly !== true);
  for (const [metric, statistic] of Object.entries(DECISION_STATISTICS) as [SetMetric, DecisionStatistic][]) {
    figures.push([metric, figure(asked, statistic, seed)]);
  }
  // Where all questions are of one kind there is nothing to tell apart, and these would tell of that alone.
  const mixed = new Set(asked.map(({ answerable }) => answerable)).size > 1;
  for (const [metric, statistic] of Object.entries(CONFIDENCE_STATISTICS) as [
    SetMetric,
    DecisionStatistic,
  ][]) {
    figures.push([metric, mixed ? figure(asked, statistic, seed) : null]);
  }
  const counts = asked.filter(({ evidenceSets }) => evidenceSets.length > 0).map(toCounts);
  for (const [metric, statistic] of Object.entries(SENTENCE_STATISTICS) as [SetMetric, SentenceStatistic][]) {
    figures.push([metric, figure(counts, statistic, seed)]);
  }
  return {
    metrics: Object.fromEntries(figures.filter(([, value]) => value !== null)),
    byType: [...new Set(questions.map(({ type }) => type))].map((type) =>
      summariseType(
        type,
        questions.filter((question) => question.type === type),
      ),
    ),
    riskCoverage: riskCoverageCurve(asked.map(toRisk)),
    reliability: reliabilityBins(asked.map(toForecast)),
  };
}

type SentenceStatistic = (counts: readonly SentenceCounts[]) => number | null;

const SENTENCE_STATISTICS = {
  "sentences.precision": sentencePrecision,
  "sentences.recall": sentenceRecall,
  "sentences.f1": sentenceF1,
} satisfies Partial<Record<SetMetric, SentenceStatistic>>;

type DecisionStatistic = (questions: readonly Judged[]) => number | null;

const DECISION_STATISTICS = {
  "abstention.precision": (questions) => scoreAbstention(questions.map(toDecision)).precision,
  "abstention.recall": (questions) => scoreAbstention(questions.map(toDecision)).recall,
  "abstention.f1": (questions) => scoreAbstention(questions.map(toDecision)).f1,
  "abstention.false": (questions) => scoreAbstention(questions.map(toDecision)).falseAbstentions,
} satisfies Partial<Record<SetMetric, DecisionStatistic>>;

const CONFIDENCE_STATISTICS: Record<
  Exclude<SetMetric, keyof typeof SENTENCE_STATISTICS | keyof typeof DECISION_STATISTICS>,
  DecisionStatistic
> = {
  "abstention.auroc": (questions) =>
    auroc(questions.map(({ answer, answerable }) => ({ score: answer.confidence, positive: answerable }))),
  "abstention.aurc": (questions) => areaUnderRiskCoverage(questions.map(toRisk)),
  "calibration.brier": (questions) => brierScore(questions.map(toForecast)),
  "calibration.ece": (questions) => expectedCalibrationError(questions.map(toForecast)),
};

function toCounts({ answer, evidenceSets, optional }: Judged): SentenceCounts {
  const cited = answer.sentences.flatMap(({ citations }) => citations);
  return countSentences(cited, evidenceSets, optional);
}

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
