import { endOf, type RstLine } from "./rst-lines.js";

/** A row of a table: of each cell its lines, and whether it names the columns. */
export interface RstRow {
  cells: RstLine[][];
  header: boolean;
}

export const GRID_BORDER = /^\+[-=+]*[-=]\+\s*$/;
export const SIMPLE_BORDER = /^=+(?: +=+)+\s*$/;

/** Reads a table whose cells are drawn: `+---+---+`. Cells that span columns are one cell; those that span rows stand in the first. */
export function readGridTable(lines: readonly RstLine[]): RstRow[] {
  const columns = [...(lines[0]?.text ?? "").matchAll(/\+/g)].map(({ index }) => index);
  const headerEnd = lines.findIndex(({ text }, index) => index > 0 && /^\+[=+]+\+\s*$/.test(text));
  const rows: RstRow[] = [];
  let open: RstLine[] = [];
  for (const [index, line] of lines.entries()) {
    if (!/^\+|^\|.*\+[-=]+\+/.test(line.text)) {
      open.push(line);
      continue;
    }
    if (open.length > 0) rows.push({ cells: gridCells(open, columns), header: index <= headerEnd });
    open = [];
  }
  return rows;
}

function gridCells(lines: readonly RstLine[], columns: readonly number[]): RstLine[][] {
  const walls = columns.filter((column) => lines.every(({ text }) => text.charAt(column) === "|"));
  return walls.slice(0, -1).map((wall, index) => {
    const end = walls[index + 1];
    const cell = lines.map(({ text, number }) => ({ text: text.slice(wall + 1, end).trim(), number }));
    return cell.filter(({ text }) => text !== "");
  });
}

/** Reads a table whose columns are underlined: `====  ====`. A row whose first cell is empty goes on with the one above. */
export function readSimpleTable(lines: readonly RstLine[]): RstRow[] {
  const columns = [...(lines[0]?.text ?? "").matchAll(/=+/g)].map(({ index }) => index);
  const borders = lines.flatMap(({ text }, index) => (SIMPLE_BORDER.test(text) ? [index] : []));
  const headerEnd = borders.length > 2 ? (borders[1] ?? 0) : 0;
  const rows: RstRow[] = [];
  for (const [index, { text, number }] of lines.entries()) {
    if (SIMPLE_BORDER.test(text) || /^-+(?: +-+)*\s*$/.test(text) || text.trim() === "") continue;
    const cells = columns.map((start, column) => {
      const words = text.slice(start, columns[column + 1]).trim();
      return words === "" ? [] : [{ text: words === "\\" ? "" : words, number }];
    });
    const last = rows.at(-1);
    const header = index < headerEnd;
    if (cells[0]?.length === 0 && last?.header === header) {
      for (const [column, cell] of cells.entries()) last.cells[column]?.push(...cell);
    } else {
      rows.push({ cells, header });
    }
  }
  return rows;
}

/** The border that ends a simple table has an empty line below it. */
export function endOfSimpleTable(lines: readonly RstLine[], at: number): number {
  for (let index = at + 1; index < lines.length; index += 1) {
    const isLast = (lines[index + 1]?.text ?? "") === "";
    if (SIMPLE_BORDER.test(lines[index]?.text ?? "") && isLast && index > at + 1) return index + 1;
  }
  return endOf(lines, at, (line) => line !== "");
}

/** Reads the rows of a `list-table`: a list of rows, each a list of cells. */
export function readListTable(lines: readonly RstLine[], headerRows: number): RstRow[] {
  const rows: RstRow[] = [];
  for (const { text, number } of lines) {
    const [, row, cell, words = text.trim()] = /^\s*(\* +)?(- +|-$)(.*)$/.exec(text) ?? [];
    if (row !== undefined) rows.push({ cells: [], header: rows.length < headerRows });
    const cells = rows.at(-1)?.cells;
    if (cell !== undefined) cells?.push([]);
    if (words.trim() !== "") cells?.at(-1)?.push({ text: words.trim(), number });
  }
  return rows;
}

/** Reads the rows of a `csv-table`; `header` is a row that stands in its options. */
export function readCsvTable(
  lines: readonly RstLine[],
  headerRows: number,
  header: string | undefined,
): RstRow[] {
  const own = lines.filter(({ text }) => text.trim() !== "");
  const named = header === undefined ? [] : [{ text: header, number: own[0]?.number ?? 1 }];
  return [...named, ...own].map(({ text, number }, index) => ({
    cells: [...text.matchAll(/\s*(?:"((?:[^"]|"")*)"|([^",]*))\s*(?:,|$)/g)]
      .filter(([whole], column, all) => whole !== "" || column < all.length - 1)
      .map(([, quoted, plain = ""]) => [{ text: quoted?.replaceAll('""', '"') ?? plain.trim(), number }]),
    header: index < headerRows + named.length,
  }));
}
