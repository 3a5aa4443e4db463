import { type BlockShape, DocumentBuilder, type Source } from "./builder.js";
import { decodeText } from "./decode.js";
import type { SourceDocument } from "./document.js";
import { type ListMarker, readListMarker } from "./list-marker.js";
import { ListPlaces } from "./list-places.js";
import { findTextHeadings } from "./text-headings.js";
import { type Chunk, type Line, splitChunks } from "./text-lines.js";
import { readTextTable, type TextRow } from "./text-tables.js";

/**
 * Reads plain text. The canonical text is the file's own, character by character (line ends as `\n`, tables with one
 * tab between cells); headings, list items, tables and paragraphs are recognised by their shape. Bullets, numbers and
 * underlines lie between the blocks.
 * @throws WaymarkError `unreadable-document` for binary content and where there is no text.
 */
export async function parseText(bytes: Uint8Array, source: Source): Promise<SourceDocument> {
  return parsePlainText(decodeText(bytes, source), source);
}

/** {@link parseText} for text that is already decoded, with line ends as `\n`. */
export function parsePlainText(text: string, source: Source): SourceDocument {
  const writer = new TextWriter(text, source);
  const chunks = splitChunks(text);
  const headings = findTextHeadings(chunks);
  for (const chunk of chunks) {
    const heading = headings.get(chunk);
    if (heading !== undefined) writer.heading(chunk[0], heading.level);
    const [first, ...rest] = chunk.slice(heading?.lines ?? 0);
    if (first === undefined) continue;
    const body: Chunk = [first, ...rest];
    const table = readTextTable(body);
    if (table !== undefined) writer.table(table);
    else writer.body(body);
  }
  return writer.finish();
}

/** Lines up to here are taken to be parts of one paragraph, whatever their lengths; no one wraps lines beyond that. */
const WRAP_WIDTHS = { sure: 100, widest: 160 };
/** In between, a line is full from this share of the widest on, and so many of the lines must be full. */
const FULL_LINE = 0.8;
/** A line at least so long may have been broken for want of room. */
const MIN_WRAP_WIDTH = 60;
const RULE = /^\s*([-=*_~])(?:\s*\1){2,}\s*$/;

class TextWriter {
  readonly #text: string;
  readonly #builder: DocumentBuilder;
  /** Up to here the text is written. */
  #position = 0;
  readonly #lists: ListPlaces;

  constructor(text: string, source: Source) {
    this.#text = text;
    this.#builder = new DocumentBuilder(source, "text/plain");
    this.#lists = new ListPlaces(this.#builder);
  }

  heading(line: Line, level: number): void {
    this.#lists.close();
    this.#block({ type: "heading", level }, [line]);
  }

  table(rows: readonly TextRow[]): void {
    this.#lists.close();
    const group = this.#builder.newGroup();
    for (const [index, { line, cells, header }] of rows.entries()) {
      this.#builder.gap(index === 0 ? this.#text.slice(this.#position, line.start) : "\n");
      this.#builder.addRow(
        group,
        header,
        cells.map((text) => [{ text, line: line.number }]),
      );
      this.#position = line.start + line.text.length;
    }
  }

  /** List items and paragraphs. */
  body(chunk: Chunk): void {
    const wrapped = isWrapped(chunk);
    const isList = countItems(chunk) >= 2;
    let open: { lines: Line[]; marker?: ListMarker } | undefined;
    const close = () => {
      if (open?.marker !== undefined)
        this.#block(this.#lists.place(open.marker), open.lines, open.marker.length);
      else if (open !== undefined) this.#paragraph(open.lines);
      open = undefined;
    };
    for (const [index, line] of chunk.entries()) {
      if (RULE.test(line.text)) {
        close();
        continue;
      }
      const previous = chunk[index - 1]?.text.trimEnd() ?? "";
      const marker = readListMarker(line.text);
      if (marker !== undefined && (open === undefined || open.marker || isList || previous.endsWith(":"))) {
        close();
        open = { lines: [line], marker };
      } else if (open !== undefined && (open.marker ? continues(line, open.marker, previous) : wrapped)) {
        open.lines.push(line);
      } else {
        close();
        open = { lines: [line] };
      }
    }
    close();
  }

  finish(): SourceDocument {
    this.#builder.gap(this.#text.slice(this.#position));
    return this.#builder.finish();
  }

  #paragraph(lines: readonly Line[]): void {
    if (!/^\s/.test(lines[0]?.text ?? "")) this.#lists.close();
    this.#block({ type: "paragraph" }, lines);
  }

  /** Writes the lines from their first character (after `skip` units) to their last as a block. */
  #block(shape: BlockShape, lines: readonly Line[], skip = 0): void {
    const [first, last] = [lines[0], lines.at(-1)];
    if (first === undefined || last === undefined) return;
    const start = first.start + Math.max(skip, first.text.search(/\S/));
    const end = last.start + last.text.trimEnd().length;
    this.#builder.gap(this.#text.slice(this.#position, start));
    this.#builder.add(shape, [{ text: this.#text.slice(start, end), line: first.number, verbatim: true }]);
    this.#position = end;
  }
}

/** Tells a paragraph that is broken into lines of one width from paragraphs that are a line each. */
function isWrapped(chunk: Chunk): boolean {
  const lengths = chunk.map(({ text }) => text.trimEnd().length);
  const width = lengths.reduce((widest, length) => Math.max(widest, length), 0);
  if (width <= WRAP_WIDTHS.sure) return true;
  const full = lengths.slice(0, -1).filter((length) => length >= width * FULL_LINE);
  return width <= WRAP_WIDTHS.widest && full.length >= (chunk.length - 1) * FULL_LINE;
}

/** An item goes on in lines that are indented below its words, and in lines that were broken for want of room. */
function continues(line: Line, marker: ListMarker, previous: string): boolean {
  const indent = line.text.search(/\S/);
  return indent > marker.indent || previous.length >= MIN_WRAP_WIDTH || /^\s*\p{Ll}/u.test(line.text);
}

function countItems(chunk: Chunk): number {
  return chunk.filter(({ text }) => readListMarker(text) !== undefined).length;
}
