import type { DocumentBuilder } from "./builder.js";
import { type CandidateRow, type HeaderHabit, namesColumns } from "./table-header.js";

/** A row of a sheet as a person sees it. */
export interface SheetRow {
  /** Texts that print something by column, from 0; ascending. */
  cells: ReadonlyMap<number, string>;
  /** What a person calls it: "row 12". */
  place: string;
  /** Something stands between it and the row before: an empty row. */
  apart?: boolean;
  /** All its cells are bold. */
  bold?: boolean;
  /** The file says that it names the columns of those below. */
  header?: boolean;
}

/**
 * Appends the rows of a sheet. Rows apart from each other are tables of their own, unless the later ones have no header
 * and fit under the one before. Lines with a single cell, above a table or apart from one, are paragraphs. Columns that are empty
 * throughout are left out, and so are empty cells at a row's end.
 */
export function addSheetRows(builder: DocumentBuilder, rows: readonly SheetRow[], habit: HeaderHabit): void {
  let open: OpenTable | undefined;
  for (const region of regionsOf(rows)) {
    const start = region.findIndex(({ cells }) => cells.size > 1);
    const lines = start === -1 ? region : region.slice(0, start);
    const table = start === -1 ? [] : region.slice(start);
    const fits = open !== undefined && region.every((row) => isUnder(row, open?.columns));
    const headed = headerOf(table, open === undefined ? habit : "seldom");
    if (open !== undefined && fits && headed === undefined && start !== -1) {
      addRows(builder, region, open);
      continue;
    }
    for (const row of lines) {
      builder.add({ type: "paragraph" }, [{ text: [...row.cells.values()].join(" "), place: row.place }]);
    }
    if (table.length === 0) continue;
    open = { group: builder.newGroup(), columns: columnsOf(table), header: headed };
    addRows(builder, table, open);
  }
}

interface OpenTable {
  group: number;
  columns: Map<number, number>;
  header: SheetRow | undefined;
}

/** A header may have so many lines above it that name groups of columns. */
const MAX_ABOVE_HEADER = 2;

function addRows(
  builder: DocumentBuilder,
  rows: readonly SheetRow[],
  { group, columns, header }: OpenTable,
): void {
  for (const row of rows) {
    const [first = "", ...others] = textsOf(row, columns);
    const cells = [[{ text: first, place: row.place }], ...others.map((text) => [{ text }])];
    builder.addRow(group, row === header, cells);
  }
}

function headerOf(rows: readonly SheetRow[], habit: HeaderHabit): SheetRow | undefined {
  const said = rows.find(({ header }) => header);
  if (said !== undefined) return said;
  const columns = columnsOf(rows);
  const candidates = rows.slice(0, MAX_SAMPLE).map((row): CandidateRow => {
    const texts = Array.from({ length: columns.size }, () => "");
    for (const [column, text] of row.cells) texts[columns.get(column) ?? 0] = text;
    return row.bold === true ? { texts, bold: true } : { texts };
  });
  const index = candidates
    .slice(0, MAX_ABOVE_HEADER + 1)
    .findIndex((row, at) => namesColumns(row, candidates.slice(at + 1), at === 0 ? habit : "seldom"));
  return rows[index];
}

/** Rows that are looked at to find a header. */
const MAX_SAMPLE = 40;

/** Runs of rows with nothing between them. A row that is said to be a header starts one. */
function regionsOf(rows: readonly SheetRow[]): SheetRow[][] {
  const regions: SheetRow[][] = [];
  for (const row of rows) {
    if (regions.length === 0 || row.apart === true || row.header === true) regions.push([]);
    regions.at(-1)?.push(row);
  }
  return regions;
}

/** The columns that have text in any row, and the position of each among them. */
function columnsOf(rows: readonly SheetRow[]): Map<number, number> {
  const used = new Set<number>();
  for (const { cells } of rows) for (const column of cells.keys()) used.add(column);
  return new Map([...used].sort((a, b) => a - b).map((column, position) => [column, position]));
}

function isUnder({ cells }: SheetRow, columns: ReadonlyMap<number, number> | undefined): boolean {
  return columns !== undefined && [...cells.keys()].every((column) => columns.has(column));
}

function textsOf({ cells }: SheetRow, columns: ReadonlyMap<number, number>): string[] {
  const texts: string[] = [];
  for (const [column, text] of cells) {
    const position = columns.get(column) ?? texts.length;
    while (texts.length < position) texts.push("");
    texts[position] = text;
  }
  return texts;
}
