/** How sure it is, before looking, that a table's first row names its columns. */
export type HeaderHabit = "always" | "often" | "seldom";

/** Rows that are looked at below a header. */
const SAMPLE = 30;
/** Longer than this is no column's name. */
const MAX_NAME = 120;
/** A header names at least this share of the columns. */
const MIN_NAMED = 0.5;

/** What is known of a row: its cells' texts, in the table's columns, and whether it is set in bold. */
export interface CandidateRow {
  texts: readonly string[];
  bold?: boolean;
}

/**
 * True for a row that names the columns of the rows below it: names, each another, over most columns; and a sign of
 * it: bold over what is not, names over figures, or the habit of its format. Two columns are a sheet's way to list names
 * and values, so there figures are no sign.
 */
export function namesColumns(row: CandidateRow, below: readonly CandidateRow[], habit: HeaderHabit): boolean {
  const [next] = below;
  if (next === undefined) return false;
  const names = row.texts.filter((text) => text !== "");
  if (names.length < 2 || names.length < row.texts.length * MIN_NAMED) return false;
  if (new Set(names.map((name) => name.toLowerCase())).size < names.length) return false;
  if (names.some((name) => name.length > MAX_NAME || (isFigure(name) && !isOneOfYears(name, names))))
    return false;
  if (habit === "always" || (row.bold === true && next.bold !== true)) return true;
  if (row.texts.length < 3) return false;
  const sample = below.slice(0, SAMPLE);
  return habit === "often" || row.texts.some((text, column) => text !== "" && isFigureColumn(sample, column));
}

/** A number, an amount, a date, a time or a truth value, as a cell shows it. */
export function isFigure(text: string): boolean {
  return text.length <= 40 && (FIGURE.test(text) || DATE.test(text));
}

const FIGURE =
  /^(?:true|false|[-+(]?\s?\p{Sc}?\s?[-+]?\d[\d.,'\s\u00A0]*(?:e[-+]?\d+)?\s?(?:%|\p{Sc}|[a-z]{2,3})?\)?)$/iu;
const DATE =
  /^\d{1,4}[-./]\d{1,2}(?:[-./]\d{1,4})?(?:[T\s]+\d{1,2}:\d{2}\S*)?$|^\d{1,2}:\d{2}(?::\d{2})?(?:\s?[ap]m)?$/i;
const YEAR = /^(?:19|20)\d\d$/;

/** Years name columns where several of them stand side by side. */
function isOneOfYears(name: string, names: readonly string[]): boolean {
  return YEAR.test(name) && names.filter((other) => YEAR.test(other)).length > 1;
}

function isFigureColumn(rows: readonly CandidateRow[], column: number): boolean {
  const texts = rows.map((row) => row.texts[column] ?? "").filter((text) => text !== "");
  return texts.length > 0 && texts.every(isFigure);
}
