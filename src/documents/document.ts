/** A half-open range `[start, end)` of a document's canonical text, in UTF-16 code units as JavaScript counts. */
export interface Range {
  start: number;
  end: number;
}

export type BlockType = "heading" | "paragraph" | "list-item" | "table-row" | "quote" | "code";

/**
 * A structural unit of a document. Blocks are in reading order, do not overlap, and none is empty; the characters
 * between two blocks are white space (and, in plain text files, bullets, numbers and underlines).
 */
export interface Block extends Range {
  type: BlockType;
  /** heading: its level, 1 to 6. */
  level?: number;
  /** list-item: nesting depth from 0. */
  depth?: number;
  /** list-item: its number in an ordered list. */
  ordinal?: number;
  /** list-item and table-row: items of one list (and rows of one table) share a number, unique in the document. */
  group?: number;
  /** table-row: the cells' ranges, left to right; between two cells of a row the canonical text has one tab. */
  cells?: Range[];
  /** table-row: true for the row that names the columns. */
  header?: boolean;
}

/** From `offset` (UTF-16, into the canonical text) on, the source's line or page is `value` (1-based). */
export interface Locator {
  offset: number;
  value: number;
}

/**
 * From `offset` (UTF-16, into the canonical text) on, the place in the source is what a person would call `label`:
 * "slide 3", "Budget, row 12", "0:01:23", "chapter 2: The Storm".
 */
export interface Place {
  offset: number;
  label: string;
}

/**
 * A loaded file. `text` is the one canonical string that every range in Waymark refers to: the words as a reader
 * sees them, without markup. Lines and pages are look-ups from an offset, see {@link locate}.
 */
export interface SourceDocument {
  /** Stable for a uri and safe in a URL. */
  id: string;
  /** The path relative to the corpus folder, with forward slashes. */
  uri: string;
  title: string;
  mediaType: string;
  text: string;
  blocks: Block[];
  /** Ascending by offset: the source file's line numbers. Empty where the format has no lines (PDF, DOCX). */
  lines: Locator[];
  /** Ascending by offset: page numbers. Empty where the format has no pages. */
  pages: Locator[];
  /** Ascending by offset, where lines and pages do not say where a person would look. */
  places?: Place[];
  /** Characters that the file has and a reader does not see, where there are any: they are not in `text`. */
  hidden?: number;
  /** What of the file could not be read, for a person: "2 lines are no JSON and left out: 5, 17". The rest was. */
  unread?: string;
}

/** The value of the last locator at or before `offset`, or undefined where there is none. */
export function locate(locators: readonly Locator[], offset: number): number | undefined {
  return lastAt(locators, offset)?.value;
}

/** The label of the last place at or before `offset`, or undefined where there is none. */
export function placeAt(places: readonly Place[] | undefined, offset: number): string | undefined {
  return lastAt(places ?? [], offset)?.label;
}

function lastAt<T extends { offset: number }>(entries: readonly T[], offset: number): T | undefined {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const entry = entries[middle];
    if (entry !== undefined && entry.offset <= offset) low = middle + 1;
    else high = middle;
  }
  return entries[low - 1];
}
