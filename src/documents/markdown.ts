import type { Code, List, ListItem, Nodes, Parents, RootContent, Table, Text } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { frontmatterFromMarkdown } from "mdast-util-frontmatter";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { frontmatter } from "micromark-extension-frontmatter";
import { gfm } from "micromark-extension-gfm";
import { parseFragment } from "parse5";
import {
  type BlockShape,
  countPrinted,
  DocumentBuilder,
  LINE_BREAK,
  type Piece,
  type Source,
} from "./builder.js";
import { decodeText } from "./decode.js";
import type { SourceDocument } from "./document.js";
import { appendHtml } from "./html-blocks.js";
import { countHidden, OpenTags } from "./html-hidden.js";
import { isConcealed, isHidden } from "./html-visibility.js";
import { checkNesting } from "./markdown-nesting.js";

const FRONT_MATTER: Parameters<typeof frontmatter>[0] = ["yaml", "toml"];

/**
 * Parts of GFM's syntax, each with a sign that every text which needs it has: of addresses that are linked without being told to,
 * and of the row under a table's head. For the one each letter is tried, for the other each paragraph's first line is read twice:
 * without both an abstract of SciFact is parsed in .2 ms, not .6.
 */
const ADDRESSES = { constructs: /Autolink$/, sign: /www\.|https?:\/\/|@/i };
const TABLES = { constructs: /^table$/, sign: /\||:-|-:/ };

/** With and without these parts: to make one takes as long as the parsing of a hundred characters. */
const SYNTAXES = [[], [ADDRESSES], [TABLES], [ADDRESSES, TABLES]].map((without) => ({
  without,
  extensions: [gfmWithout(without.map(({ constructs }) => constructs)), frontmatter(FRONT_MATTER)],
  mdastExtensions: [
    // The one transform of these looks for addresses in all texts again.
    without.includes(ADDRESSES)
      ? gfmFromMarkdown().map(({ transforms: _, ...rest }) => rest)
      : gfmFromMarkdown(),
    frontmatterFromMarkdown(FRONT_MATTER),
  ],
}));

/** The smallest syntax by which the text is read as it is by all of it. */
function syntaxFor(markdown: string): (typeof SYNTAXES)[number] | undefined {
  return SYNTAXES.findLast(({ without }) => without.every(({ sign }) => !sign.test(markdown)));
}

function gfmWithout(names: readonly RegExp[]): ReturnType<typeof gfm> {
  const { text, flow, ...syntax } = gfm();
  const without = (constructs: typeof text) => {
    const kept = Object.entries(constructs ?? {}).map(([code, some]) => [
      code,
      [some ?? []].flat().filter(({ name = "" }) => !names.some((left) => left.test(name))),
    ]);
    return Object.fromEntries(kept.filter(([, some]) => some?.length));
  };
  return { ...syntax, text: without(text), flow: without(flow) };
}

/**
 * Reads Markdown (CommonMark, GFM, front matter). The canonical text is what a reader sees: link texts, image
 * descriptions, code as it is, the words of HTML blocks, no markup and no comments. Footnotes stay where they are defined.
 * `lines` are the lines of the Markdown source. A list and the lists inside it share one group; `depth` tells them apart.
 * @throws WaymarkError `unreadable-document` when there is no text, or the nesting is too deep.
 */
export async function parseMarkdown(bytes: Uint8Array, source: Source): Promise<SourceDocument> {
  return parseMarkdownText(decodeText(bytes, source), source);
}

/** {@link parseMarkdown} for text that is already decoded. */
export function parseMarkdownText(markdown: string, source: Source): SourceDocument {
  checkNesting(markdown, source);
  const root = fromMarkdown(markdown, syntaxFor(markdown));
  const builder = new DocumentBuilder(source, "text/markdown");
  let title: string | undefined;
  const stack: Visit[] = [];
  pushChildren(stack, root, {});
  const tags = new OpenTags();
  for (let visit = stack.pop(); visit !== undefined; visit = stack.pop()) {
    const { node, context } = visit;
    if (tags.hidden && node.type !== "html") {
      const { start, end } = ("position" in node && node.position) || {};
      builder.leaveOut(countPrinted(markdown.slice(start?.offset, end?.offset)));
      continue;
    }
    switch (node.type) {
      case "yaml":
      case "toml":
        title ??= frontMatterTitle(node.value);
        break;
      case "heading":
        builder.add(
          isNested(context) ? textShape(context) : { type: "heading", level: node.depth },
          inlinePieces(node, builder),
        );
        break;
      case "paragraph":
        builder.add(textShape(context), inlinePieces(node, builder));
        break;
      case "code":
        builder.add({ type: "code" }, [codePiece(node, markdown)]);
        break;
      case "table":
        addTable(builder, node);
        break;
      case "list":
        pushItems(stack, node, { ...context, group: context.group ?? builder.newGroup() });
        break;
      case "blockquote":
        pushChildren(stack, node, { ...withoutItem(context), quoted: true });
        break;
      case "html": {
        const html = parseFragment(node.value, { sourceCodeLocationInfo: true });
        const inHidden = tags.hidden;
        tags.read(node.value);
        builder.leaveOut(countHidden(html, (element) => inHidden || isConcealed(element)));
        if (inHidden) break;
        appendHtml(builder, html, { skip: isHidden, linesBefore: (node.position?.start.line ?? 1) - 1 });
        break;
      }
      case "footnoteDefinition":
        pushChildren(stack, node, context);
        break;
    }
  }
  return builder.finish(title);
}

