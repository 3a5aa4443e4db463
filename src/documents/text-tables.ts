import type { Chunk, Line } from "./text-lines.js";

/** A row of a table in plain text, with its cells trimmed. */
export interface TextRow {
  line: Line;
  cells: string[];
  header: boolean;
}

/**
 * Reads a chunk as a table where it clearly is one: each line has the same number of cells, divided by pipes (with
 * rules of `---` and `+` between them, or a pipe at both ends) or by tabs.
 */
export function readTextTable(chunk: Chunk): TextRow[] | undefined {
  return readPipeTable(chunk) ?? readTabTable(chunk);
}

const RULE = /^[\s|+:=-]*$/;
const MAX_HEADER_CELL = 40;

function readPipeTable(chunk: Chunk): TextRow[] | undefined {
  const lines = chunk.filter((line) => !RULE.test(line.text));
  const boxed = lines.every(({ text }) => /^\s*\|.*\|\s*$/.test(text));
  if (!boxed && lines.length === chunk.length) return undefined;
  const rows = lines.map((line) => ({ line, cells: pipeCells(line.text) }));
  if (!isRectangular(rows, 2)) return undefined;
  const ruleIndex = chunk.findIndex((line, index) => index > 0 && RULE.test(line.text));
  const ruled =
    ruleIndex !== -1 && chunk.slice(0, ruleIndex).filter((line) => !RULE.test(line.text)).length === 1;
  return rows.map((row, index) => ({ ...row, header: index === 0 && ruled }));
}

/** A line that starts with a pipe may end with one that closes the last cell. */
function pipeCells(text: string): string[] {
  const line = text.trim();
  const inner = line.startsWith("|") ? line.slice(1).replace(/\|$/, "") : line;
  return inner.split("|").map((cell) => cell.trim());
}

/** Two columns could be an indented text; they count from three rows on. */
function readTabTable(chunk: Chunk): TextRow[] | undefined {
  const rows = chunk.map((line) => ({ line, cells: line.text.split("\t").map((cell) => cell.trim()) }));
  const columns = rows[0]?.cells.length ?? 0;
  if (!isRectangular(rows, columns === 2 ? 3 : 2) || rows.some(({ cells }) => cells[0] === ""))
    return undefined;
  const names = rows[0]?.cells ?? [];
  const header =
    rows.length > 2 &&
    names.every((name) => name !== "" && name.length <= MAX_HEADER_CELL && !/\d/.test(name));
  return rows.map((row, index) => ({ ...row, header: index === 0 && header }));
}

function isRectangular(rows: readonly { cells: string[] }[], minimum: number): boolean {
  const columns = rows[0]?.cells.length ?? 0;
  return columns >= 2 && rows.length >= minimum && rows.every(({ cells }) => cells.length === columns);
}
