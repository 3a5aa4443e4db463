import { describe, expect, it } from "vitest";
import { emphasise, emphasiseCells } from "../../src/web/sentence-text.js";
import { tableRow } from "./sentences.js";

describe("emphasise", () => {
  it("emphasises the short answer inside the sentence, and nothing where there is none", () => {
    expect(emphasise("Most quit in two weeks.", { start: 13, end: 22 })).toEqual([
      { text: "Most quit in ", strong: false },
      { text: "two weeks", strong: true },
      { text: ".", strong: false },
    ]);
    expect(emphasise("Most quit.", undefined)).toEqual([{ text: "Most quit.", strong: false }]);
  });
});

describe("emphasiseCells", () => {
  const row = tableRow({ Month: "May", Walk: "May hill" }, 0);

  it("finds the short answer in its cell, also where another cell has the same word", () => {
    expect(emphasiseCells({ ...row, highlight: { start: 4, end: 7 } })).toEqual([
      [{ text: "May", strong: false }],
      [
        { text: "May", strong: true },
        { text: " hill", strong: false },
      ],
    ]);
  });

  it("emphasises across cells", () => {
    const strong = emphasiseCells({ ...row, highlight: { start: 1, end: 7 } }).flat();
    expect(strong.filter((part) => part.strong).map((part) => part.text)).toEqual(["ay", "May"]);
  });

  it("leaves a cell plain that the sentence does not have verbatim", () => {
    const cells = [{ column: "Month", text: "June" }];
    expect(emphasiseCells({ ...row, cells, highlight: { start: 0, end: 3 } })).toEqual([
      [{ text: "June", strong: false }],
    ]);
  });
});