/** A node that waits for its turn. The walk keeps its own stack, so that deep nesting cannot overflow the call stack. */
interface Visit {
  node: BlockNode;
  context: Context;
}

/** @types/mdast knows YAML front matter only. */
type BlockNode = RootContent | { type: "toml"; value: string };

interface Context {
  quoted?: boolean;
  /** The outermost list's group. */
  group?: number;
  depth?: number;
  /** Set for the first child of a list item. */
  item?: { ordinal?: number };
}

/** The first paragraph of an item is the item; what follows in the item are paragraphs of their own. */
function textShape({ item, group, depth, quoted }: Context): BlockShape {
  if (item !== undefined && group !== undefined)
    return { type: "list-item", depth: depth ?? 0, group, ...item };
  return { type: quoted ? "quote" : "paragraph" };
}

/** A heading in a quotation or a list does not divide the document. */
function isNested({ quoted, group }: Context): boolean {
  return quoted === true || group !== undefined;
}

function pushChildren(stack: Visit[], parent: Parents, context: Context): void {
  for (const node of parent.children.toReversed()) stack.push({ node, context });
}

function pushItems(stack: Visit[], list: List, context: Context): void {
  const depth = context.depth === undefined ? 0 : context.depth + 1;
  const visits = list.children.flatMap((item, index) => itemVisits(list, item, index, { ...context, depth }));
  for (const visit of visits.toReversed()) stack.push(visit);
}

function itemVisits(list: List, item: ListItem, index: number, context: Context): Visit[] {
  const ordinal = list.ordered ? { ordinal: (list.start ?? 1) + index } : {};
  return item.children.map((node, position) => ({
    node,
    context: withoutItem(context, position === 0 ? ordinal : undefined),
  }));
}

function withoutItem({ item: _, ...context }: Context, item?: Context["item"]): Context {
  return item === undefined ? context : { ...context, item };
}

function addTable(builder: DocumentBuilder, table: Table): void {
  const group = builder.newGroup();
  for (const [index, row] of table.children.entries()) {
    const cells = row.children.map((cell) => inlinePieces(cell, builder));
    builder.addRow(group, index === 0, cells);
  }
}

/** The words of a node in reading order, each stretch with its source line; those that tags around them hide are counted. */
function inlinePieces(parent: Nodes, builder: DocumentBuilder): Piece[] {
  const pieces: Piece[] = [];
  const tags = new OpenTags();
  const stack: Nodes[] = [parent];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    const line = node.position?.start.line;
    if (node.type === "html") {
      tags.read(node.value);
      builder.leaveOut(countHidden(parseFragment(node.value), isConcealed));
    }
    if (tags.hidden && "value" in node && node.type !== "html") builder.leaveOut(countPrinted(node.value));
    else if (node.type === "text") pieces.push(textPiece(node));
    else if (node.type === "inlineCode") pieces.push(withLine(node.value, line));
    else if (node.type === "image" || node.type === "imageReference")
      pieces.push(withLine(node.alt ?? "", line));
    else if (node.type === "break" || isLineBreakTag(node)) pieces.push(LINE_BREAK);
    else if ("children" in node) for (const child of node.children.toReversed()) stack.push(child);
  }
  return pieces;
}

/** A line end that was written as a character reference ends no line of the source. */
function textPiece({ value, position }: Text): Piece {
  const lineEnds = position === undefined ? value.length : position.end.line - position.start.line;
  const isPlain = value.split("\n").length - 1 <= lineEnds;
  return withLine(isPlain ? value : value.replaceAll("\n", " "), position?.start.line);
}

/** Without a line, counting goes on from the piece before: GFM's automatic links come without positions. */
function withLine(text: string, line: number | undefined): Piece {
  return line === undefined ? { text } : { text, line };
}

function isLineBreakTag(node: Nodes): boolean {
  return node.type === "html" && /^<br\s*\/?>$/i.test(node.value);
}

/** The words of fenced code start a line below the fence. */
function codePiece({ value, position }: Code, markdown: string): Piece {
  const fenced = /^[`~]/.test(markdown.charAt(position?.start.offset ?? 0));
  const line = position === undefined ? undefined : position.start.line + (fenced ? 1 : 0);
  return { ...withLine(value, line), verbatim: true };
}

/** The `title` of YAML (`title: …`) or TOML (`title = …`) front matter, where it is a plain or quoted string. */
function frontMatterTitle(frontMatter: string): string | undefined {
  const value = /^title[ \t]*[:=][ \t]*(.+?)[ \t]*$/im.exec(frontMatter)?.[1];
  if (value === undefined || /^[>|[{&*]/.test(value)) return undefined;
  const quoted = /^(["'])(.*?)\1(?:\s+#.*)?$/.exec(value);
  return quoted?.[2] ?? value.replace(/\s+#.*$/, "");
}
