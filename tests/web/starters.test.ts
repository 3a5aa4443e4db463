import { describe, expect, it } from "vitest";
import { parseMarkdownText } from "../../src/documents/markdown.js";
import { starterQuestions } from "../../src/web/starters.js";

const source = parseMarkdownText(
  "# A guide\n\n## Why walk?\n\nBecause.\n\n## Questions\n\n### How far?\n\nTen.\n\n### How high?\n\nTwo.\n",
  { uri: "guide.md" },
);

describe("starterQuestions", () => {
  it("offers the questions that stand together before one that stands alone", () => {
    expect(starterQuestions(source, 9)).toEqual(["How far?", "How high?", "Why walk?"]);
  });

  it("offers no more than asked for, and none where no heading is a question", () => {
    expect(starterQuestions(source, 1)).toHaveLength(1);
    expect(starterQuestions(parseMarkdownText("# Plain\n\nIs it?\n", { uri: "plain.md" }), 9)).toEqual([]);
  });
});
