/** What stands before a list item's words: a bullet, or a number or letter with its point or bracket. */
export interface ListMarker {
  /** Columns of white space before the marker. */
  indent: number;
  /** UTF-16 units from the start of the line to the item's words. */
  length: number;
  /** The item's number; for letters a is 1. Absent for a bullet. */
  ordinal?: number;
}

/**
 * Reads the list marker at the start of a line: `•`, `-`, `*`, `–`, `◦` and their like, `1.`, `1)`, `(1)`, `a)`, `(a)`.
 * U+F0A7 and U+F0B7 are the bullets of Word's symbol fonts, as they come out of PDFs.
 * A letter with a point is none, because it may be an initial.
 */
export function readListMarker(line: string): ListMarker | undefined {
  const match = MARKER.exec(line);
  if (match === null) return undefined;
  const [whole, indent = "", number = match[3] ?? match[4]] = match;
  const marker = { indent: columns(indent), length: whole.length };
  return number === undefined ? marker : { ...marker, ordinal: toOrdinal(number) };
}

const MARKER = /^(\s*)(?:[•◦▪▫‣⁃·●○■□\uF0A7\uF0B7*–-]|(\d{1,3})[.)]|\((\d{1,3}|[a-z])\)|([a-z])\))\s+(?=\S)/i;
const TAB_WIDTH = 4;

function toOrdinal(number: string): number {
  return /\d/.test(number) ? Number(number) : number.toLowerCase().charCodeAt(0) - "a".charCodeAt(0) + 1;
}

function columns(indent: string): number {
  return indent.length + (TAB_WIDTH - 1) * (indent.split("\t").length - 1);
}
