import { posix } from "node:path";
import type { DefaultTreeAdapterTypes as Tree } from "parse5";
import { countPrinted, DocumentBuilder, type Source } from "./builder.js";
import type { SourceDocument } from "./document.js";
import { type ChapterStart, Chapters } from "./epub-chapters.js";
import { readContents } from "./epub-contents.js";
import { EpubPackage, resolveHref } from "./epub-package.js";
import { appendHtml } from "./html-blocks.js";
import { countHidden, hiddenOn, hidingSelectors } from "./html-hidden.js";
import {
  attribute,
  findAll,
  isElement,
  isHeading,
  isText,
  rename,
  type Test,
  textOf,
  walk,
} from "./html-tree.js";
import { parseXhtml } from "./xhtml.js";

/**
 * Reads an EPUB: the pages of its spine, in order, as the HTML parser reads them. Places are the chapters of the table of
 * contents, or, in a book without one, of the headings. LangChain's `EPubLoader` gives the text of each chapter without
 * its structure.
 * @throws WaymarkError `unreadable-document` for a book that is protected, damaged, or without text.
 */
export async function parseEpub(bytes: Uint8Array, source: Source): Promise<SourceDocument> {
  const book = new EpubPackage(bytes, source);
  const builder = new DocumentBuilder(source, "application/epub+zip");
  const chapters = new Chapters(readContents(book), book.pages);
  const sheets = new StyleSheets(book);
  let shift = 0;
  for (const path of book.pages) {
    if (path === book.navigation) continue;
    const page = parseXhtml(book.text(path));
    const { isHidden, isConcealed } = hiddenOn(page, sheets.hidingOn(page, path));
    const skip: Test = (element) => isHidden(element) || element.tagName === "nav" || isPageBreak(element);
    builder.leaveOut(countHidden(page, isConcealed));
    if (countPrinted(textOf(page, skip)) === 0) continue;
    const starts = chapters.startingOn(path, page, skip);
    shift = alignHeadings(page, starts, shift, skip);
    addPage(builder, page, starts, skip);
  }
  return builder.finish(book.title);
}

function addPage(
  builder: DocumentBuilder,
  page: Tree.Document,
  starts: readonly ChapterStart[],
  skip: Test,
): void {
  const first = starts.find(({ element }) => element === undefined);
  if (first !== undefined && findAll(page, isHeading, skip).length === 0) {
    const level = Math.min(6, (first.depth ?? 0) + 1);
    const title = titleParagraph(page, first.title, skip);
    if (title !== undefined) rename(title, `h${level}`);
    else builder.add({ type: "heading", level }, [{ text: first.title, place: first.name }]);
  }
  const places = new Map<Tree.TextNode, string>();
  let name = first?.name;
  for (const node of walk(page, skip)) {
    if (isElement(node)) name = starts.find(({ element }) => element === node)?.name ?? name;
    if (isText(node) && name !== undefined) places.set(node, name);
  }
  appendHtml(builder, page, { skip, placeOf: (node) => places.get(node) });
}

/**
 * Puts the headings of a page as deep as its line in the table of contents lies: each page of a book may begin with h1.
 * Pages without a line are part of what came before, and their headings move by as much.
 */
function alignHeadings(
  page: Tree.Document,
  starts: readonly ChapterStart[],
  before: number,
  skip: Test,
): number {
  const headings = findAll(page, isHeading, skip);
  const depth = starts[0]?.depth;
  const top = Math.min(...headings.map(levelOf));
  const shift = depth === undefined || headings.length === 0 ? before : depth + 1 - top;
  for (const heading of headings) rename(heading, `h${Math.max(1, Math.min(6, levelOf(heading) + shift))}`);
  return shift;
}

function levelOf({ tagName }: Tree.Element): number {
  return Number(tagName.charAt(1));
}

/** A title is among so many first paragraphs of its page. */
const TITLE_WITHIN = 5;

/** The plain paragraph that is a page's title, in a book that has no headings. */
function titleParagraph(page: Tree.Document, title: string, skip: Test): Tree.Element | undefined {
  return findAll(page, ({ tagName }) => tagName === "p", skip)
    .slice(0, TITLE_WITHIN)
    .find(
      (element) => textOf(element, skip).replace(/\s+/g, " ").trim().toLowerCase() === title.toLowerCase(),
    );
}

/** The number of a printed page, which stands in the middle of a sentence. */
function isPageBreak(element: Tree.Element): boolean {
  return (
    /\bpagebreak\b/.test(attribute(element, "epub:type") ?? "") ||
    attribute(element, "role") === "doc-pagebreak"
  );
}

/** The style sheets of a book, each read once. */
class StyleSheets {
  readonly #book: EpubPackage;
  readonly #hiding = new Map<string, string[]>();

  constructor(book: EpubPackage) {
    this.#book = book;
  }

  /** The selectors that hide, of all sheets that a page names. */
  hidingOn(page: Tree.Document, path: string): string[] {
    return findAll(page, ({ tagName }) => tagName === "link").flatMap((link) => {
      const sheet = resolveHref(posix.dirname(path), attribute(link, "href") ?? "").path;
      if (attribute(link, "rel") !== "stylesheet" || !this.#book.exists(sheet)) return [];
      const hiding = this.#hiding.get(sheet) ?? hidingSelectors(this.#book.text(sheet));
      this.#hiding.set(sheet, hiding);
      return hiding;
    });
  }
}
