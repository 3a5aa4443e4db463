import type { Calibration } from "../../src/answer/calibration.js";
import type { ReadPassage } from "../../src/answer/signals.js";
import type { Passage, Unit } from "../../src/passages/passage.js";
import { textKey } from "../../src/passages/text-key.js";

/** A unit as a test tells it: its words, and how probable it is as evidence under {@link EVIDENCE_ALONE}. */
export interface ToldUnit {
  text: string;
  /** In (0, 1); default .5. */
  probability?: number;
  kind?: Unit["kind"];
  group?: number;
}

export interface ToldPassage {
  units: readonly ToldUnit[];
  documentId?: string;
  ordinal?: number;
  /** Where the passage begins in its document. */
  start?: number;
  headings?: string[];
  answerable?: number;
  fused?: number;
  dense?: number;
  /** Of each unit; default .5 for both. */
  matches?: ReadPassage["matches"];
  shortAnswer?: ReadPassage["reading"]["shortAnswer"];
}

/** Under it a unit's probability is the one that the test tells: the sigmoid of the reader's logit. */
export const EVIDENCE_ALONE: Pick<Calibration, "unit" | "minProbability" | "minShareOfBest"> = {
  unit: { bias: 0, weights: { evidence: 1 } },
  minProbability: 0.4,
  minShareOfBest: 0.5,
};

/** A passage of units that follow each other with a line end between, and what the models might say of them. */
export function readPassage(told: ToldPassage): ReadPassage {
  const passage = tellPassage(told);
  const { documentId, id } = passage;
  return {
    passage,
    passageId: id,
    documentId,
    textKey: textKey(passage),
    lexical: 0,
    dense: told.dense ?? 0.5,
    fused: told.fused ?? 0.5,
    score: told.fused ?? 0.5,
    interaction: 0.5,
    matches: told.matches ?? told.units.map(() => ({ similarity: 0.5, interaction: 0.5 })),
    reading: {
      answerable: told.answerable ?? 0,
      supported: 0,
      evidence: told.units.map(({ probability = 0.5 }) => Math.log(probability / (1 - probability))),
      ...(told.shortAnswer === undefined ? {} : { shortAnswer: told.shortAnswer }),
    },
  };
}

/** The passage alone, as the splitter would make it. */
export function tellPassage({
  units,
  documentId = "doc",
  ordinal = 0,
  start = 0,
  headings = [],
}: ToldPassage): Passage {
  let next = start;
  const made = units.map(({ text, kind = "sentence", group }): Unit => {
    const range = { start: next, end: next + text.length };
    next = range.end + 1;
    return { kind, ...range, pieces: [{ text, ...range }], ...(group === undefined ? {} : { group }) };
  });
  return {
    id: `${documentId}:${ordinal}`,
    documentId,
    ordinal,
    start,
    end: made.at(-1)?.end ?? start,
    headings,
    units: made,
    tokens: 0,
  };
}
