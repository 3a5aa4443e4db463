import type { Examined } from "../answer/answerer.js";
import type { Calibration } from "../answer/calibration.js";
import { compose } from "../answer/compose.js";
import { type Example, fitLogistic, type LogisticModel, predict } from "../answer/logistic.js";
import { announces, DECISION_FEATURES, UNIT_FEATURES, unitSignals } from "../answer/signals.js";
import { auroc } from "./metrics/auroc.js";
import { scoreEvidence } from "./metrics/evidence.js";
import { mean } from "./metrics/mean.js";
import { overlaps, type Place } from "./metrics/place.js";

/** A question with what the models say of it and what is right. */
export interface CalibrationCase {
  examined: Examined;
  answerable: boolean;
  /** Sets of evidence that are equally good; empty where not answerable. */
  evidenceSets: Place[][];
  /** May be cited without blame: neither right nor wrong. */
  optional: Place[];
}

/** Cases of one set, and how much each counts against a case of another set. */
export interface CalibrationSet {
  name: string;
  cases: CalibrationCase[];
  weight: number;
}

/** Of the questions that the documents do answer, this share may be abstained from, over all sets by their weights. */
const MAX_FALSE_ABSTENTIONS = 0.07;

/**
 * Evidence F1 is flat about its maximum: of the choices that are so near to it the one with the most recall is taken, as a sentence
 * too many is passed over, and one too few is missed.
 */
const AS_GOOD = 0.01;

const MIN_PROBABILITIES = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4];
const MIN_SHARES = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/**
 * Fits the two logistic models and their thresholds. The thresholds of choosing maximise the mean evidence F1 of the
 * answerable cases, see {@link AS_GOOD}; that of abstaining allows for {@link MAX_FALSE_ABSTENTIONS}.
 */
export function calibrate(
  sets: readonly CalibrationSet[],
  maxSentences: number,
): Omit<Calibration, "provenance"> {
  const unit = fitWithin(sets, UNIT_FEATURES, unitExamples);
  const decision = fitWithin(sets, DECISION_FEATURES, ({ examined, answerable }) => [
    { features: examined.decision, positive: answerable },
  ]);
  const choices = MIN_PROBABILITIES.flatMap((minProbability) =>
    MIN_SHARES.map((minShareOfBest) => {
      const thresholds = { minProbability, minShareOfBest };
      const over = (metric: "f1" | "recall") =>
        weightedMean(sets, (entry) =>
          entry.evidenceSets.length === 0
            ? undefined
            : evidenceScore(entry, { unit, ...thresholds }, maxSentences)[metric],
        );
      return { ...thresholds, f1: over("f1"), recall: over("recall") };
    }),
  );
  const bestF1 = Math.max(...choices.map(({ f1 }) => f1));
  const { minProbability, minShareOfBest } = choices
    .filter(({ f1 }) => f1 > bestF1 - AS_GOOD)
    .reduce((best, choice) => (choice.recall > best.recall ? choice : best));
  return {
    unit,
    minProbability,
    minShareOfBest,
    decision,
    minConfidence: abstentionThreshold(sets, decision),
  };
}

/** What a calibration reaches on a set; for the provenance, and to compare sets that it was not fitted on. */
export function describeFit(
  { cases }: CalibrationSet,
  calibration: Omit<Calibration, "provenance">,
  maxSentences: number,
) {
  const answerable = cases.filter((entry) => entry.answerable);
  const scores = answerable.map((entry) => evidenceScore(entry, calibration, maxSentences));
  const decided = cases.map((entry) => ({
    positive: entry.answerable,
    score: predict(calibration.decision, entry.examined.decision),
  }));
  const share = (positive: boolean) => {
    const own = decided.filter((entry) => entry.positive === positive);
    return own.filter(({ score }) => score < calibration.minConfidence).length / Math.max(1, own.length);
  };
  const round = (value: number | null) => (value === null ? null : Math.round(value * 1000) / 1000);
  return {
    questions: cases.length,
    evidenceRecall: round(mean(scores.map((score) => score.recall))),
    evidencePrecision: round(mean(scores.map((score) => score.precision))),
    answerableAuroc: round(auroc(decided)),
    abstentionRecall: round(share(false)),
    falseAbstentions: round(share(true)),
  };
}

