import type { Reading } from "../models/model.js";
import { type Unit, unitText } from "../passages/passage.js";
import type { RetrievedPassage } from "../retrieve/retriever.js";
import type { Features } from "./logistic.js";

/** A retrieved passage with what the reader says of it and of each of its units. */
export interface ReadPassage extends RetrievedPassage {
  reading: Reading;
}

/** A unit of a read passage, with the features that tell how likely it is evidence. */
export interface UnitSignals {
  entry: ReadPassage;
  unit: Unit;
  features: Features;
}

/** The features of a unit, in the order of the calibration file. */
export const UNIT_FEATURES = [
  "answerable",
  "fused",
  "similarity",
  "similarityBelowBest",
  "interaction",
  "interactionBelowBest",
  "evidence",
  "evidenceBelowBest",
  "shortAnswer",
  "announces",
  "asks",
] as const;

/**
 * One row a unit of the passages read. `answerable` and `fused` are the passage's, standardised over the passages
 * read, or, of a few, against what is typical and 0; what is "below best" is the distance to the best of all passages
 * (similarity, interaction) or of the own one (evidence).
 *
 * Evidence sentences of 150 ClapNQ questions, each asked of its own passage alone (one or two of ours): precision, recall and F1 are
 * .73, .36, .48 where few are standardised too, and .72, .44, .54 as it is.
 */
export function unitSignals(read: readonly ReadPassage[]): UnitSignals[] {
  const isFew = read.length < MIN_PASSAGES_TO_COMPARE;
  const logits = read.map((entry) => clampLogit(entry.reading.answerable));
  const answerable = isFew ? logits.map(againstTypical) : standardise(logits);
  const fused = isFew ? logits.map(() => 0) : standardise(read.map((entry) => entry.fused));
  const matches = read.flatMap((entry) => entry.matches);
  const mostSimilar = Math.max(0, ...matches.map((match) => match.similarity));
  const mostInteraction = Math.max(0, ...matches.map((match) => match.interaction));
  return read.flatMap((entry, row) => {
    const evidence = entry.reading.evidence.map(clampLogit);
    const mostEvident = Math.max(...evidence);
    return entry.passage.units.map((unit, index): UnitSignals => {
      const { similarity, interaction } = entry.matches[index] ?? { similarity: 0, interaction: 0 };
      const own = evidence[index] ?? LOGIT_LIMIT.low;
      const text = unitText(unit).trimEnd();
      return {
        entry,
        unit,
        features: {
          answerable: answerable[row] ?? 0,
          fused: fused[row] ?? 0,
          similarity,
          similarityBelowBest: mostSimilar - similarity,
          interaction,
          interactionBelowBest: mostInteraction - interaction,
          evidence: own,
          evidenceBelowBest: mostEvident - own,
          shortAnswer: entry.reading.shortAnswer?.unit === index ? 1 : 0,
          announces: announces(unit) ? 1 : 0,
          asks: text.endsWith("?") ? 1 : 0,
        },
      };
    });
  });
}

/** A sentence that announces what follows it and says nothing by itself: "You need:". */
export function announces(unit: Unit): boolean {
  return unit.kind === "sentence" && /[:：]\s*$/u.test(unitText(unit));
}

/** The features of the decision whether the documents answer at all. */
export const DECISION_FEATURES = ["answerable", "evidence", "denseMargin"] as const;

/** With fewer passages than this their mean and median say little. */
const MIN_PASSAGES_TO_COMPARE = 6;

/**
 * The answerability of passages read, a logit: mean and deviation over the calibration sets with an earlier reader. With today's they
 * are -3.6 and 2.5, and the F1 of ClapNQ's evidence sentences .528 instead of .534: no difference beyond chance.
 */
const TYPICAL_ANSWERABLE = { mean: -4.5, deviation: 2.3 };

function againstTypical(logit: number): number {
  return (logit - TYPICAL_ANSWERABLE.mean) / TYPICAL_ANSWERABLE.deviation;
}

/** The margin that is taken then: about the mean of the calibration sets. */
const TYPICAL_MARGIN = 0.2;

/**
 * `answerable`: the highest of all passages read, a logit. `evidence`: the highest of all their units, a logit; with it, where 10 %
 * of the article's answerable questions (tune) are abstained from, 77 % of the others are instead of 70, 38 instead of 32 of the
 * guides', 25 instead of 13 of ClapNQ's. `denseMargin`: by how much the highest cosine of question and passage stands out from the
 * median. The margin, unlike the cosine itself, means the same in every collection: with an earlier reader a decision fitted
 * on ClapNQ alone had AUROC .875 on the roadmap's questions with it, .841 with the cosine, .862 with neither; fitted the other way
 * round .873, .854, .805.
 */
export function decisionSignals(read: readonly ReadPassage[]): Features {
  const dense = read.map((entry) => entry.dense).sort((a, b) => b - a);
  const margin = (dense[0] ?? 0) - (dense[Math.floor(dense.length / 2)] ?? 0);
  return {
    answerable: Math.max(...read.map((entry) => clampLogit(entry.reading.answerable))),
    evidence: Math.max(...read.flatMap((entry) => entry.reading.evidence.map(clampLogit))),
    denseMargin: dense.length < MIN_PASSAGES_TO_COMPARE ? TYPICAL_MARGIN : margin,
  };
}

/** Mean 0 and standard deviation 1; zeros where all are equal. */
export function standardise(values: readonly number[]): number[] {
  const count = Math.max(1, values.length);
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count);
  return values.map((value) => (deviation > 0 ? (value - mean) / deviation : 0));
}

/** Beyond these a logit says no more than "certainly". */
const LOGIT_LIMIT = { low: -9, high: 9 };

function clampLogit(logit: number): number {
  return Math.min(LOGIT_LIMIT.high, Math.max(LOGIT_LIMIT.low, logit));
}
