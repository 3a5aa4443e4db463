import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contains, normalise } from "../../../src/eval/metrics/normalise.js";
import { scoreNuggets } from "../../../src/eval/metrics/nuggets.js";

describe("contains", () => {
  it.each([
    ["Plan for 12 MONTHS.", "12 months"],
    ["in 6–9 months", "6-9 months"],
    ["in 6 — 9 months", "6–9 months"],
    ["don’t need a degree", "don't need a degree"],
    ["‘learning AI’ for years", "'learning ai'"],
    ["free\u00a0of\ncharge", "free of charge"],
    ["at 2× speed", "2×"],
  ])("%j has %j", (text, form) => expect(contains(text, form)).toBe(true));

  it.each([
    ["in 112 months", "12 months"],
    ["storage", "rag"],
    ["ragged", "rag"],
    ["anything", " "],
  ])("%j does not have %j", (text, form) => expect(contains(text, form)).toBe(false));

  it("normalises once and for all", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(normalise(normalise(text))).toBe(normalise(text));
      }),
    );
  });
});

describe("scoreNuggets", () => {
  const nuggets = [
    { text: "a", vital: true, forms: ["alpha", "first letter"] },
    { text: "b", vital: true, forms: ["beta"] },
    { text: "c", vital: false, forms: ["gamma"] },
  ];

  it("takes any form, and counts vital and all apart", () => {
    expect(scoreNuggets("The first letter.", nuggets)).toEqual({
      vital: 1 / 2,
      all: 1 / 3,
      complete: false,
      found: [true, false, false],
    });
    expect(scoreNuggets("Alpha, beta.", nuggets)).toMatchObject({ vital: 1, complete: true });
  });

  it("has no recall without nuggets", () => {
    expect(scoreNuggets("x", [])).toEqual({ vital: null, all: null, complete: true, found: [] });
  });
});
