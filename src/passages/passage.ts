import type { Range } from "../documents/document.js";

/**
 * The smallest thing that an answer can cite: a sentence of a paragraph, a whole list item, a whole table row. It is
 * never a fragment: an item of two sentences is one unit.
 */
export interface Unit extends Range {
  kind: "sentence" | "list-item" | "table-row" | "code";
  /**
   * What the models read for this unit, in order. A piece with a range is the document's own text there; a piece
   * without one is context that the range does not hold (a column's name before its cell). Joined by nothing: the
   * pieces carry their own white space.
   */
  pieces: Piece[];
  /** The list or table that the unit belongs to; the block's `group`. */
  group?: number;
}

export interface Piece {
  text: string;
  start?: number;
  end?: number;
}

/** A run of units of one section that is embedded, retrieved and read together. */
export interface Passage extends Range {
  /** `${documentId}:${ordinal}`: unique in the index for one version of the document. */
  id: string;
  documentId: string;
  /** Position in the document, from 0. */
  ordinal: number;
  /** The headings above, outermost first, without the document's title. Embedded and read, not part of the range. */
  headings: string[];
  /** The sentence that introduces a list or table whose later part this is. Embedded and read, not part of the range. */
  leadIn?: string;
  /** In reading order, without overlap, inside the passage. */
  units: Unit[];
  /** Length of {@link passageText} in tokens of the embedder's tokenizer, without special tokens. */
  tokens: number;
}

/** The first line of what the models read: headings and lead-in, outermost first. May be empty. */
export function contextText(passage: Pick<Passage, "headings" | "leadIn">): string {
  return [...passage.headings, passage.leadIn ?? ""].filter((part) => part !== "").join(" > ");
}

/** What the models read for a unit. */
export function unitText(unit: Unit): string {
  return unit.pieces.map((piece) => piece.text).join("");
}

/** What is embedded for a passage: its context, where it has any, then each unit, a line each. */
export function passageText(passage: Pick<Passage, "headings" | "leadIn" | "units">): string {
  const context = contextText(passage);
  return [...(context === "" ? [] : [context]), ...passage.units.map(unitText)].join("\n");
}
