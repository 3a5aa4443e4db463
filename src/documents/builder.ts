import { posix } from "node:path";
import { WaymarkError } from "../errors.js";
import type { Block, Locator, Place, Range, SourceDocument } from "./document.js";
import { documentId } from "./document-id.js";

/** Where a document comes from: the path relative to the corpus folder, with forward slashes. */
export interface Source {
  uri: string;
}

/** A stretch of a block's text and where the source has it. Pieces of a block are joined by nothing. */
export interface Piece {
  text: string;
  /** The source line of the first character; further lines are counted from it. Without it, counting goes on. */
  line?: number;
  /** The page that the piece is on. */
  page?: number;
  /** What a person calls the place that the piece is in, see {@link Place}; it holds until another one comes. */
  place?: string;
  /** Keep the white space as it is. Otherwise a run of white space becomes one space. */
  verbatim?: boolean;
}

/** A hard line break inside a block. */
export const LINE_BREAK: Piece = { text: "\n", verbatim: true };

/** What a block is; the builder adds its range. */
export type BlockShape = Omit<Block, "start" | "end" | "cells" | "header">;

/**
 * Puts together a {@link SourceDocument} block by block, so that its invariants hold by construction: blocks in
 * order, disjoint, never blank; one line break between items of a list and rows of a table, an empty line between
 * other blocks; one tab between cells; locators ascending; text without NULs and lone surrogates.
 */
export class DocumentBuilder {
  readonly #source: Source;
  readonly #mediaType: string;
  readonly #parts: string[] = [];
  readonly #blocks: Block[] = [];
  readonly #lines: Locator[] = [];
  readonly #pages: Locator[] = [];
  readonly #places: Place[] = [];
  #length = 0;
  #line: number | undefined;
  #groups = 0;
  #hidden = 0;
  #gapped = true;

  constructor(source: Source, mediaType: string) {
    this.#source = source;
    this.#mediaType = mediaType;
  }

  /** A number for a new list or table. */
  newGroup(): number {
    this.#groups += 1;
    return this.#groups;
  }

  /** Counts characters that the source has and no reader sees; they are in no block. */
  leaveOut(characters: number): void {
    this.#hidden += characters;
  }

  /** Appends a block, without the white space at its ends. One that has nothing else is left out: false. */
  add(shape: BlockShape, pieces: readonly Piece[]): boolean {
    const own = shape.type === "heading" ? pieces.map(onOneLine) : pieces;
    this.leaveOut(countSmuggled(own));
    if (isBlank(own)) return false;
    this.#separate(shape);
    const range = this.#write(own);
    this.#blocks.push({ ...shape, ...range });
    return true;
  }

