import type { Range } from "../documents/document.js";
import type { Reading } from "../models/model.js";
import type { Passage, Unit } from "../passages/passage.js";
import type { RetrievedPassage } from "../retrieve/retriever.js";

/** A retrieved passage with what the reader says of it. */
export interface ReadPassage extends RetrievedPassage {
  reading: Reading;
}

/** A unit that belongs in the answer. */
export interface ChosenUnit {
  unit: Unit;
  passage: Passage;
  /** Probability that the unit is evidence, in [0, 1]. */
  score: number;
  /** The short answer, where this unit holds it: a range of the document's text. */
  shortAnswer?: Range;
}

export interface ComposeOptions {
  /** At most so many sentences; a list or table that is asked for whole is not cut by it. */
  maxSentences: number;
}

/** Chooses the units that answer a question. */
export function compose(
  question: string,
  read: readonly ReadPassage[],
  options: ComposeOptions,
): ChosenUnit[] {
  const answerable = standardise(read.map((entry) => entry.reading.answerable));
  const dense = standardise(read.map((entry) => entry.dense));
  const order = read
    .map((entry, index) => ({ entry, score: (answerable[index] ?? 0) + (dense[index] ?? 0) }))
    .sort((a, b) => b.score - a.score);
  const best = order[0]?.entry;
  if (best === undefined) return [];
  const highest = Math.max(...best.reading.evidence);
  const chosen = best.passage.units.flatMap((unit, index): ChosenUnit[] => {
    const evidence = best.reading.evidence[index] ?? Number.NEGATIVE_INFINITY;
    if (evidence < highest - 1) return [];
    const short = best.reading.shortAnswer;
    return [
      {
        unit,
        passage: best.passage,
        score: sigmoid(evidence),
        ...(short?.unit === index && short.score > 0
          ? { shortAnswer: { start: short.start, end: short.end } }
          : {}),
      },
    ];
  });
  return chosen.slice(0, options.maxSentences);
}

/** Mean 0 and standard deviation 1; zeros where all are equal. */
export function standardise(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length);
  const deviation = Math.sqrt(variance);
  return values.map((value) => (deviation > 0 ? (value - mean) / deviation : 0));
}

export function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
