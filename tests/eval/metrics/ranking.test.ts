import { describe, expect, it } from "vitest";
import type { Place } from "../../../src/eval/metrics/place.js";
import {
  ndcgAtK,
  recallAtK,
  reciprocalRank,
  scoreDocuments,
  scoreRanking,
} from "../../../src/eval/metrics/ranking.js";

const place = (start: number, end: number): Place => ({ documentId: "a", start, end });

describe("recallAtK", () => {
  it("counts the relevant items in the first k, each once", () => {
    expect(recallAtK(["x", "a", "a", "b", "c"], new Set(["a", "b", "z"]), 3)).toBeCloseTo(1 / 3);
    expect(recallAtK(["x", "a", "a", "b", "c"], new Set(["a", "b", "z"]), 4)).toBeCloseTo(2 / 3);
    expect(recallAtK(["x"], new Set(), 1)).toBe(0);
  });
});

describe("reciprocalRank", () => {
  it("is one over the first relevant rank", () => {
    expect(reciprocalRank([false, false, true, true])).toBeCloseTo(1 / 3);
    expect(reciprocalRank([false])).toBe(0);
  });
});

describe("ndcgAtK", () => {
  it("follows the textbook's sum", () => {
    // Gains 3, 2, 0, 1: DCG = 3 + 2 / log2(3) + 1 / log2(5); the ideal is 3, 2, 1.
    const dcg = 3 + 2 / Math.log2(3) + 1 / Math.log2(5);
    const ideal = 3 + 2 / Math.log2(3) + 1 / 2;
    expect(ndcgAtK([3, 2, 0, 1], [0, 1, 2, 3], 10)).toBeCloseTo(dcg / ideal);
    expect(ndcgAtK([0, 2], [2, 0], 1)).toBe(0);
    expect(ndcgAtK([0], [0], 10)).toBe(0);
  });
});

describe("scoreRanking", () => {
  it("scores by evidence characters that are new", () => {
    const ranked = [place(100, 200), place(0, 60), place(40, 100)];
    const score = scoreRanking(ranked, [[place(0, 80)]]);
    expect(score.recallAt[1]).toBe(0);
    expect(score.recallAt[3]).toBe(1);
    expect(score.reciprocalRank).toBe(0.5);
    const dcg = 60 / Math.log2(3) + 20 / 2;
    expect(score.ndcgAt10).toBeCloseTo(dcg / (60 + 20 / Math.log2(3)));
  });

  it("takes off for evidence that is nowhere in the ranking", () => {
    const found = scoreRanking([place(0, 50)], [[place(0, 50)]]);
    const half = scoreRanking([place(0, 50)], [[place(0, 50), place(300, 350)]]);
    expect(found.ndcgAt10).toBe(1);
    expect(half.recallAt[10]).toBe(0.5);
    expect(half.ndcgAt10).toBeCloseTo(1 / (1 + 1 / Math.log2(3)));
  });

  it("takes the best alternative, and is 0 for an empty ranking", () => {
    expect(scoreRanking([place(90, 99)], [[place(0, 50)], [place(90, 99)]]).recallAt[1]).toBe(1);
    expect(scoreRanking([], [[place(0, 50)]])).toMatchObject({ reciprocalRank: 0, ndcgAt10: 0 });
  });
});

describe("scoreDocuments", () => {
  it("ranks a document where its first passage is", () => {
    // Documents in order: x, a, y, b; a and b are relevant, c is not found.
    const score = scoreDocuments(["x", "x", "a", "x", "y", "a", "b"], new Set(["a", "b", "c"]));
    const ideal = 1 + 1 / Math.log2(3) + 1 / 2;
    expect(score.ndcgAt10).toBeCloseTo((1 / Math.log2(3) + 1 / Math.log2(5)) / ideal);
    expect(score.reciprocalRank).toBe(0.5);
    expect(score.recallAt5).toBeCloseTo(2 / 3);
  });

  it("gives nothing for what comes after the cut", () => {
    const ranked = Array.from({ length: 12 }, (_, index) => `d${index}`);
    expect(scoreDocuments(ranked, new Set(["d11"]))).toEqual({
      ndcgAt10: 0,
      reciprocalRank: 1 / 12,
      recallAt5: 0,
      recallAt10: 0,
    });
    expect(scoreDocuments(ranked, new Set(["d9"]))).toMatchObject({ recallAt5: 0, recallAt10: 1 });
  });
});
