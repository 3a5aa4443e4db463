import type { Range } from "../documents/document.js";
import type { Passage, Unit } from "../passages/passage.js";
import { unitText } from "../passages/passage.js";
import type { Calibration } from "./calibration.js";
import { predict } from "./logistic.js";
import { announces, type ReadPassage, type UnitSignals, unitSignals } from "./signals.js";

/** A unit that belongs in the answer. */
export interface ChosenUnit {
  unit: Unit;
  passage: Pick<Passage, "documentId" | "headings">;
  /** Probability that the unit is evidence, in [0, 1]. */
  score: number;
  /** The short answer, where this unit holds it: a range of the document's text. */
  shortAnswer?: Range;
}

export interface Composition {
  /** In reading order; documents in the order of their best unit. */
  chosen: ChosenUnit[];
  /** Lists and tables that belong in the answer whole, though perhaps not all of them was read. */
  whole: { documentId: string; group: number; score: number }[];
}

export interface ComposeOptions {
  calibration: Pick<Calibration, "unit" | "minProbability" | "minShareOfBest">;
  /** At most so many units; a list or table that is asked for whole is not cut by it. */
  maxSentences: number;
}

/** A short answer is marked from this score on: log odds against "none". Right ones are often a little below 0. */
const MIN_SHORT_ANSWER_SCORE = -2;

/** A list counts as wanted whole when at least this share of it was chosen item by item. */
const WHOLE_FROM_SHARE = 0.5;

/**
 * A list's items are about as likely as the best one where their mean is at least this share of it. Evidence F1 of 89
 * questions on one article: from .4 on .577, from .5 .585, from .6, .7 and .8 .591.
 */
const ABOUT_AS_LIKELY = 0.6;

/** Longer lists are not taken whole: nobody asks for 200 rows. */
export const MAX_WHOLE = 40;

/** Units that share this much of the shorter one's words say the same. */
const DUPLICATE_OVERLAP = 0.85;

/**
 * Chooses the units that answer a question: those whose probability is high enough, absolutely and against the best
 * one; of a list, all items where the list itself is what is asked for; of near-duplicates, the best.
 */
export function compose(
  question: string,
  read: readonly ReadPassage[],
  options: ComposeOptions,
): Composition {
  const { calibration, maxSentences } = options;
  const scored = unitSignals(read)
    .map((signals): Scored => ({ ...signals, score: predict(calibration.unit, signals.features) }))
    .sort((a, b) => b.score - a.score);
  const [best] = scored;
  if (best === undefined) return { chosen: [], whole: [] };

  const least = Math.max(calibration.minProbability, calibration.minShareOfBest * best.score);
  const kept = new Set(
    withoutDuplicates(scored.filter((row, rank) => rank === 0 || row.score >= least)).slice(0, maxSentences),
  );
  const whole = groupsOf(scored).filter((group) => isWanted(question, group, best, kept));
  for (const row of whole.flatMap(({ items }) => items)) kept.add(row);
  const speaking = [...kept].filter((row) => !announces(row.unit));
  return {
    chosen: inReadingOrder(speaking.length > 0 ? speaking : [...kept]).map(toChosen),
    whole: whole.map(({ documentId, group, items }) => ({
      documentId,
      group,
      score: items.reduce((sum, item) => sum + item.score, 0) / items.length,
    })),
  };
}

interface Scored extends UnitSignals {
  score: number;
}

/** A list or table, as far as it was read, with the sentences that announce it. */
interface Group {
  documentId: string;
  group: number;
  items: Scored[];
  announcements: Scored[];
}

function groupsOf(scored: readonly Scored[]): Group[] {
  const groups = new Map<string, Group>();
  for (const row of scored) {
    const { group } = row.unit;
    if (group === undefined) continue;
    const { documentId } = row.entry;
    const key = `${documentId}:${group}`;
    const known = groups.get(key) ?? { documentId, group, items: [], announcements: [] };
    known.items.push(row);
    groups.set(key, known);
  }
  for (const group of groups.values()) {
    const entries = new Set(group.items.map((item) => item.entry));
    group.announcements = scored.filter((row) => entries.has(row.entry) && announces(row.unit));
  }
  return [...groups.values()].filter((group) => group.items.length <= MAX_WHOLE);
}

/**
 * A list is wanted whole where the sentence that announces it would be the answer, where most of its items were chosen
 * one by one (of a table, whose rows are much alike, only if a list is asked for), or where a list is asked for and its
 * items are about as likely as the best one.
 */
function isWanted(
  question: string,
  { items, announcements }: Group,
  best: Scored,
  kept: ReadonlySet<Scored>,
): boolean {
  if (items.length < 2) return false;
  if (announcements.includes(best)) return true;
  const share = items.filter((item) => kept.has(item)).length / items.length;
  const isLookUp = items[0]?.unit.kind === "table-row" && !asksForList(question);
  if (items.length > 2 && share >= WHOLE_FROM_SHARE && !isLookUp) return true;
  const mean = items.reduce((sum, item) => sum + item.score, 0) / items.length;
  return asksForList(question) && items.includes(best) && mean >= ABOUT_AS_LIKELY * best.score;
}

/** Words that ask for more than one thing; or "which" and "what" before a plural that is not a stretch of time. */
const LIST_QUESTION =
  /\b(?:list|all|every|everything|whole|full|entire|complete|enumerate|what are|what were|which are|kinds|types|sorts|ways|ideas|options|examples|essentials|name (?:the|some|all|every|a few|\d+|two|three|four|five|six))\b|\b(?:which|what)(?: \p{L}+)? (?!(?:months|weeks|days|years|hours|minutes|times|does|is|was|has|this|its|us|yours|always)\b)\p{L}{3,}(?<!s)s\b/iu;

/** The question is worded as one that a list would answer. */
export function asksForList(question: string): boolean {
  return LIST_QUESTION.test(question);
}

function withoutDuplicates(rows: readonly Scored[]): Scored[] {
  const kept: { row: Scored; words: Set<string> }[] = [];
  for (const row of rows) {
    const words = new Set(
      unitText(row.unit)
        .toLowerCase()
        .match(/[\p{L}\p{N}]+/gu) ?? [],
    );
    if (!kept.some((other) => overlap(words, other.words) >= DUPLICATE_OVERLAP)) kept.push({ row, words });
  }
  return kept.map(({ row }) => row);
}

/** Share of the smaller set's members that are in the larger one too. */
function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const smaller = Math.min(a.size, b.size);
  if (smaller === 0) return 0;
  return [...a].filter((word) => b.has(word)).length / Math.max(smaller, Math.max(a.size, b.size) / 2);
}

function inReadingOrder(rows: readonly Scored[]): Scored[] {
  const bestFirst = [...rows].sort((a, b) => b.score - a.score);
  const documents = [...new Set(bestFirst.map((row) => row.entry.documentId))];
  const rank = (row: Scored) => documents.indexOf(row.entry.documentId);
  return [...rows].sort((a, b) => rank(a) - rank(b) || a.unit.start - b.unit.start);
}

function toChosen({ entry, unit, score }: Scored): ChosenUnit {
  const { passage, reading } = entry;
  const short = reading.shortAnswer;
  const marked =
    short !== undefined && passage.units[short.unit] === unit && short.score >= MIN_SHORT_ANSWER_SCORE;
  return { unit, passage, score, ...(marked ? { shortAnswer: { start: short.start, end: short.end } } : {}) };
}
