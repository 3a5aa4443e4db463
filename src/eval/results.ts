import type { Answer, Turn } from "../answer/answer.js";
import type { Status } from "../waymark.js";
import type { GroundedSentence } from "./judge.js";
import type { Interval } from "./metrics/bootstrap.js";
import type { ReliabilityBin } from "./metrics/calibration.js";
import type { Metric, QuestionMetrics } from "./metrics/metric.js";
import type { Place } from "./metrics/place.js";
import type { RiskCoveragePoint } from "./metrics/risk-coverage.js";
import type { Split } from "./split.js";

/** A run over a question set: plain JSON, and all that the reports and the gate need. */
export interface EvalResults {
  /** The question set's name. */
  dataset: string;
  split: Split | "all";
  seed: number;
  /** What was asked. */
  system: Pick<Status, "version" | "models" | "documents" | "passages">;
  summary: Summary;
  /** In the order of the set. */
  questions: QuestionResult[];
  /** The documents that gold or citations point into. */
  documents: { id: string; uri: string; title: string; text: string }[];
}

export interface QuestionResult {
  id: string;
  type: string;
  question: string;
  history?: Turn[];
  variantOf?: string;
  answerable: boolean;
  /** Equally good sets of evidence. */
  evidenceSets: Place[][];
  optional: Place[];
  nuggets: { text: string; vital: boolean; found: boolean }[];
  answer: Answer;
  /** One for each sentence of the answer, where there was a judge. */
  grounded?: GroundedSentence[];
  metrics: QuestionMetrics;
  /** Why the question had no answer at all. The answer is then an empty abstention. */
  error?: string;
}

export interface Summary {
  /** Means over questions with bootstrap 95 % intervals; a metric that applied to no question is missing. */
  metrics: Partial<Record<Metric, SummaryFigure>>;
  byType: TypeSummary[];
  riskCoverage: RiskCoveragePoint[];
  reliability: ReliabilityBin[];
  /** Milliseconds. The one part that differs from run to run. */
  latency: Record<keyof Answer["timings"], { p50: number; p95: number }>;
}

export interface SummaryFigure extends Interval {
  /** Questions (or labelled statements) that it is the mean of. */
  n: number;
}

/** Means of the questions of one type; null where a metric does not apply. */
export interface TypeSummary {
  type: string;
  n: number;
  answerable: number;
  correct: number | null;
  recall: number | null;
  precision: number | null;
  vital: number | null;
}
