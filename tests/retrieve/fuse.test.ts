import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fuse, rerank } from "../../src/retrieve/fuse.js";
import type { Candidate } from "../../src/store/store.js";

const candidate = (passageId: string, lexical: number, dense: number): Candidate => ({
  passageId,
  documentId: "d",
  textKey: 0,
  lexical,
  dense,
});

describe("fuse", () => {
  it("weighs the normalised scores", () => {
    const ranked = fuse([candidate("a", 8, 0.25), candidate("b", 0, 0.75), candidate("c", 4, 0.5)], 0.75);
    expect(ranked.map(({ passageId, fused }) => [passageId, fused])).toEqual([
      ["b", 0.75],
      ["c", 0.5],
      ["a", 0.25],
    ]);
  });

  it("lets the vectors decide alone where no term matches, and the terms where all vectors are alike", () => {
    expect(fuse([candidate("a", 0, 0.1), candidate("b", 0, 0.9)], 0.1).map((r) => r.passageId)).toEqual([
      "b",
      "a",
    ]);
    expect(fuse([candidate("a", 1, 0.5), candidate("b", 2, 0.5)], 0.9).map((r) => r.passageId)).toEqual([
      "b",
      "a",
    ]);
  });

  it("gives nothing for nothing", () => {
    expect(fuse([], 0.5)).toEqual([]);
  });

  it("equals a naive version that normalises one candidate at a time", () => {
    const score = fc.double({ min: -1, max: 40, noNaN: true });
    const pool = fc
      .array(fc.record({ lexical: score, dense: score }), { minLength: 1, maxLength: 40 })
      .map((scores) => scores.map(({ lexical, dense }, index) => candidate(`p${index}`, lexical, dense)));
    fc.assert(
      fc.property(pool, fc.double({ min: 0, max: 1, noNaN: true }), (candidates, weight) => {
        const normalised = (key: "lexical" | "dense", own: Candidate) => {
          const values = candidates.map((other) => other[key]);
          const [low, high] = [Math.min(...values), Math.max(...values)];
          return high > low ? (own[key] - low) / (high - low) : 0;
        };
        const naive = candidates.map(
          (own) => weight * normalised("dense", own) + (1 - weight) * normalised("lexical", own),
        );
        const ranked = fuse(candidates, weight);
        expect(ranked).toHaveLength(candidates.length);
        for (const [index, own] of candidates.entries()) {
          expect(ranked.find((other) => other.passageId === own.passageId)?.fused).toBeCloseTo(
            naive[index] ?? 0,
            10,
          );
        }
        for (let i = 1; i < ranked.length; i++) {
          expect(ranked[i - 1]?.fused).toBeGreaterThanOrEqual(ranked[i]?.fused ?? 0);
        }
      }),
    );
  });
});

describe("rerank", () => {
  const ranked = fuse([candidate("a", 8, 0.9), candidate("b", 4, 0.5), candidate("c", 0, 0.1)], 0.5);
  const match = (interaction: number) => ({ interaction });

  it("weighs late interaction against the fused score", () => {
    const matches = new Map([
      ["a", match(0.2)],
      ["b", match(0.6)],
      ["c", match(0.4)],
    ]);
    const scores = rerank(ranked, matches, 0.5).map(({ passageId, interaction, score }) => ({
      passageId,
      interaction,
      score: expect.closeTo(score, 9),
    }));
    expect(scores).toEqual([
      { passageId: "b", interaction: 0.6, score: 0.5 * 1 + 0.5 * 0.5 },
      { passageId: "a", interaction: 0.2, score: 0.5 * 0 + 0.5 * 1 },
      { passageId: "c", interaction: 0.4, score: 0.5 * 0.5 + 0.5 * 0 },
    ]);
  });

  it("leaves the order as it is without weight, and without token vectors", () => {
    const order = (rows: { passageId: string }[]) => rows.map(({ passageId }) => passageId);
    expect(order(rerank(ranked, new Map([["c", match(1)]]), 0))).toEqual(order(ranked));
    expect(order(rerank(ranked, new Map(), 0.5))).toEqual(order(ranked));
  });
});