/**
 * Fits one model to all sets with an intercept for each, so that a feature gets its weight for what it tells within a
 * set: two sets that differ in a feature and in their share of positives would otherwise lend it a weight, even of the
 * wrong sign. The model's bias is the mean of the intercepts, by the sets' weights.
 */
function fitWithin(
  sets: readonly CalibrationSet[],
  names: readonly string[],
  examplesOf: (entry: CalibrationCase) => Example[],
): LogisticModel {
  const indicator = (set: CalibrationSet) => `in ${set.name}`;
  const own = sets.map((set) => ({
    set,
    examples: set.cases.flatMap(examplesOf).map(
      (example): Example => ({
        ...example,
        features: { ...example.features, [indicator(set)]: 1 },
        weight: set.weight,
      }),
    ),
  }));
  const others = sets.slice(1).map(indicator);
  const examples = own.flatMap((entry) => entry.examples);
  const { bias, weights } = fitLogistic(examples, { names: [...names, ...others] });
  const total = own.reduce((sum, { set, examples: { length } }) => sum + set.weight * length, 0);
  const intercept = own.reduce(
    (sum, { set, examples: { length } }) =>
      sum + (weights[indicator(set)] ?? 0) * ((set.weight * length) / total),
    bias,
  );
  return { bias: intercept, weights: Object.fromEntries(names.map((name) => [name, weights[name] ?? 0])) };
}

function unitExamples({ examined, evidenceSets, optional }: CalibrationCase): Example[] {
  if (evidenceSets.length === 0) return [];
  return unitSignals(examined.read).flatMap(({ entry, unit, features }): Example[] => {
    const place = { documentId: entry.documentId, start: unit.start, end: unit.end };
    const positive = evidenceSets.some((set) => set.some((gold) => overlaps(gold, place)));
    if (!positive && optional.some((other) => overlaps(other, place)) && !announces(unit)) return [];
    return [{ features, positive }];
  });
}

type Choosing = Pick<Calibration, "unit" | "minProbability" | "minShareOfBest">;

function evidenceScore(entry: CalibrationCase, calibration: Choosing, maxSentences: number) {
  const { resolved, read } = entry.examined;
  const { chosen } = compose(resolved.text, read, { calibration, maxSentences });
  const cited = chosen.map(({ unit, passage }) => ({
    documentId: passage.documentId,
    start: unit.start,
    end: unit.end,
  }));
  return scoreEvidence(cited, entry.evidenceSets, entry.optional);
}

function weightedMean(
  sets: readonly CalibrationSet[],
  value: (entry: CalibrationCase) => number | undefined,
): number {
  let sum = 0;
  let total = 0;
  for (const { cases, weight } of sets) {
    for (const entry of cases) {
      const own = value(entry);
      if (own === undefined) continue;
      sum += weight * own;
      total += weight;
    }
  }
  return sum / Math.max(1e-9, total);
}

/**
 * The highest threshold at which no more than {@link MAX_FALSE_ABSTENTIONS} of the sets' answerable questions would be
 * abstained from. A limit on one rate is steadier than the least cost of both, whose minimum is flat.
 */
function abstentionThreshold(sets: readonly CalibrationSet[], decision: Calibration["decision"]): number {
  const answerable = sets
    .flatMap(({ cases, weight }) => {
      const own = cases.filter((entry) => entry.answerable);
      return own.map(({ examined }) => ({
        confidence: predict(decision, examined.decision),
        weight: weight / own.length,
      }));
    })
    .sort((a, b) => a.confidence - b.confidence);
  let allowed = MAX_FALSE_ABSTENTIONS * answerable.reduce((sum, { weight }) => sum + weight, 0);
  const first = answerable.find(({ weight }) => {
    allowed -= weight;
    return allowed < 0;
  });
  return Math.floor((first?.confidence ?? 0.5) * 1000) / 1000;
}
