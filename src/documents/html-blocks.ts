import type { DefaultTreeAdapterTypes as Tree } from "parse5";
import { type BlockShape, type DocumentBuilder, LINE_BREAK, type Piece } from "./builder.js";
import { cellPieces, INLINE_TAGS, readHtmlTable } from "./html-tables.js";
import { attribute, isElement, isText, type Test } from "./html-tree.js";

/** What to leave out, the lines that stand before the HTML in its source, and what a text's place is called. */
export interface HtmlOptions {
  skip: Test;
  linesBefore?: number;
  placeOf?: (node: Tree.TextNode) => string | undefined;
}

/**
 * Appends the visible content of an HTML tree as blocks: headings, paragraphs (any run of text between two block
 * elements is one), list items, rows, quotations, code. The walk keeps its own stack, so that deep nesting cannot
 * overflow the call stack.
 */
export function appendHtml(
  builder: DocumentBuilder,
  root: Tree.ParentNode,
  { skip, linesBefore = 0, placeOf }: HtmlOptions,
): void {
  /** The run of text that no block element has ended yet; all of it has the same context. */
  let run: { pieces: Piece[]; context: Context } | undefined;
  const flush = () => {
    if (run !== undefined) addRun(builder, run.pieces, run.context);
    run = undefined;
  };
  const push = (piece: Piece, context: Context) => {
    run ??= { pieces: [], context };
    run.pieces.push(context.code ? { ...piece, verbatim: true } : piece);
  };
  const toPiece = (node: Tree.TextNode): Piece => {
    const piece: Piece = { text: node.value };
    const place = placeOf?.(node);
    if (place !== undefined) piece.place = place;
    if (node.sourceCodeLocation) piece.line = node.sourceCodeLocation.startLine + linesBefore;
    return piece;
  };

  const stack: (Visit | "flush")[] = [];
  const pushChildren = (parent: Tree.ParentNode, context: Context) => {
    for (const node of parent.childNodes.toReversed()) stack.push({ node, context });
  };
  pushChildren(root, {});
  for (let visit = stack.pop(); visit !== undefined; visit = stack.pop()) {
    if (visit === "flush") {
      flush();
      continue;
    }
    const { node, context } = visit;
    if (isText(node)) push(toPiece(node), context);
    if (!isElement(node) || skip(node)) continue;
    if (node.tagName === "br") {
      push(LINE_BREAK, context);
    } else if (INLINE_TAGS.has(node.tagName)) {
      pushChildren(node, context);
    } else if (node.tagName === "dd" && run?.context.item !== undefined) {
      push(LINE_BREAK, context);
      pushChildren(node, enter(builder, node, context));
    } else {
      flush();
      const rows = node.tagName === "table" ? readHtmlTable(node, skip, toPiece) : undefined;
      if (rows === undefined) {
        if (node.tagName !== "dt") stack.push("flush");
        pushChildren(node, enter(builder, node, context));
      } else {
        addCaption(builder, node, skip, toPiece);
        const group = builder.newGroup();
        for (const { cells, header } of rows) builder.addRow(group, header, cells);
      }
    }
  }
  flush();
}

interface Visit {
  node: Tree.ChildNode;
  context: Context;
}

interface Context {
  heading?: number;
  quoted?: boolean;
  code?: boolean;
  list?: OpenList;
  item?: OpenItem;
}

interface OpenList {
  group: number;
  depth: number;
  /** The next item's number, in an ordered list. */
  next?: number;
  step: number;
  /** The term that is being defined, in a definition list. */
  term?: OpenItem;
}

/** The first run of text in an item is the item; what follows in it are paragraphs. */
interface OpenItem {
  list: OpenList;
  ordinal?: number;
  taken: boolean;
}

function addRun(builder: DocumentBuilder, pieces: readonly Piece[], context: Context): void {
  const { item, heading, quoted, code } = context;
  if (code) {
    builder.add({ type: "code" }, pieces);
  } else if (item !== undefined && !item.taken) {
    const { list, ordinal } = item;
    const shape: BlockShape = { type: "list-item", depth: list.depth, group: list.group };
    item.taken = builder.add(ordinal === undefined ? shape : { ...shape, ordinal }, pieces);
  } else if (quoted) {
    builder.add({ type: "quote" }, pieces);
  } else if (heading !== undefined && context.list === undefined) {
    builder.add({ type: "heading", level: heading }, pieces);
  } else {
    builder.add({ type: "paragraph" }, pieces);
  }
}

/** The context inside a block element. */
function enter(builder: DocumentBuilder, element: Tree.Element, context: Context): Context {
  const { tagName } = element;
  switch (tagName) {
    case "h1":
    case "h2":
    case "h3":
    case "h4":
    case "h5":
    case "h6":
      return { ...context, heading: Number(tagName.charAt(1)) };
    case "blockquote":
      return { ...withoutItem(context), quoted: true };
    case "pre":
      return { ...context, code: true };
    case "ul":
    case "menu":
    case "dl":
    case "ol":
      return { ...withoutItem(context), list: openList(builder, element, context.list) };
    case "li": {
      const list = context.list ?? openList(builder, element, undefined);
      return { ...context, list, item: nextItem(list, element) };
    }
    case "dt": {
      const list = context.list ?? openList(builder, element, undefined);
      list.term = { list, taken: false };
      return { ...context, list, item: list.term };
    }
    case "dd":
      return context.list?.term === undefined ? context : { ...context, item: context.list.term };
    default:
      return context;
  }
}

function withoutItem({ item: _, ...context }: Context): Context {
  return context;
}

function openList(builder: DocumentBuilder, element: Tree.Element, outer: OpenList | undefined): OpenList {
  const list = {
    group: outer?.group ?? builder.newGroup(),
    depth: outer === undefined ? 0 : outer.depth + 1,
  };
  if (element.tagName !== "ol") return { ...list, step: 1 };
  const reversed = attribute(element, "reversed") !== undefined;
  const items = element.childNodes.filter((child) => child.nodeName === "li").length;
  return { ...list, next: integer(element, "start") ?? (reversed ? items : 1), step: reversed ? -1 : 1 };
}

function nextItem(list: OpenList, element: Tree.Element): OpenItem {
  if (list.next === undefined) return { list, taken: false };
  const ordinal = integer(element, "value") ?? list.next;
  list.next = ordinal + list.step;
  return { list, ordinal, taken: false };
}

function integer(element: Tree.Element, name: string): number | undefined {
  const value = Number.parseInt(attribute(element, name) ?? "", 10);
  return Number.isSafeInteger(value) ? value : undefined;
}

function addCaption(
  builder: DocumentBuilder,
  table: Tree.Element,
  skip: Test,
  toPiece: (node: Tree.TextNode) => Piece,
): void {
  const caption = table.childNodes.filter(isElement).find(({ tagName }) => tagName === "caption");
  if (caption !== undefined && !skip(caption))
    builder.add({ type: "paragraph" }, cellPieces(caption, skip, toPiece));
}
