import { type Block, placeAt, type Range, type SourceDocument } from "../documents/document.js";
import { el } from "./dom.js";
import { intersect, segmentRange } from "./marks.js";
import { type ListPart, outline, type Part } from "./outline.js";

export interface DocumentView {
  element: HTMLElement;
  /**
   * Marks exactly the characters of `range` that are shown (and no others); gives the first mark, if there is one. It
   * bears the name of the place that it is in as `data-place`, where the document has places.
   */
  mark(range: Range | undefined): HTMLElement | undefined;
}

/** An element that shows a stretch of the text, and the range that it shows. */
interface Piece {
  element: HTMLElement;
  range: Range;
  marked: boolean;
}

/** Shows a document as what it is: headings, paragraphs, lists, tables, quotes and code. */
export function documentView(source: Pick<SourceDocument, "text" | "blocks" | "places">): DocumentView {
  const pieces: Piece[] = [];
  const fill: Fill = (element, range) => {
    element.textContent = source.text.slice(range.start, range.end);
    pieces.push({ element, range, marked: false });
    return element;
  };
  const element = el(
    "div",
    { class: "document" },
    ...outline(source.blocks).map((part) => partView(part, fill)),
  );
  return {
    element,
    mark(range) {
      for (const piece of pieces) {
        const marked = range !== undefined && intersect(piece.range, range) !== undefined;
        if (marked || piece.marked) piece.element.replaceChildren(...pieceContent(source.text, piece, range));
        piece.marked = marked;
      }
      const first = element.querySelector("mark") ?? undefined;
      const place = range && placeAt(source.places, range.start);
      if (first !== undefined && place !== undefined) first.dataset.place = place;
      return first;
    },
  };
}

type Fill = <E extends HTMLElement>(element: E, range: Range) => E;

function pieceContent(text: string, piece: Piece, range: Range | undefined): (string | HTMLElement)[] {
  return segmentRange(piece.range, range === undefined ? [] : [range]).map((segment) => {
    const shown = text.slice(segment.start, segment.end);
    return segment.marked ? el("mark", {}, shown) : shown;
  });
}

function partView(part: Part, fill: Fill): HTMLElement {
  switch (part.type) {
    case "heading":
      return fill(el(headingTag(part.level), { dir: "auto" }), part.block);
    case "paragraph":
      return fill(el("p", { dir: "auto" }), part.block);
    case "quote":
      return el("blockquote", { dir: "auto" }, fill(el("p"), part.block));
    case "code":
      return el("pre", { tabindex: 0 }, fill(el("code"), part.block));
    case "list":
      return listView(part, fill);
    case "table":
      return tableView(part.rows, fill);
  }
}

/** The page's own headings are h1 and h2, so the document's start at h3. */
function headingTag(level: number): "h3" | "h4" | "h5" | "h6" {
  return (["h3", "h4", "h5"] as const)[level - 1] ?? "h6";
}

function listView(list: ListPart, fill: Fill): HTMLElement {
  const items = list.items.map(({ block, lists }) =>
    el(
      "li",
      { value: block.ordinal },
      fill(el("span", { dir: "auto" }), block),
      ...lists.map((nested) => listView(nested, fill)),
    ),
  );
  return el(list.ordered ? "ol" : "ul", {}, ...items);
}

/** A table with more rows is shown in pieces of so many, which the browser lays out when they come into view. */
const ROWS_AT_ONCE = 250;

function tableView(rows: readonly Block[], fill: Fill): HTMLElement {
  if (rows.length <= 2 * ROWS_AT_ONCE) return rowsView(rows, fill);
  const pieces: HTMLElement[] = [];
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
    pieces.push(rowsView(rows.slice(at, at + ROWS_AT_ONCE), fill));
  }
  return el("div", { class: "long-table" }, ...pieces);
}

function rowsView(rows: readonly Block[], fill: Fill): HTMLElement {
  const row = (block: Block) => {
    const cells = block.cells ?? [block];
    return el(
      "tr",
      {},
      ...cells.map((cell) =>
        fill(block.header ? el("th", { scope: "col", dir: "auto" }) : el("td", { dir: "auto" }), cell),
      ),
    );
  };
  const headCount = rows.findIndex((block) => !block.header);
  const split = headCount < 0 ? rows.length : headCount;
  const head = rows.slice(0, split).map(row);
  const body = rows.slice(split).map(row);
  const table = el(
    "table",
    {},
    head.length > 0 ? el("thead", {}, ...head) : undefined,
    el("tbody", {}, ...body),
  );
  return el("div", { class: "table" }, table);
}