  /** Appends a table row, a list of pieces a cell. Cells may be empty; a row of empty cells is left out. */
  addRow(group: number, header: boolean, cells: readonly (readonly Piece[])[]): void {
    const flows = cells.map((cell) => cell.map(flowing));
    this.leaveOut(countSmuggled(flows.flat()));
    if (flows.every(isBlank)) return;
    const shape = { type: "table-row" as const, group };
    this.#separate(shape);
    const start = this.#length;
    const first = cells.flat()[0];
    this.#line = first?.line ?? this.#line;
    this.#locate(first);
    const ranges = flows.map((cell, index) => {
      if (index > 0) this.#append("\t");
      return this.#write(cell);
    });
    const block: Block = { ...shape, start, end: this.#length, cells: ranges };
    if (header) block.header = true;
    this.#blocks.push(block);
  }

  /** Appends characters that belong to no block, in place of the usual separator: white space, bullets, numbers. */
  gap(text: string): void {
    if (text === "") return;
    this.#append(text);
    this.#gapped = true;
  }

  /**
   * The finished document. Its title is the one given, else the first heading of level 1, else the file's name.
   * @throws WaymarkError `unreadable-document` when it has no text.
   */
  finish(title?: string): SourceDocument {
    const { uri } = this.#source;
    if (this.#blocks.length === 0) {
      throw new WaymarkError("unreadable-document", `${uri} has no text.`, {
        hint: "Leave the file out, or give it some text.",
      });
    }
    const text = wellFormed(this.#parts.join(""));
    const heading = this.#blocks.find((block) => block.type === "heading" && block.level === 1);
    const firstHeading = heading === undefined ? undefined : text.slice(heading.start, heading.end);
    return {
      id: documentId(uri),
      uri,
      title: oneLine(visible(wellFormed(title ?? ""), false)) || oneLine(firstHeading ?? "") || fileName(uri),
      mediaType: this.#mediaType,
      text,
      blocks: this.#blocks,
      lines: this.#lines,
      pages: this.#pages,
      ...(this.#places.length === 0 ? {} : { places: this.#places }),
      ...(this.#hidden === 0 ? {} : { hidden: this.#hidden }),
    };
  }

  #separate(next: BlockShape): void {
    if (!this.#gapped) {
      const last = this.#blocks.at(-1);
      const together = next.group !== undefined && last?.group === next.group && last.type === next.type;
      this.#append(together ? "\n" : "\n\n");
    }
    this.#gapped = false;
  }

  #write(pieces: readonly Piece[]): Range {
    const start = this.#length;
    /** White space that waits for a word; `soft` when it may give way to a line break. */
    let space = "";
    let soft = true;
    for (const piece of pieces) {
      const { text, line, verbatim = false } = piece;
      if (line !== undefined) this.#line = line;
      for (const [run] of visible(text, verbatim).matchAll(verbatim ? VERBATIM_RUN : RUN)) {
        const atStart = this.#length === start;
        if (!BLANK.test(run)) {
          if (atStart) this.#locate(piece);
          if (space !== "") this.#append(space);
          this.#locate(piece);
          this.#append(run);
          space = "";
        } else if (verbatim) {
          space = soft || (atStart && run === "\n") ? run : space + run;
          if (atStart && run === "\n") space = "";
          soft = false;
        } else if (space === "" && !atStart) {
          space = " ";
          soft = true;
        }
        if (run === "\n" && this.#line !== undefined) this.#line += 1;
      }
    }
    return { start, end: this.#length };
  }

  #locate({ page, place }: Pick<Piece, "page" | "place"> = {}): void {
    pushLocator(this.#lines, this.#length, this.#line);
    pushLocator(this.#pages, this.#length, page);
    pushPlace(this.#places, this.#length, place);
  }

  #append(text: string): void {
    this.#parts.push(text);
    this.#length += text.length;
  }
}

const BLANK = /^\s*$/;
/**
 * Words with one plain space between them, line ends and other white space. A run of any number of words would fail in a text of
 * 20 MB without line ends: the expression keeps a place to come back to for each.
 */
const RUN = /\S+(?: \S+){0,63}|\n|[^\S\n]+/g;
/** The same, with the spaces inside a line left in it. */
const VERBATIM_RUN = /\S(?:[^\n]*\S)?|\n|[^\S\n]+/g;
/** Soft hyphen, zero width space, word joiner, byte order mark: they print nothing and hide words from a search. */
const INVISIBLE = /[\u00AD\u200B\u2060\uFEFF]/g;

/** How many UTF-16 units of the text print something. */
export function countPrinted(text: string): number {
  return visible(text, false).replace(/\s+/g, "").length;
}

/** Tags and supplementary variation selectors: they print nothing and can spell out any text, for machines alone. */
const SMUGGLED = /[\u{E0000}-\u{E007F}]|[\u{E0100}-\u{E01EF}]/gu;
/** Embeddings, overrides and isolates: they show the characters between them in another order than they stand in. */
const REORDERING = /[\u202A-\u202E\u2066-\u2069]/g;

function countSmuggled(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { text }) => sum + (text.match(SMUGGLED)?.length ?? 0), 0);
}

function visible(text: string, verbatim: boolean): string {
  const plain = text.replace(SMUGGLED, "").replace(REORDERING, "");
  return verbatim ? plain : plain.replace(INVISIBLE, "");
}

/** With a space for each run of white space. */
function flowing(piece: Piece): Piece {
  return { ...piece, verbatim: false };
}

function onOneLine(piece: Piece): Piece {
  return piece.text.includes("\n") ? flowing(piece) : piece;
}

function isBlank(pieces: readonly Piece[]): boolean {
  return pieces.every(({ text, verbatim = false }) => BLANK.test(visible(text, verbatim)));
}

/** Same length as before, so that ranges stay true. */
function wellFormed(text: string): string {
  return text.replace(/\0|\p{Surrogate}/gu, "\uFFFD");
}

/** Locators ascend: a value that would go back, or repeats the last, is left out. */
function pushLocator(locators: Locator[], offset: number, value: number | undefined): void {
  const last = locators.at(-1);
  if (value === undefined || value <= (last?.value ?? 0)) return;
  if (last?.offset === offset) last.value = value;
  else locators.push({ offset, value });
}

const LABEL_LENGTH = 160;

/** A place that repeats the last, or has no name, is left out. */
function pushPlace(places: Place[], offset: number, name: string | undefined): void {
  if (name === undefined || name === places.at(-1)?.label) return;
  const label = wellFormed(oneLine(visible(name, false)).slice(0, LABEL_LENGTH)).trim();
  const last = places.at(-1);
  if (label === "" || label === last?.label) return;
  if (last?.offset === offset) places.pop();
  if (places.at(-1)?.label !== label) places.push({ offset, label });
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function fileName(uri: string): string {
  const name = posix.basename(uri);
  return posix.basename(name, posix.extname(name)) || uri;
}
