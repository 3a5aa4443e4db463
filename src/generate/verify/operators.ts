import { stemOf, type Word } from "./words.js";

/**
 * Whether a sentence has no word that turns its evidence's statement into another: "before" where the evidence has
 * "after", "all" where it has none.
 */
export function operatorsAgree(sentence: readonly Word[], evidence: readonly Word[]): boolean {
  const said = stemsOf(sentence);
  const known = stemsOf(evidence);
  return OPERATORS.every((operators) => !meets(said, operators) || meets(known, operators));
}

/**
 * Whether a sentence keeps the frames that a unit of evidence puts its statement in: what some say, what holds only if
 * something else does, and what somebody is told to write is not thereby said. A frame counts where the sentence takes
 * words from behind it.
 */
export function framesKept(sentence: readonly Word[], unit: readonly Word[]): boolean {
  const said = stemsOf(sentence);
  return unit.every((word, at) => {
    const frame = FRAMES.find((stems) => stems.has(word.stem));
    if (frame === undefined || meets(said, frame)) return true;
    const behind = unit.slice(at + 1).filter(({ kind, stem }) => kind !== "function" && said.has(stem));
    return behind.length < TAKEN_FROM_BEHIND;
  });
}

/** So many words from behind a frame are a part of what stands in it. */
const TAKEN_FROM_BEHIND = 2;

/** Classes of words that a statement turns on. A sentence may have one of a class only where its evidence has one of it. */
const OPERATORS = classes(
  "all every everyone everything always entirely completely",
  "only solely merely exclusively",
  "most mostly majority best usually",
  "more higher greater increase better faster",
  "less fewer lower decrease worse reduce slower",
  "before earlier prior until",
  "after later afterwards",
  "last end finally",
  "except unless",
  "avoid skip stop refuse prevent",
  "wrong false mistake myth incorrect",
);

const FRAMES = classes(
  "if unless",
  "say claim believe think argue suppose allege report myth",
  "write print reply respond output answer repeat tell ignore disregard pretend",
);

function classes(...lines: string[]): ReadonlySet<string>[] {
  return lines.map((line) => new Set(line.split(" ").map(stemOf)));
}

function stemsOf(words: readonly Word[]): Set<string> {
  return new Set(words.map(({ stem }) => stem));
}

function meets(stems: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  return [...others].some((stem) => stems.has(stem));
}
