import { describe, expect, it } from "vitest";
import { scoreCitations } from "../../../src/eval/metrics/citations.js";
import { fabricatedCitations } from "../../../src/eval/metrics/fabricated.js";

const cited = (supportsAlone: boolean, othersSupport = false) => ({ supportsAlone, othersSupport });

describe("scoreCitations", () => {
  it("follows ALCE: recall by sentence, precision by citation that is not idle", () => {
    const score = scoreCitations([
      { supported: true, citations: [cited(true, false), cited(false, true)] }, // the second is idle
      { supported: true, citations: [cited(false, false), cited(false, false)] }, // only together: both needed
      { supported: false, citations: [cited(false)] }, // not supported: idle
      { supported: false, citations: [] },
    ]);
    expect(score.recall).toBe(2 / 4);
    expect(score.precision).toBe(3 / 5);
  });

  it("has no figures without sentences or citations", () => {
    expect(scoreCitations([])).toEqual({ recall: null, precision: null });
    expect(scoreCitations([{ supported: false, citations: [] }])).toEqual({ recall: 0, precision: null });
  });
});

describe("fabricatedCitations", () => {
  const texts = new Map([["a", "One. Two."]]);
  const good = { documentId: "a", start: 5, end: 9, quote: "Two." };

  it("passes a quote that is the text at its range", () => {
    expect(fabricatedCitations([good], texts)).toEqual([]);
  });

  it.each([
    ["another quote", { ...good, quote: "Too." }],
    ["a shifted range", { ...good, start: 4 }],
    ["an unknown document", { ...good, documentId: "b" }],
    ["a range past the end", { ...good, end: 10 }],
    ["a negative start, which slice would take", { ...good, start: -4, end: 9 }],
    ["an empty range", { documentId: "a", start: 3, end: 3, quote: "" }],
    ["a broken offset", { ...good, start: Number.NaN }],
  ])("finds %s", (_, citation) => {
    expect(fabricatedCitations([citation], texts)).toEqual([citation]);
  });
});
