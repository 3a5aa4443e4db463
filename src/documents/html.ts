import { parse, type DefaultTreeAdapterTypes as Tree } from "parse5";
import { countPrinted, DocumentBuilder, type Source } from "./builder.js";
import { decodeText } from "./decode.js";
import type { SourceDocument } from "./document.js";
import { appendHtml } from "./html-blocks.js";
import { countHidden, hiddenOn } from "./html-hidden.js";
import { attribute, findAll, type Test, textOf } from "./html-tree.js";
import { isChrome } from "./html-visibility.js";
import { parseXhtml } from "./xhtml.js";

/**
 * Reads a web page: what a browser would show of its content, without navigation, page header and footer, side
 * notes, forms and banners. Where the page marks its main part (`<main>`, or one `<article>`), only that is read.
 * The title is the page's one `<h1>`, else its `<title>`. `lines` are the lines of the HTML source.
 * @throws WaymarkError `unreadable-document` when nothing visible has text.
 */
export async function parseHtml(bytes: Uint8Array, source: Source): Promise<SourceDocument> {
  return parseHtmlText(decodeText(bytes, source, declaredEncoding(bytes)), source);
}

/** {@link parseHtml} for text that is already decoded. */
export function parseHtmlText(html: string, source: Source): SourceDocument {
  return readPage(parse(html, WITH_LINES), source);
}

/** {@link parseHtml} for a page whose file says that it is XHTML: there a tag such as `<title/>` is closed. */
export async function parseXhtmlPage(bytes: Uint8Array, source: Source): Promise<SourceDocument> {
  return readPage(parseXhtml(decodeText(bytes, source, declaredEncoding(bytes)), WITH_LINES), source);
}

const WITH_LINES = { sourceCodeLocationInfo: true };

function readPage(page: Tree.Document, source: Source): SourceDocument {
  const builder = new DocumentBuilder(source, "text/html");
  const { isHidden, isConcealed } = hiddenOn(page);
  builder.leaveOut(countHidden(page, isConcealed));
  const { root, skip } = chooseContent(page, isHidden);
  appendHtml(builder, root, { skip });
  const ownHeadings = findAll(root, ({ tagName }) => tagName === "h1", skip);
  return builder.finish(ownHeadings.length === 1 ? undefined : pageTitle(page));
}

/** A marked main part counts if it has at least this share of the page's text. */
const MIN_MAIN_SHARE = 0.25;
/** A page with less than this share of its text outside of chrome is one whose content sits in a form or the like. */
const MIN_CONTENT_SHARE = 0.05;

function chooseContent(page: Tree.Document, isHidden: Test): { root: Tree.ParentNode; skip: Test } {
  const strict: Test = (element) => isHidden(element) || isChrome(element);
  const visible = textLength(page, isHidden);
  const content = textLength(page, strict);
  if (content < visible * MIN_CONTENT_SHARE) return { root: page, skip: isHidden };
  const mains = findAll(page, isMain, isHidden);
  const articles = findAll(page, ({ tagName }) => tagName === "article", isHidden);
  const marked = mains[0] ?? (articles.length === 1 ? articles[0] : undefined);
  const enough = marked !== undefined && textLength(marked, strict) >= content * MIN_MAIN_SHARE;
  return { root: enough ? marked : page, skip: strict };
}

function isMain(element: Tree.Element): boolean {
  return element.tagName === "main" || attribute(element, "role") === "main";
}

function pageTitle(page: Tree.Document): string | undefined {
  const title = findAll(page, ({ tagName }) => tagName === "title")[0];
  return title === undefined ? undefined : textOf(title);
}

function textLength(root: Tree.ParentNode, skip: Test): number {
  return countPrinted(textOf(root, skip));
}

/** The encoding in `<meta charset>` or the XML declaration, which stand in the first kilobyte. */
function declaredEncoding(bytes: Uint8Array): string | undefined {
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, 1024));
  return /<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*["']?\s*([\w-]+)/i.exec(start)?.[1];
}
