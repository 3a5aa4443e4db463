import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitSentences } from "../../src/passages/sentences.js";

const split = (text: string) => splitSentences(text).map(({ start, end }) => text.slice(start, end));

describe("splitSentences", () => {
  it.each([
    ["One. Two! Three?", ["One.", "Two!", "Three?"]],
    ["Dr. Ames met Mr. Bell. They spoke.", ["Dr. Ames met Mr. Bell.", "They spoke."]],
    [
      "Use tools, e.g. a spade, i.e. something flat. Then dig.",
      ["Use tools, e.g. a spade, i.e. something flat.", "Then dig."],
    ],
    ["It opens at 9 a.m. The gate is green.", ["It opens at 9 a.m.", "The gate is green."]],
    ["See Fig. 3 and no. 4 for details. Done.", ["See Fig. 3 and no. 4 for details.", "Done."]],
    ["J. K. Morris wrote it. We read it.", ["J. K. Morris wrote it.", "We read it."]],
    ["It costs 3.50 a kilo. That is fine.", ["It costs 3.50 a kilo.", "That is fine."]],
    ["“Stop.” He turned. ‘Why?’ she asked.", ["“Stop.”", "He turned.", "‘Why?’ she asked."]],
    ["Visit example.org for more. It is free.", ["Visit example.org for more.", "It is free."]],
    ["Approx. three weeks … or so. Not more.", ["Approx. three weeks … or so.", "Not more."]],
  ])("splits %j", (text, sentences) => {
    expect(split(text)).toEqual(sentences);
  });

  it("does not end a sentence where a hard-wrapped line ends", () => {
    expect(split("The beds are\nwatered twice\na week. Bring\ngloves.")).toEqual([
      "The beds are\nwatered twice\na week.",
      "Bring\ngloves.",
    ]);
  });

  it("stays inside the range that it is given", () => {
    const text = "Before. One here. Two here. After.";
    const start = text.indexOf("One");
    const end = text.indexOf(" After");
    expect(splitSentences(text, start, end).map((range) => text.slice(range.start, range.end))).toEqual([
      "One here.",
      "Two here.",
    ]);
  });

  it("gives nothing for white space", () => {
    expect(splitSentences(" \n\t ")).toEqual([]);
  });

  it("loses nothing but white space, in order, whatever the text", () => {
    const text = fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 200 }),
      fc
        .array(fc.constantFrom("Dr.", "e.g.", "A", "cat", "sat.", "?", "\n", " ", "3.5", "“No.”", "…"), {
          maxLength: 60,
        })
        .map((words) => words.join(" ")),
    );
    fc.assert(
      fc.property(text, (input) => {
        const ranges = splitSentences(input);
        let before = 0;
        for (const { start, end } of ranges) {
          expect(start).toBeGreaterThanOrEqual(before);
          expect(end).toBeGreaterThan(start);
          expect(input.slice(before, start).trim()).toBe("");
          before = end;
        }
        expect(input.slice(before).trim()).toBe("");
      }),
    );
  });
});
