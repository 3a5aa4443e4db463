import type { DefaultTreeAdapterTypes as Tree } from "parse5";
import { ChapterNames } from "./chapter-names.js";
import type { ContentsEntry } from "./epub-contents.js";
import { attribute, findAll, isHeading, type Test, textOf } from "./html-tree.js";

/** Where a chapter starts: at an element of a page, or, without one, with the page. */
export interface ChapterStart {
  title: string;
  /** What a person calls it: "chapter 3: The Storm". */
  name: string;
  /** How deep its line in the table of contents lies, from 0; undefined in a book without one. */
  depth?: number;
  element?: Tree.Element;
}

/** Finds the chapters that start on each page of a book, page after page. */
export class Chapters {
  readonly #contents: readonly ContentsEntry[];
  readonly #names = new ChapterNames();

  /** @param pages the paths of the pages that the book shows */
  constructor(contents: readonly ContentsEntry[], pages: readonly string[]) {
    this.#contents = withPages(contents, new Set(pages));
  }

  /** In their order. Sections of a chapter, which lie deeper than the first line for their page, start none. */
  startingOn(path: string, page: Tree.Document, skip: Test): ChapterStart[] {
    if (this.#contents.length === 0) return this.#byHeading(page, skip);
    const here = this.#contents.filter((entry) => entry.path === path);
    const depth = Math.min(...here.map((entry) => entry.depth));
    return here.flatMap((entry, index): ChapterStart[] => {
      if (entry.depth > depth) return [];
      const element = index === 0 ? undefined : elementWithId(page, entry.fragment);
      if (index > 0 && element === undefined) return [];
      const name = this.#names.next(entry.title, this.#isPart(entry));
      return [{ title: entry.title, name, depth, ...(element === undefined ? {} : { element }) }];
    });
  }

  /** Its next line of the contents lies deeper and on another page. */
  #isPart(entry: ContentsEntry): boolean {
    const next = this.#contents[this.#contents.indexOf(entry) + 1];
    return next !== undefined && next.depth > entry.depth && next.path !== entry.path;
  }

  #byHeading(page: Tree.Document, skip: Test): ChapterStart[] {
    const heading = findAll(page, isHeading, skip)[0];
    const title = heading === undefined ? "" : textOf(heading, skip).replace(/\s+/g, " ").trim();
    return title === "" ? [] : [{ title, name: this.#names.next(title, false) }];
  }
}

/** The lines that lead to a page, each as deep as the lines above it that do. */
function withPages(contents: readonly ContentsEntry[], pages: ReadonlySet<string>): ContentsEntry[] {
  const above: ContentsEntry[] = [];
  return contents.flatMap((entry) => {
    while ((above.at(-1)?.depth ?? -1) >= entry.depth) above.pop();
    const depth = above.filter(({ path }) => pages.has(path)).length;
    above.push(entry);
    return pages.has(entry.path) && entry.title !== "" ? [{ ...entry, depth }] : [];
  });
}

function elementWithId(page: Tree.Document, id: string | undefined): Tree.Element | undefined {
  return id === undefined ? undefined : findAll(page, (element) => attribute(element, "id") === id)[0];
}
