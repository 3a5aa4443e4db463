import { posix } from "node:path";
import { type EpubPackage, resolveHref } from "./epub-package.js";
import { attribute, findAll, isElement, type Test, textOf } from "./html-tree.js";
import { parseXhtml } from "./xhtml.js";
import { childAt, childrenOf, parseXml, type XmlElement } from "./xml.js";

/** A line of the table of contents. */
export interface ContentsEntry {
  title: string;
  path: string;
  fragment: string | undefined;
  /** From 0. */
  depth: number;
}

/** The book's own table of contents, in order: of EPUB 3 (nav), else of EPUB 2 (NCX). Empty where it has none. */
export function readContents(book: EpubPackage): ContentsEntry[] {
  const { navigation, ncx } = book;
  const entries = navigation !== undefined && book.exists(navigation) ? readNavigation(book, navigation) : [];
  if (entries.length > 0 || ncx === undefined || !book.exists(ncx)) return entries;
  const map = childAt(parseXml(book.text(ncx)), "navMap");
  return readPoints(map, posix.dirname(ncx), 0);
}

function readNavigation(book: EpubPackage, path: string): ContentsEntry[] {
  const navs = findAll(parseXhtml(book.text(path)), ({ tagName }) => tagName === "nav");
  const nav = navs.find((element) => /\btoc\b/.test(attribute(element, "epub:type") ?? "")) ?? navs[0];
  if (nav === undefined) return [];
  return findAll(nav, isLine).map((line) => {
    let lists = 0;
    for (let at = line.parentNode; at !== null && at !== nav && isElement(at); at = at.parentNode) {
      if (at.tagName === "ol") lists += 1;
    }
    const target = resolveHref(posix.dirname(path), attribute(line, "href") ?? "");
    return { ...target, title: oneLine(textOf(line)), depth: Math.max(0, lists - 1) };
  });
}

/** A link, or the name of a part that has no page. */
const isLine: Test = ({ tagName, parentNode, childNodes }) =>
  tagName === "a" ||
  (tagName === "span" &&
    parentNode?.nodeName === "li" &&
    !childNodes.some(({ nodeName }) => nodeName === "a"));

function readPoints(parent: XmlElement | undefined, folder: string, depth: number): ContentsEntry[] {
  return childrenOf(parent, "navPoint").flatMap((point) => [
    {
      ...resolveHref(folder, childAt(point, "content")?.attributes.src ?? ""),
      title: oneLine(childAt(point, "navLabel", "text")?.text ?? ""),
      depth,
    },
    ...readPoints(point, folder, depth + 1),
  ]);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
