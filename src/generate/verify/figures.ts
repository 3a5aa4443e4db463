import type { Word } from "./words.js";

/**
 * The figures of a sentence that the evidence does not bear out: those that it does not hold, those that stand beside
 * another word there ("four weeks" is no "four months"), those that the evidence gives for something else ("a half plot
 * costs 60" is not "a half plot costs 35, a whole plot costs 60"), and one end of what is a range there.
 */
export function unfoundFigures(sentence: readonly Word[], evidence: readonly (readonly Word[])[]): string[] {
  const said = figuresOf(sentence);
  const known = evidence.flatMap(figuresOf);
  const all = new Set(said.map(({ figure }) => figure));
  return said
    .filter(
      ({ figure, beside, clause }) =>
        !known.some(
          (other) =>
            other.figure === figure &&
            (beside.length === 0 ||
              other.near.length === 0 ||
              beside.some((stem) => other.near.includes(stem))) &&
            (other.partner === undefined || all.has(other.partner)) &&
            !clause.some((stem) => other.elsewhere.get(stem)?.every((figure) => !all.has(figure))),
        ),
    )
    .map(({ figure }) => figure);
}

/** Function words aside, how far around a figure of the evidence the sentence's neighbours may stand. */
const NEAR = 2;

interface Figure {
  figure: string;
  /** What it counts, where that is the next word; otherwise the content words right before and right behind. */
  beside: string[];
  /** The content words around, up to {@link NEAR} on each side. */
  near: string[];
  /** The content words of its clause. */
  clause: string[];
  /** Words that its clause lacks and that stand in clauses with figures alone, with those figures. */
  elsewhere: Map<string, string[]>;
  /** The other end where the figure is one of a range: "3–4", "three to four". */
  partner?: string;
}

function figuresOf(words: readonly Word[]): Figure[] {
  return words.flatMap((word, at) => {
    if (word.kind !== "figure") return [];
    const before = contentOf(words.slice(0, at).reverse(), word.clause);
    const behind = contentOf(words.slice(at + 1), word.clause);
    const partner = partnerOf(words, at);
    const unit = unitOf(words, at);
    return [
      {
        figure: word.stem,
        beside: unit === undefined ? [...before.slice(0, 1), ...behind.slice(0, 1)] : [unit],
        near: [...before.slice(0, NEAR), ...behind.slice(0, NEAR)],
        clause: [...before, ...behind],
        elsewhere: figuresElsewhere(words, word.clause),
        ...(partner === undefined ? {} : { partner }),
      },
    ];
  });
}

function contentOf(words: readonly Word[], clause: number): string[] {
  return words.filter((word) => word.kind === "content" && word.clause === clause).map(({ stem }) => stem);
}

/** The word right behind a figure or the range that it is in: what is counted. A year counts nothing. */
function unitOf(words: readonly Word[], at: number): string | undefined {
  if (/^(?:19|20)\d\d$/.test(words[at]?.stem ?? "")) return undefined;
  const next = words
    .slice(at + 1)
    .find(({ kind, stem }) => kind !== "figure" && stem !== "to" && stem !== "or");
  return next?.kind === "content" && next.clause === words[at]?.clause ? next.stem : undefined;
}

function figuresElsewhere(words: readonly Word[], own: number): Map<string, string[]> {
  const here = new Set(contentOf(words, own));
  const elsewhere = new Map<string, string[]>();
  const free = new Set<string>();
  for (const clause of new Set(words.map((word) => word.clause))) {
    const figures = words.filter((word) => word.clause === clause && word.kind === "figure");
    for (const stem of contentOf(words, clause)) {
      if (figures.length === 0) free.add(stem);
      if (clause === own || here.has(stem)) continue;
      elsewhere.set(stem, [...(elsewhere.get(stem) ?? []), ...figures.map((figure) => figure.stem)]);
    }
  }
  for (const stem of free) elsewhere.delete(stem);
  return elsewhere;
}

function partnerOf(words: readonly Word[], at: number): string | undefined {
  for (const step of [1, -1]) {
    const next = words[at + step];
    if (next?.kind === "figure") return next.stem;
    const beyond = words[at + 2 * step];
    if ((next?.stem === "to" || next?.stem === "or") && beyond?.kind === "figure") return beyond.stem;
  }
  return undefined;
}
