import { countPrinted } from "./builder.js";
import type { SheetRow } from "./table-rows.js";
import { type CellStyle, showNumber, showText } from "./xlsx-styles.js";
import { readXml } from "./xml.js";

/** What the cells of a workbook refer to. */
export interface CellContext {
  /** Texts that cells name by their number. */
  strings: readonly string[];
  styles: readonly CellStyle[];
  from1904: boolean;
}

export interface SheetContext extends CellContext {
  /** Numbers of the rows that the file says are headers of tables. */
  headers: ReadonlySet<number>;
  /** Tables lend their rows a ground of their own, so white letters can be read. */
  hasTables: boolean;
  /** What a person calls a row. */
  placeOf: (row: number) => string;
}

/** The rows that are shown, and how many characters the others have. */
export interface Sheet {
  rows: SheetRow[];
  hidden: number;
}

/**
 * Reads a worksheet event by event: values and formats make the texts that Excel shows. Rows and columns that are hidden,
 * and cells that print nothing though they hold something, are counted.
 * @throws Error where its XML is damaged, or a cell is where none can be
 */
export function readSheet(xml: string, context: SheetContext): Sheet {
  const sheet: Sheet = { rows: [], hidden: 0 };
  const hiddenColumns: { from: number; to: number }[] = [];
  let hidesRows = false;
  let row = newRow(0, false);
  let cell: OpenCell | undefined;
  let collects = false;
  let phonetic = 0;
  let last = 0;
  readXml(xml, {
    open(name, attributes) {
      switch (name) {
        case "sheetFormatPr":
          hidesRows = isTrue(attributes().zeroHeight);
          break;
        case "col": {
          const { min, max, hidden } = attributes();
          if (isTrue(hidden)) hiddenColumns.push({ from: Number(min) - 1, to: Number(max) - 1 });
          break;
        }
        case "row": {
          const { r, hidden } = attributes();
          const number = r === undefined ? row.number + 1 : Number(r);
          row = newRow(number, hidesRows || isTrue(hidden));
          break;
        }
        case "c": {
          const { r, t, s } = attributes();
          const column = r === undefined ? row.next : columnOf(r);
          cell = { column, type: t ?? "n", style: context.styles[Number(s ?? 0)], value: "" };
          row.next = column + 1;
          break;
        }
        case "v":
        case "t":
          collects = phonetic === 0;
          break;
        case "rPh":
          phonetic += 1;
          break;
      }
    },
    text(text) {
      if (collects && cell !== undefined) cell.value += text;
    },
    close(name) {
      if (name === "v" || name === "t") collects = false;
      if (name === "rPh") phonetic -= 1;
      if (name === "c" && cell !== undefined) {
        sheet.hidden += addCell(row, cell, context, hiddenColumns);
        cell = undefined;
      }
      if (name === "row" && row.used) {
        const { number, cells, bold } = row;
        const header = context.headers.has(number);
        const apart = number > last + 1;
        if (cells.size > 0) sheet.rows.push({ cells, place: context.placeOf(number), bold, apart, header });
        last = number;
      }
    },
  });
  return sheet;
}

interface OpenRow {
  number: number;
  hidden: boolean;
  cells: Map<number, string>;
  bold: boolean;
  /** It has cells that hold something, shown or not. */
  used: boolean;
  /** The column of a cell that does not say its own. */
  next: number;
}

function newRow(number: number, hidden: boolean): OpenRow {
  return { number, hidden, cells: new Map(), bold: true, used: false, next: 0 };
}

interface OpenCell {
  column: number;
  type: string;
  style: CellStyle | undefined;
  value: string;
}

/** Adds a cell to its row, if it is shown; gives the number of characters that are not. */
function addCell(
  row: OpenRow,
  { column, type, style, value }: OpenCell,
  context: SheetContext,
  hiddenColumns: readonly { from: number; to: number }[],
): number {
  if (value === "") return 0;
  row.used = true;
  const pattern = style?.pattern ?? "General";
  const raw = type === "s" ? (context.strings[Number(value)] ?? "") : unescapeText(value);
  const text = shown(raw, type, pattern, context.from1904);
  const unseen =
    row.hidden ||
    hiddenColumns.some(({ from, to }) => column >= from && column <= to) ||
    (style?.unseen === true && !context.hasTables) ||
    text.trim() === "";
  if (unseen) return countPrinted(raw);
  row.cells.set(column, text);
  row.bold &&= style?.bold === true;
  return 0;
}

function shown(raw: string, type: string, pattern: string, from1904: boolean): string {
  if (type === "b") return raw === "0" ? "FALSE" : "TRUE";
  if (type === "e") return raw;
  if (type === "d") return raw.replace(/T00:00:00(?:\.0+)?Z?$/, "");
  if (type !== "n") return showText(raw, pattern);
  const value = Number(raw);
  return Number.isFinite(value) ? showNumber(value, pattern, from1904) : raw;
}

/** `_x000D_` and the like are characters that XML cannot hold. */
export function unescapeText(text: string): string {
  return text.replace(/_x([0-9a-f]{4})_/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}

/** Columns of a sheet, as Excel has them at most. */
const MAX_COLUMN = 16_384;

/** The column, from 0, of a cell's name such as "AB12". */
export function columnOf(name: string): number {
  const letters = /^[A-Z]{1,3}/.exec(name)?.[0] ?? "";
  const column = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
  if (column < 0 || column >= MAX_COLUMN) throw new Error(`It has a cell "${name.slice(0, 20)}"`);
  return column;
}

function isTrue(value: string | undefined): boolean {
  return value === "1" || value === "true";
}
