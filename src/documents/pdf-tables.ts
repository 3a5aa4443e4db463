import type { PdfCell, PdfLine } from "./pdf-lines.js";

/** Columns line up within this many letter heights. */
const ALIGNED = 1;

/**
 * Finds the tables: lines one below the other whose cells are as many and line up, at the left, at the right or in
 * the middle. Two columns could be chance; they count from three rows on. Each line of a table is mapped to all its rows.
 *
 * @param canBeRow a line for which this is false is in no table, and ends the one above it
 */
export function findPdfTables(
  lines: readonly PdfLine[],
  canBeRow: (line: PdfLine) => boolean,
): Map<PdfLine, PdfLine[]> {
  const tables = new Map<PdfLine, PdfLine[]>();
  let run: PdfLine[] = [];
  const close = () => {
    const columns = run[0]?.cells.length ?? 0;
    const enough = columns === 2 ? 3 : 2;
    if (columns >= 2 && run.length >= enough) for (const row of run) tables.set(row, run);
  };
  for (const line of lines) {
    const last = run.at(-1);
    const row = canBeRow(line);
    if (row && last !== undefined && linesUp(last, line)) {
      run.push(line);
    } else {
      close();
      run = row ? [line] : [];
    }
  }
  close();
  return tables;
}

function linesUp(one: PdfLine, other: PdfLine): boolean {
  const tolerance = one.size * ALIGNED;
  return (
    one.cells.length === other.cells.length &&
    one.cells.every((cell, index) => {
      const below = other.cells[index];
      return below !== undefined && cellsLineUp(cell, below, tolerance);
    })
  );
}

function cellsLineUp(one: PdfCell, other: PdfCell, tolerance: number): boolean {
  const left = Math.abs(one.left - other.left);
  const right = Math.abs(one.right - other.right);
  const middle = Math.abs(one.left + one.right - other.left - other.right) / 2;
  return Math.min(left, right, middle) <= tolerance;
}
