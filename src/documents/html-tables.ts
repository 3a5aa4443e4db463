import type { DefaultTreeAdapterTypes as Tree } from "parse5";
import type { Piece } from "./builder.js";
import { attribute, findAll, isElement, isText, type Test, textOf, walk } from "./html-tree.js";

/** A row of a table: its cells' words, and whether it names the columns. */
export interface HtmlRow {
  cells: Piece[][];
  header: boolean;
}

/**
 * The rows of a table of data. Undefined for a table that only lays out a page: one with a single column, with
 * headings or with other tables in it. A cell that spans columns is followed by empty ones.
 */
export function readHtmlTable(
  table: Tree.Element,
  skip: Test,
  toPiece: (node: Tree.TextNode) => Piece,
): HtmlRow[] | undefined {
  if (["presentation", "none"].includes(attribute(table, "role") ?? "") || hasLayout(table)) return undefined;
  const rows = findRows(table, skip);
  if (rows.every(({ cells }) => cells.length < 2)) return undefined;
  const headed = rows.some(({ inHead }) => inHead);
  const allInHead = rows.every(({ inHead }) => inHead);
  return rows.map(({ cells, inHead }, index) => ({
    cells: cells.flatMap((cell) => [cellPieces(cell, skip, toPiece), ...spannedCells(cell)]),
    header: headed && !allInHead ? inHead : index === 0 && (allInHead || namesColumns(cells)),
  }));
}

/** The visible words of an element on one line: a space stands where a block or a line ends. */
export function cellPieces(
  element: Tree.Element,
  skip: Test,
  toPiece: (node: Tree.TextNode) => Piece,
): Piece[] {
  return [...walk(element, skip)].flatMap((node) => {
    if (isText(node)) return [toPiece(node)];
    return isElement(node) && !INLINE_TAGS.has(node.tagName) ? [{ text: " " }] : [];
  });
}

/** Tags that do not divide words: all others stand for a block or a line end. */
export const INLINE_TAGS: ReadonlySet<string> = new Set(
  (
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark nobr output picture q rt ruby " +
    "s samp small source span strike strong sub sup time track tt u var wbr"
  ).split(" "),
);

const LAYOUT_TAGS = new Set([
  "table",
  "h1",
  "h2",
  "h3",
  "h4",
  "h5",
  "h6",
  "pre",
  "main",
  "article",
  "section",
]);
const MAX_SPAN = 50;

function hasLayout(table: Tree.Element): boolean {
  for (const node of walk(table)) if (isElement(node) && LAYOUT_TAGS.has(node.tagName)) return true;
  return false;
}

/** All cells are header cells, or all their words are bold. */
function namesColumns(cells: readonly Tree.Element[]): boolean {
  return cells.every((cell) => cell.tagName === "th") || cells.every(isBold);
}

function isBold(cell: Tree.Element): boolean {
  const bold = findAll(cell, ({ tagName }) => tagName === "strong" || tagName === "b");
  const text = textOf(cell).trim();
  return (
    text !== "" &&
    bold
      .map((element) => textOf(element))
      .join("")
      .trim() === text
  );
}

/** The parser puts every row into a thead, tbody or tfoot. */
function findRows(table: Tree.Element, skip: Test): { cells: Tree.Element[]; inHead: boolean }[] {
  return visibleChildren(table, skip, ["thead", "tbody", "tfoot"]).flatMap((section) =>
    visibleChildren(section, skip, ["tr"]).map((row) => ({
      cells: visibleChildren(row, skip, ["td", "th"]),
      inHead: section.tagName === "thead",
    })),
  );
}

function visibleChildren(parent: Tree.Element, skip: Test, tags: readonly string[]): Tree.Element[] {
  return parent.childNodes.filter(isElement).filter((child) => tags.includes(child.tagName) && !skip(child));
}

function spannedCells(cell: Tree.Element): Piece[][] {
  const span = Number.parseInt(attribute(cell, "colspan") ?? "1", 10);
  return Array.from({ length: Math.max(0, Math.min(span || 1, MAX_SPAN) - 1) }, () => []);
}
