import { describe, expect, it } from "vitest";
import { toSentence } from "../../src/answer/sentence.js";
import { parseMarkdownText } from "../../src/documents/markdown.js";
import type { Unit } from "../../src/passages/passage.js";
import { splitDocument } from "../../src/passages/split.js";

const DOCUMENT = parseMarkdownText(
  `# Pool

## Opening

The pool opens at six. It closes *late*.

- Bring a towel. You need one.

| Day | Hours | |
| --- | --- | --- |
| Sunday | ten to four | sauna |
| Monday | | closed |
`,
  { uri: "pool.md" },
);
const PASSAGES = splitDocument(DOCUMENT, { countTokens: (text) => text.split(" ").length });

/** The sentence that is made of the unit that holds these words. */
function sentenceOf(words: string, more: { score?: number; shortAnswer?: string } = {}) {
  const has = (unit: Unit) => DOCUMENT.text.slice(unit.start, unit.end).includes(words);
  const passage = PASSAGES.find(({ units }) => units.some(has));
  const unit = passage?.units.find(has);
  if (passage === undefined || unit === undefined) throw new Error(`No unit has "${words}".`);
  const start = DOCUMENT.text.indexOf(more.shortAnswer ?? "", unit.start);
  return toSentence(
    {
      unit,
      passage,
      score: more.score ?? 0.5,
      ...(more.shortAnswer === undefined
        ? {}
        : { shortAnswer: { start, end: start + more.shortAnswer.length } }),
    },
    DOCUMENT,
  );
}

describe("toSentence", () => {
  it("is the document's own words, cited where they stand", () => {
    const sentence = sentenceOf("It closes", { score: 0.8 });
    expect(sentence).toEqual({
      text: "It closes late.",
      kind: "sentence",
      citations: [
        expect.objectContaining({
          documentId: DOCUMENT.id,
          quote: "It closes late.",
          headings: ["Opening"],
          line: 5,
          score: 0.8,
        }),
      ],
    });
    const [citation] = sentence.citations;
    expect(DOCUMENT.text.slice(citation?.start, citation?.end)).toBe("It closes late.");
  });

  it("takes a list item whole, be it of several sentences", () => {
    expect(sentenceOf("Bring a towel")).toMatchObject({
      text: "Bring a towel. You need one.",
      kind: "list-item",
    });
  });

  it("marks the short answer inside its text", () => {
    const { text, highlight } = sentenceOf("The pool opens", { shortAnswer: "at six" });
    expect(text.slice(highlight?.start, highlight?.end)).toBe("at six");
    expect(sentenceOf("The pool opens")).not.toHaveProperty("highlight");
  });

  it("gives a row's cells with the names of their columns, and the row itself verbatim", () => {
    const sentence = sentenceOf("Sunday", { shortAnswer: "ten to four" });
    expect(sentence).toMatchObject({
      kind: "table-row",
      text: "Sunday\tten to four\tsauna",
      cells: [
        { column: "Day", text: "Sunday" },
        { column: "Hours", text: "ten to four" },
        { column: "", text: "sauna" },
      ],
    });
    expect(sentence.text.slice(sentence.highlight?.start, sentence.highlight?.end)).toBe("ten to four");
    expect(sentence.citations[0]?.quote).toBe(sentence.text);
  });

  it("keeps an empty cell, so that columns stay apart", () => {
    expect(sentenceOf("Monday").cells).toEqual([
      { column: "Day", text: "Monday" },
      { column: "Hours", text: "" },
      { column: "", text: "closed" },
    ]);
  });

  it("gives cells to rows alone", () => {
    expect(sentenceOf("The pool opens")).not.toHaveProperty("cells");
  });
});
