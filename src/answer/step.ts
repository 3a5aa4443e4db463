import { type Passage, type Unit, unitText } from "../passages/passage.js";

/** An item of a list or table with the passage that it is in. */
export interface Item {
  unit: Unit;
  passage: Passage;
}

/** An item counts as mentioned when it and the answer share this much of the shorter one's words. */
const MENTIONED_OVERLAP = 0.8;

/** Fewer words than this could be shared by chance. */
const MIN_WORDS = 3;

/**
 * The item that comes after (`step` 1) or before (-1) what an earlier answer said, in the same list or table: "and the
 * one after that?". Undefined where the answer mentions no item of a list, or the list ends there.
 */
export function stepFrom(answer: string, passages: readonly Passage[], step: 1 | -1): Item | undefined {
  const lines = answer
    .split(/\n+/)
    .map(wordsOf)
    .filter((words) => words.size >= MIN_WORDS);
  const items = passages
    .flatMap((passage) => passage.units.map((unit): Item => ({ unit, passage })))
    .filter((item) => item.unit.group !== undefined)
    .sort((a, b) => a.unit.start - b.unit.start);
  const mentioned = items.filter((item) => {
    const words = wordsOf(ownText(item.unit));
    return words.size >= MIN_WORDS && lines.some((line) => overlap(line, words) >= MENTIONED_OVERLAP);
  });
  const anchor = step === 1 ? mentioned.at(-1) : mentioned[0];
  if (anchor === undefined) return undefined;
  const list = items.filter((item) => item.unit.group === anchor.unit.group);
  return list[list.indexOf(anchor) + step];
}

/** The document's own words of a unit, without the columns' names. */
function ownText(unit: Unit): string {
  const own = unit.pieces.filter((piece) => piece.start !== undefined).map((piece) => piece.text);
  return own.length > 0 ? own.join(" ") : unitText(unit);
}

function wordsOf(text: string): Set<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
}

function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const shared = [...a].filter((word) => b.has(word)).length;
  return shared / Math.min(a.size, b.size);
}
