import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseMarkdownText } from "../../src/documents/markdown.js";
import { contextText, type Passage, passageText, unitText } from "../../src/passages/passage.js";
import { splitDocument } from "../../src/passages/split.js";

/** One token a word: enough to see the limits at work. */
const countTokens = (text: string) => text.split(/\s+/).filter((word) => word !== "").length;
const parse = (markdown: string) => parseMarkdownText(markdown, { uri: "garden.md" });
const split = (markdown: string, maxTokens = 60) =>
  splitDocument(parse(markdown), { countTokens, maxTokens });
const words = (count: number, word = "leaf") => Array.from({ length: count }, () => word).join(" ");

describe("splitDocument", () => {
  it("never crosses a heading and gives each passage its heading path, without the title", () => {
    const passages = split(
      "# Garden\n\nWelcome.\n\n## Beds\n\nDig.\n\n### Soil\n\nMix.\n\n## Tools\n\nRake.",
    );
    expect(passages.map(({ headings, units }) => [headings, units.map(unitText)])).toEqual([
      [[], ["Welcome."]],
      [["Beds"], ["Dig."]],
      [["Beds", "Soil"], ["Mix."]],
      [["Tools"], ["Rake."]],
    ]);
  });

  it("keeps a list with the line that introduces it, each item whole", () => {
    const [passage, ...others] = split("Bring these:\n\n- A spade. Clean it first.\n- Gloves\n");
    expect(others).toEqual([]);
    expect(passage?.units.map((unit) => [unit.kind, unitText(unit)])).toEqual([
      ["sentence", "Bring these:"],
      ["list-item", "A spade. Clean it first."],
      ["list-item", "Gloves"],
    ]);
  });

  it("repeats the introduction as context where a list is too long for one passage", () => {
    const passages = split(
      `Bring these:\n\n${Array.from({ length: 6 }, (_, i) => `- item${i} ${words(19)}`).join("\n")}`,
    );
    expect(passages.length).toBeGreaterThan(1);
    expect(passages[0]?.leadIn).toBeUndefined();
    for (const passage of passages.slice(1)) {
      expect(passage.leadIn).toBe("Bring these:");
      expect(contextText(passage)).toBe("Bring these:");
    }
  });

  it("reads a table row with its column names, which are not part of its range", () => {
    const markdown = "| Month | Work |\n| --- | --- |\n| May | Sow beans |\n| June | Water |\n";
    const document = parse(markdown);
    const [passage] = splitDocument(document, { countTokens });
    expect(passage?.units.map(unitText)).toEqual(["Month: May; Work: Sow beans", "Month: June; Work: Water"]);
    expect(passage?.units.map(({ start, end }) => document.text.slice(start, end))).toEqual([
      "May\tSow beans",
      "June\tWater",
    ]);
    expect(document.text.slice(passage?.start, passage?.end)).toBe(
      "Month\tWork\nMay\tSow beans\nJune\tWater",
    );
  });

  it("divides a long section evenly, between paragraphs where it can", () => {
    const passages = split([1, 2, 3, 4].map(() => `${words(24)}.`).join("\n\n"), 60);
    expect(passages.map((passage) => passage.units.length)).toEqual([2, 2]);
  });

  it("divides a long paragraph between sentences and leaves a sentence that is too long whole", () => {
    const passages = split(`${words(40, "Root")}. ${words(40, "Stem")}. ${words(90, "Leaf")}.`, 60);
    expect(passages.map((passage) => passage.tokens)).toEqual([40, 40, 90]);
  });

  it("puts the heading path before the text that is embedded", () => {
    const [passage] = split("## Beds\n\nDig. Rest.");
    expect(passageText(passage as Passage)).toBe("Beds\nDig.\nRest.");
  });

  const block = fc.oneof(
    fc.integer({ min: 1, max: 60 }).map((count) => `${words(count, "Word")}.`),
    fc
      .array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 8 })
      .map((items) => items.map((count) => `- ${words(count)}`).join("\n")),
    fc
      .array(fc.integer({ min: 1, max: 9 }), { minLength: 0, maxLength: 6 })
      .map((rows) =>
        ["| A | B |", "| - | - |", ...rows.map((count) => `| ${words(count)} | x |`)].join("\n"),
      ),
    fc.integer({ min: 1, max: 4 }).map((level) => `${"#".repeat(level)} Heading`),
    fc.constant("> Quoted words. More of them."),
    fc.constant("```\ncode here\n```"),
  );

  it("loses nothing: every block but headings is covered once, and quotes are verbatim", () => {
    fc.assert(
      fc.property(
        fc.array(block, { maxLength: 12 }),
        fc.integer({ min: 8, max: 80 }),
        (blocks, maxTokens) => {
          const document = parse(`Start.\n\n${blocks.join("\n\n")}`);
          const passages = splitDocument(document, { countTokens, maxTokens });
          let before = 0;
          for (const passage of passages) {
            expect(passage.start).toBeGreaterThanOrEqual(before);
            for (const unit of passage.units) {
              expect(unit.start).toBeGreaterThanOrEqual(passage.start);
              expect(unit.end).toBeLessThanOrEqual(passage.end);
              for (const piece of unit.pieces) {
                if (piece.start !== undefined)
                  expect(document.text.slice(piece.start, piece.end)).toBe(piece.text);
              }
            }
            before = passage.end;
          }
          const covered = passages.map(({ start, end }) => document.text.slice(start, end)).join("");
          const expected = document.blocks
            .filter((entry) => entry.type !== "heading")
            .map(({ start, end }) => document.text.slice(start, end))
            .join("");
          expect(covered.replace(/\s/g, "")).toBe(expected.replace(/\s/g, ""));
        },
      ),
    );
  });

  it("splits the default corpus into passages within the limit", () => {
    const bytes = readFileSync(new URL("../../corpus/roadmap.md", import.meta.url), "utf8");
    const passages = splitDocument(parse(bytes), { countTokens });
    expect(passages.length).toBeGreaterThan(20);
    expect(new Set(passages.map((passage) => passage.id)).size).toBe(passages.length);
  });
});
