import type { Piece } from "./builder.js";

/** A printed line: its words and its page. */
export interface PrintedLine {
  text: string;
  page: number;
}

/**
 * A function that joins the lines of a paragraph into pieces, one a line, and undoes hyphenation where that is safe:
 * the word stands elsewhere in the document without the hyphen, or most of the words divided at line ends do. A word
 * that stands elsewhere with its hyphen keeps it.
 */
export function lineJoiner(document: readonly PrintedLine[]): (lines: readonly PrintedLine[]) => Piece[] {
  const words = new Set(document.flatMap(({ text }) => text.toLowerCase().match(WORD) ?? []));
  const splits = document.flatMap(({ text }, index) => splitWord(text, document[index + 1]?.text) ?? []);
  const whole = splits.filter(({ head, tail }) => words.has(`${head}${tail}`)).length;
  const hyphened = splits.filter(({ head, tail }) => words.has(`${head}-${tail}`)).length;

  const isDivided = ({ head, tail }: Split): boolean =>
    words.has(`${head}${tail}`) || (whole > hyphened && !words.has(`${head}-${tail}`));
  return (lines) =>
    lines.map(({ text, page }, index) => {
      const next = lines[index + 1]?.text;
      if (next === undefined) return { text, page };
      if (text.endsWith(SOFT_HYPHEN)) return { text: text.slice(0, -1), page };
      const split = splitWord(text, next);
      if (split === undefined)
        return { text: DIVIDED.test(text) && /^\p{L}/u.test(next) ? text : `${text} `, page };
      return { text: isDivided(split) ? text.slice(0, -1) : text, page };
    });
}

const SOFT_HYPHEN = "\u00AD";
const WORD = /\p{L}+(?:-\p{L}+)*/gu;
/** A line that ends in a letter and a hyphen; the letters before it. */
const DIVIDED = /(\p{L}+)[-\u2010]$/u;
const LOWER_START = /^\p{Ll}+/u;

interface Split {
  head: string;
  tail: string;
}

/** The two parts, in lower case, of a word that a hyphen divides at the end of a line. */
function splitWord(text: string, next: string | undefined): Split | undefined {
  const head = DIVIDED.exec(text)?.[1]?.toLowerCase();
  const tail = LOWER_START.exec(next ?? "")?.[0];
  return head === undefined || tail === undefined ? undefined : { head, tail };
}
