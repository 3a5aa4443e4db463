import { describe, expect, it } from "vitest";
import type { Place } from "../../../src/eval/metrics/place.js";
import {
  countSentences,
  sentenceF1,
  sentencePrecision,
  sentenceRecall,
} from "../../../src/eval/metrics/sentences.js";

const place = (start: number, end: number, documentId = "a"): Place => ({ documentId, start, end });

describe("countSentences", () => {
  it("counts a sentence as hit where more than half of it is covered", () => {
    const gold = [place(0, 10), place(20, 30)];
    // The first citation is one character short of the sentence, the second takes in half of the other one only.
    expect(countSentences([place(0, 9), place(25, 45)], [gold])).toEqual({
      cited: 2,
      right: 1,
      gold: 2,
      found: 1,
    });
    expect(countSentences([place(0, 10, "b")], [gold])).toMatchObject({ right: 0, found: 0 });
    expect(countSentences([], [gold])).toEqual({ cited: 0, right: 0, gold: 2, found: 0 });
  });

  it("takes the alternative that fits best, and does not blame for what is allowed", () => {
    const counts = countSentences(
      [place(50, 60), place(70, 80)],
      [[place(0, 10)], [place(50, 60)]],
      [place(70, 80)],
    );
    expect(counts).toEqual({ cited: 1, right: 1, gold: 1, found: 1 });
  });
});

describe("figures over all sentences", () => {
  const counts = [
    { cited: 4, right: 3, gold: 2, found: 2 },
    { cited: 0, right: 0, gold: 4, found: 0 },
  ];

  it("divide sums, not averages", () => {
    expect(sentencePrecision(counts)).toBe(3 / 4);
    expect(sentenceRecall(counts)).toBe(2 / 6);
    expect(sentenceF1(counts)).toBeCloseTo((2 * (3 / 4) * (1 / 3)) / (3 / 4 + 1 / 3));
  });

  it("have no value where there is nothing to divide by", () => {
    expect(sentencePrecision([{ cited: 0, right: 0, gold: 1, found: 0 }])).toBeNull();
    expect(sentenceF1([{ cited: 0, right: 0, gold: 1, found: 0 }])).toBe(0);
    expect([sentenceRecall([]), sentenceF1([])]).toEqual([null, null]);
  });
});
