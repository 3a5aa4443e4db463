import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { typoDistance } from "../../src/retrieve/typo-distance.js";
import { WordIndex } from "../../src/retrieve/word-index.js";

describe("WordIndex", () => {
  it("finds what is near, and passes over what shares too few letters or begins otherwise", () => {
    const index = new WordIndex(["drift", "draft", "thrift", "dough", "rdift", "driftwood"]);
    expect(index.near("drfit", 1)).toEqual(["drift", "draft", "rdift"]);
  });

  it("leaves out words with other signs than a to z", () => {
    expect(new WordIndex(["naïve", "drift2", "", "Drift"]).near("naive", 2)).toEqual([]);
  });

  it("misses no word that a few slips apart begins alike, or with the first two letters swapped", () => {
    const word = fc.string({ unit: fc.constantFrom(..."abest"), minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(word, fc.uniqueArray(word), fc.constantFrom(1, 2), (typed, words, edits) => {
        const near = new WordIndex(words).near(typed, edits);
        const due = words.filter(
          (other) =>
            typoDistance(typed, other, edits) <= edits &&
            (other[0] === typed[0] || (other[0] === typed[1] && other[1] === typed[0])),
        );
        expect(near).toEqual(expect.arrayContaining(due));
        expect(new Set(near).size).toBe(near.length);
      }),
    );
  });
});
