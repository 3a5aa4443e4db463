import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import type { SourceDocument } from "../src/documents/document.js";
import { loadDocument } from "../src/documents/load.js";

const article = await readFile(new URL("./fixtures/roadmap.txt", import.meta.url), "utf8");
const roadmap = await loadDocument(new URL("../corpus/roadmap.md", import.meta.url).pathname, "roadmap.md");

describe("corpus/roadmap.md", () => {
  it("has the article's words, all of them, in order", () => {
    expect(words(roadmap.text)).toEqual(words(withoutMarkers(article)));
  });

  it("has the article's characters, white space aside", () => {
    expect(roadmap.text.replace(/\s+/g, "")).toBe(withoutMarkers(article).replace(/\s+/g, ""));
  });

  it("has the article's title", () => {
    expect(roadmap.title).toBe("How I’d Learn Machine Learning in 2026: A Complete Roadmap");
  });

  it("has every list with all its items", () => {
    const bullets = article.match(/^ *(?:•|\d+\.) .*$/gm)?.map((line) => line.replace(/^ *(?:•|\d+\.) /, ""));
    expect(texts(roadmap, "list-item")).toEqual(bullets?.map((bullet) => words(bullet).join(" ")));
  });

  it("has the 12-month plan as one table of a header and six rows", () => {
    const rows = roadmap.blocks.filter((block) => block.type === "table-row");
    expect(rows.map((row) => row.cells?.length)).toEqual([3, 3, 3, 3, 3, 3, 3]);
    expect(rows.map((row) => row.header ?? false)).toEqual([true, false, false, false, false, false, false]);
    expect(new Set(rows.map((row) => row.group)).size).toBe(1);
    expect(texts(roadmap, "table-row")[0]).toBe("Phase\tFocus Area\tKey Milestone");
  });

  it("has a heading for each step, and the questions one level below theirs", () => {
    const headings = roadmap.blocks.filter((block) => block.type === "heading");
    const level = (wanted: number) =>
      headings
        .filter((block) => block.level === wanted)
        .map(({ start, end }) => roadmap.text.slice(start, end));
    expect(level(2).filter((heading) => /^Step \d:/.test(heading))).toHaveLength(7);
    expect(level(3)).toHaveLength(5);
    expect(level(3).every((question) => question.endsWith("?"))).toBe(true);
  });
});

/** Bullets and numbers before an item are layout: Markdown has its own. */
function withoutMarkers(text: string): string {
  return text.replace(/^ *(?:•|\d+\.) /gm, "");
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}

function texts({ text, blocks }: SourceDocument, type: string): string[] {
  return blocks.filter((block) => block.type === type).map(({ start, end }) => text.slice(start, end));
}
