import { NOT, stemOf, type Word } from "./words.js";

/**
 * Whether a sentence denies what the evidence denies, and nothing else: each negation of the one that reaches words of
 * the other has a counterpart of its own there, which reaches one of the same words.
 */
export function negationsAgree(sentence: readonly Word[], evidence: readonly Word[]): boolean {
  const [said, known] = [reachesOf(sentence), reachesOf(evidence)];
  const spoken = new Set(sentence.filter(({ kind }) => kind !== "function").map(({ stem }) => stem));
  return (
    paired(said, known) &&
    paired(
      known.filter((reach) => touches(reach, spoken)),
      said,
    ) &&
    !(limits(sentence, false) && limits(evidence, true) && !limits(evidence, false))
  );
}

/** True for words that deny. Whether they are rightly there is judged here and nowhere else. */
export function isNegation({ stem }: Pick<Word, "stem">): boolean {
  return NEGATIONS.has(stem);
}

/** How many content words a negation reaches, within its clause. */
const REACH = 3;

const NEGATIONS = new Set([
  NOT,
  ..."no never none nobody nothing nowhere neither nor without hardly bare rare seldom".split(" "),
]);

/** "rather than", "instead of": what follows is denied. */
const AGAINST = new Map([
  ["rath", "than"],
  ["rather", "than"],
  ["instead", "of"],
]);

/** "not only", "not just": what follows is not denied, something is added to it. */
const ADDING = new Set(["only", "just", "merely"].map(stemOf));

/** The words that each negation reaches: those behind it in its clause, or else in the next. */
function reachesOf(words: readonly Word[]): Set<string>[] {
  return words.flatMap((word, at) => {
    const next = words[at + 1]?.stem ?? "";
    if (isNegation(word) ? ADDING.has(next) : AGAINST.get(word.stem) !== next || next === "") return [];
    const behind = words.slice(at + 1).filter((other) => other.kind !== "function" && !isNegation(other));
    const within = behind.filter(({ clause }) => clause === word.clause);
    const reached = (within.length > 0 ? within : behind).slice(0, REACH);
    return [new Set(reached.map(({ stem }) => stem))];
  });
}

/** Gives each reach one of the others that shares a word with it, each only once. */
function paired(reaches: readonly ReadonlySet<string>[], others: readonly ReadonlySet<string>[]): boolean {
  const free = [...others];
  return reaches.every((reach) => {
    const at = free.findIndex((other) => [...reach].some((stem) => other.has(stem)));
    if (at >= 0) free.splice(at, 1);
    return at >= 0;
  });
}

/** Most of what a negation reaches is spoken of. */
function touches(reach: ReadonlySet<string>, stems: ReadonlySet<string>): boolean {
  const found = [...reach].filter((stem) => stems.has(stem)).length;
  return found * 2 >= reach.size;
}

/** There is an "only" or "just" that is denied, or one that is not. */
function limits(words: readonly Word[], denied: boolean): boolean {
  return words.some(({ stem }, at) => {
    const before = words[at - 1];
    return ADDING.has(stem) && (before !== undefined && isNegation(before)) === denied;
  });
}
