import type { ChosenUnit } from "../answer/compose.js";
import { type LogisticModel, predict } from "../answer/logistic.js";
import { type ReadPassage, unitSignals } from "../answer/signals.js";
import { type Passage, type Unit, unitText } from "../passages/passage.js";

/** A sentence, list item or row that a model may write from and cite by its number. */
export interface Evidence {
  /** From 1, in the order that the model sees. */
  number: number;
  unit: Unit;
  passage: Pick<Passage, "documentId" | "headings"> & { leadIn?: string };
  text: string;
  /** It is in the answer that the documents themselves would give. */
  chosen: boolean;
  /** Probability that it is evidence for the question, in [0, 1]. */
  score: number;
}

/** More than that does not make an answer better, and small models lose their way in it. */
export const MAX_EVIDENCE = 16;

/**
 * The evidence for an answer: what the documents' own answer would say, the units right before and behind (what "it" and
 * "there" mean), then the likeliest of what was read besides. In reading order, passages by their best place in `read`.
 * Text that speaks to an assistant rather than to a reader is left out.
 */
export function pickEvidence(
  chosen: readonly ChosenUnit[],
  read: readonly ReadPassage[],
  unitModel: LogisticModel,
  most: number = MAX_EVIDENCE,
): Evidence[] {
  const isChosen = (unit: Unit, documentId: string) =>
    chosen.some((one) => one.unit.start === unit.start && one.passage.documentId === documentId);
  const ranked = unitSignals(read)
    .map(({ entry, unit, features }) => {
      const { units, documentId } = entry.passage;
      const at = units.indexOf(unit);
      const near = [units[at - 1], units[at + 1]].some((other) => other && isChosen(other, documentId));
      const rank = isChosen(unit, documentId) ? 2 : near ? 1 : 0;
      return { unit, passage: entry.passage, rank, score: predict(unitModel, features) };
    })
    .sort((a, b) => b.rank - a.rank || b.score - a.score);
  // A list that is wanted whole may be in passages that were not read.
  const unread = chosen
    .filter(({ unit, passage }) =>
      ranked.every((one) => one.unit.start !== unit.start || one.passage.documentId !== passage.documentId),
    )
    .map(({ unit, passage, score }) => ({ unit, passage, rank: 2, score }));
  const order = read.map(({ passage }) => passage.documentId);
  const place = ({ passage, unit }: { passage: Pick<Passage, "documentId">; unit: Unit }) =>
    [order.indexOf(passage.documentId), unit.start] as const;
  return [...unread, ...ranked]
    .filter(({ unit }) => !SPEAKS_TO_AN_ASSISTANT.test(unitText(unit)))
    .slice(0, most)
    .sort((a, b) => place(a)[0] - place(b)[0] || place(a)[1] - place(b)[1])
    .map(({ unit, passage, rank, score }, index) => ({
      number: index + 1,
      unit,
      passage,
      text: unitText(unit).replace(/\s+/g, " ").trim(),
      chosen: rank === 2,
      score,
    }));
}

/** Orders that documents have for language models and for nobody else. */
const SPEAKS_TO_AN_ASSISTANT =
  /\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instructions?|prompts?|rules|context|above|previous)\b|\b(?:system prompt|as an ai|ai assistant|language model, (?:you|please)|you are (?:now )?(?:an? )?(?:ai|assistant|chatbot|bot))\b|\b(?:assistant|chatbot|ai)\b.{0,20}\b(?:must|should|please|has to)\b.{0,20}\b(?:say|write|answer|reply|respond|output|tell)\b|\b(?:(?:in|to|of|with)|(?:modify|enhance|augment|alter|adjust|change|extend|expand|improve|begin|start|end|finish|preface|supplement)) your (?:answer|response|reply|output|summary)\b/iu;
