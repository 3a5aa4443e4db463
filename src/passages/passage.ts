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
  /** In reading order, without overlap; the first starts and the last ends the passage. */
  units: Unit[];
  /** Length of the reader's input for this passage (heading path and text) in tokens of the embedder's tokenizer. */
  tokens: number;
}
