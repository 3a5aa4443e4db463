import { inline, isInline, type JsonNode, membersOf } from "./json-values.js";

/** Objects that are alike, as a table. */
export interface JsonTable {
  columns: string[];
  /** For each object its cells, as many as there are columns. */
  rows: { node: JsonNode; cells: ({ node: JsonNode; text: string } | undefined)[] }[];
}

/** A table of one row is none, and one of more columns nobody reads. */
const MIN_ROWS = 2;
const MAX_COLUMNS = 24;
/** A cell has at most so many characters. */
const MAX_CELL = 160;
/** Of all the keys that there are an object has at least this share. */
const MIN_FILLED = 0.5;

/** The objects as a table where all of them have about the same keys, with short values; undefined where they do not. */
export function readJsonTable(objects: readonly JsonNode[], source: string): JsonTable | undefined {
  if (objects.length < MIN_ROWS || objects.some(({ type }) => type !== "object")) return undefined;
  const columns = new Map<string, number>();
  const rows: JsonTable["rows"] = [];
  for (const node of objects) {
    const cells: JsonTable["rows"][number]["cells"] = [];
    for (const { key, value } of membersOf(node)) {
      if (!isInline(value, source)) return undefined;
      const text = inline(value, source);
      const column = columns.get(key) ?? columns.size;
      if (text.length > MAX_CELL || column >= MAX_COLUMNS) return undefined;
      columns.set(key, column);
      cells[column] = { node: value, text };
    }
    rows.push({ node, cells });
  }
  const width = columns.size;
  const isFilled = ({ cells }: (typeof rows)[number]) =>
    cells.filter((cell) => cell !== undefined).length >= width * MIN_FILLED;
  if (width < 2 || !rows.every(isFilled)) return undefined;
  for (const { cells } of rows) cells.length = width;
  return {
    columns: [...columns.keys()],
    rows: rows.map(({ node, cells }) => ({ node, cells: Array.from(cells) })),
  };
}
