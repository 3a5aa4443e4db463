import { readListMarker } from "./list-marker.js";
import type { PdfLine } from "./pdf-lines.js";
import {
  gapAbove,
  leftEdge,
  lineText,
  lineWidth,
  measureStyle,
  type PdfStyle,
  roundSize,
} from "./pdf-style.js";
import { findPdfTables } from "./pdf-tables.js";

/** What lines of a PDF make together; `lines` and `rows` are never empty. */
export type PdfPart =
  | { type: "heading"; level: number; lines: PdfLine[] }
  | { type: "paragraph" | "code"; lines: PdfLine[] }
  | PdfItem
  | { type: "table"; rows: PdfLine[]; header: boolean };

export interface PdfItem {
  type: "list-item";
  lines: PdfLine[];
  ordinal?: number;
  /** Points from the left edge of the page to the marker. */
  indent: number;
  /** UTF-16 units of the first line's text before the item's words. */
  markerLength: number;
}

/**
 * Tells headings (by size and font), code (by letters of one width), paragraphs (by gaps, indents and short last lines), list items (by their
 * markers) and tables (by columns that line up) apart. Lines come in reading order.
 */
export function layOut(lines: readonly PdfLine[]): PdfPart[] {
  const style = measureStyle(lines);
  const tables = findPdfTables(lines, (line) => !isItem(line) && !isCode(line, style));
  const parts: PdfPart[] = [];
  for (const [index, line] of lines.entries()) {
    const previous = lines[index - 1];
    const table = tables.get(line);
    if (table === undefined) {
      const level = headingLevel(line, previous, lines[index + 1], style);
      if (!extend(parts.at(-1), previous, line, level, style)) parts.push(open(line, level, style));
    } else if (table[0] === line) {
      parts.push({ type: "table", rows: table, header: isHeader(table, style) });
    }
  }
  return parts;
}

const MAX_PLAIN_HEADING = 90;
/** A gap of this many pitches parts paragraphs. */
const PARAGRAPH_GAP = 1.3;
/** A line that ends before this share of the width, with a full stop, is the last of its paragraph. */
const SHORT_LINE = 0.75;
/** The dots of a table of contents. */
const DOT_LEADER = /(?:\s?\.){5}/;
const SENTENCE_END = /[.!?:…]["'”’)\]]*$/;

function open(line: PdfLine, level: number | undefined, style: PdfStyle): PdfPart {
  if (level !== undefined) return { type: "heading", level, lines: [line] };
  if (isCode(line, style)) return { type: "code", lines: [line] };
  const marker = readListMarker(lineText(line));
  if (marker === undefined) return { type: "paragraph", lines: [line] };
  const item: PdfItem = {
    type: "list-item",
    lines: [line],
    indent: leftEdge(line),
    markerLength: marker.length,
  };
  if (marker.ordinal !== undefined) item.ordinal = marker.ordinal;
  return item;
}

/** Adds the line to the part before it where it goes on there. */
function extend(
  part: PdfPart | undefined,
  previous: PdfLine | undefined,
  line: PdfLine,
  level: number | undefined,
  style: PdfStyle,
): boolean {
  if (part === undefined || previous === undefined || part.type === "table") return false;
  const goesOn = (() => {
    switch (part.type) {
      case "heading":
        return (
          level === part.level &&
          isClose(previous, line, style) &&
          roundSize(previous.size) === roundSize(line.size)
        );
      case "code":
        return isCode(line, style) && gapAbove(previous, line) > 0;
      default:
        return (
          level === undefined &&
          !isCode(line, style) &&
          !isItem(line) &&
          continues(part, previous, line, style)
        );
    }
  })();
  if (goesOn) part.lines.push(line);
  return goesOn;
}

function isItem(line: PdfLine): boolean {
  return readListMarker(lineText(line)) !== undefined;
}

/** Letters of one width are code, unless the whole document is typewritten. */
function isCode(line: PdfLine, style: PdfStyle): boolean {
  return line.monospace && !style.monospace;
}

function continues(
  part: PdfPart & { lines: PdfLine[] },
  previous: PdfLine,
  line: PdfLine,
  style: PdfStyle,
): boolean {
  const text = lineText(previous);
  if (DOT_LEADER.test(text)) return false;
  const gap = gapAbove(previous, line);
  if (Number.isNaN(gap) || gap <= 0) return !SENTENCE_END.test(text) && !/^\p{Lu}/u.test(lineText(line));
  if (!isClose(previous, line, style) || Math.abs(previous.size - line.size) > style.size * 0.15)
    return false;
  const left = leftEdge(line);
  if (part.type === "list-item") return left > part.indent + 1;
  const indented = left > leftEdge(previous) + style.size * 0.8;
  const ended = SENTENCE_END.test(text) && lineWidth(previous) < style.width * SHORT_LINE;
  return !(ended || (indented && SENTENCE_END.test(text)));
}

function isClose(previous: PdfLine, line: PdfLine, style: PdfStyle): boolean {
  const scale = Math.max(1, line.size / style.size);
  const gap = gapAbove(previous, line);
  return gap > 0 && gap <= style.pitch * scale * PARAGRAPH_GAP;
}

/** Larger letters make a heading; so does another font, in a short line set apart above a line of running text. */
function headingLevel(
  line: PdfLine,
  previous: PdfLine | undefined,
  next: PdfLine | undefined,
  style: PdfStyle,
): number | undefined {
  const text = lineText(line);
  const rank = style.headingSizes.indexOf(roundSize(line.size));
  if (!/\p{L}/u.test(text) || DOT_LEADER.test(text)) return undefined;
  if (rank !== -1) return rank + 1;
  const isPlain =
    line.font !== style.font &&
    !line.monospace &&
    Math.abs(line.size - style.size) < style.size * 0.1 &&
    line.cells.length === 1 &&
    text.length <= MAX_PLAIN_HEADING &&
    /^["'“‘(]*[\p{Lu}\p{Lo}\d]/u.test(text) &&
    !/[.,;:!]$/.test(text) &&
    (previous === undefined || !isClose(previous, line, style)) &&
    next?.font === style.font;
  return isPlain ? style.headingSizes.length + 1 : undefined;
}

/** The first row names the columns when it is set in another font than the rows below it. */
function isHeader([first, second]: readonly PdfLine[], style: PdfStyle): boolean {
  return (
    first !== undefined && second !== undefined && first.font !== style.font && first.font !== second.font
  );
}
