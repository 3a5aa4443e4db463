import type { Answer, Timings, Turn } from "../answer/answer.js";
import type { Status } from "../waymark.js";
import type { GroundedSentence } from "./judge.js";
import type { Interval } from "./metrics/bootstrap.js";
import type { ReliabilityBin } from "./metrics/calibration.js";
import type { Metric, QuestionMetrics } from "./metrics/metric.js";
import type { Place } from "./metrics/place.js";
import type { RiskCoveragePoint } from "./metrics/risk-coverage.js";
import type { Split } from "./split.js";

/** A run over a question set: plain JSON, and all that the reports and the gate need. All but `timings` is the same again. */
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
  /** Labelled statements of the set, as the judge judged them. */
  statements?: StatementResult[];
  /** The documents that gold or citations point into. */
  documents: { id: string; uri: string; title: string; text: string }[];
  /** Milliseconds by stage, by question id. They differ from run to run, so they have a file of their own. */
  timings: Record<string, Timings>;
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
  answer: Omit<Answer, "timings">;
  /** One for each sentence of the answer, where there was a judge. */
  grounded?: GroundedSentence[];
  metrics: QuestionMetrics;
  /** It was searched for and not asked: the answer is an empty abstention that says nothing. */
  searchOnly?: true;
  /** The documents that a search should find, with the rank at which it did, from 1. */
  relevant?: { documentId: string; title: string; rank: number | null }[];
  /** Where a document gives orders. */
  injected?: Place[];
  /** Why the question had no answer at all. The answer is then an empty abstention. */
  error?: string;
}

/** A labelled statement and what the judge said of it. */
export interface StatementResult {
  id: string;
  statement: string;
  text: string;
  /** As people found it. */
  supported: boolean;
  /** The judge's logit. */
  score: number;
  correct: boolean;
}

export interface Summary {
  /** Means over questions with bootstrap 95 % intervals; a metric that applied to no question is missing. */
  metrics: Partial<Record<Metric, SummaryFigure>>;
  byType: TypeSummary[];
  riskCoverage: RiskCoveragePoint[];
  reliability: ReliabilityBin[];
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
