import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scoreAbstention } from "../../../src/eval/metrics/abstention.js";
import { auroc, balancedAccuracy, type Scored } from "../../../src/eval/metrics/auroc.js";
import { areaUnderRiskCoverage, riskCoverageCurve } from "../../../src/eval/metrics/risk-coverage.js";

const scored = (score: number, positive: boolean): Scored => ({ score, positive });

describe("scoreAbstention", () => {
  const decisions = [
    ...Array.from({ length: 6 }, () => ({ answerable: false, abstained: true })),
    ...Array.from({ length: 2 }, () => ({ answerable: false, abstained: false })),
    ...Array.from({ length: 3 }, () => ({ answerable: true, abstained: true })),
    ...Array.from({ length: 9 }, () => ({ answerable: true, abstained: false })),
  ];

  it("takes abstaining as what is to be detected", () => {
    expect(scoreAbstention(decisions)).toEqual({
      precision: 6 / 9,
      recall: 6 / 8,
      f1: 12 / 17,
      falseAbstentions: 3 / 12,
    });
  });

  it("has no ratio without a denominator", () => {
    expect(scoreAbstention([{ answerable: true, abstained: false }])).toEqual({
      precision: null,
      recall: null,
      f1: null,
      falseAbstentions: 0,
    });
  });
});

describe("auroc", () => {
  it("is right on a case by hand: 7.5 of 9 pairs", () => {
    const items = [
      scored(0.9, true),
      scored(0.7, true),
      scored(0.5, true),
      scored(0.7, false),
      scored(0.4, false),
      scored(0.1, false),
    ];
    expect(auroc(items)).toBeCloseTo(7.5 / 9);
  });

  it("is .5 where all are alike, and null without both kinds", () => {
    expect(auroc([scored(1, true), scored(1, false), scored(1, false)])).toBe(0.5);
    expect(auroc([scored(1, true)])).toBeNull();
  });

  it("equals the share of pairs in the right order", () => {
    const items = fc.array(fc.record({ score: fc.integer({ min: 0, max: 5 }), positive: fc.boolean() }), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(items, (all) => {
        const positives = all.filter(({ positive }) => positive);
        const negatives = all.filter(({ positive }) => !positive);
        const pairs = positives.flatMap((p) =>
          negatives.map((n) => (p.score > n.score ? 1 : p.score === n.score ? 0.5 : 0)),
        );
        const area = auroc(all);
        if (pairs.length === 0) expect(area).toBeNull();
        else expect(area).toBeCloseTo(pairs.reduce<number>((sum, value) => sum + value, 0) / pairs.length);
      }),
    );
  });
});

describe("balancedAccuracy", () => {
  it("is the mean of both rates, and .5 for one who always says yes", () => {
    const items = [scored(2, true), scored(0, true), scored(1, false), scored(-1, false), scored(-2, false)];
    expect(balancedAccuracy(items, 0.5)).toBeCloseTo((1 / 2 + 2 / 3) / 2);
    expect(balancedAccuracy(items, -9)).toBe(0.5);
    expect(balancedAccuracy([scored(1, true)], 0)).toBeNull();
  });
});

describe("risk and coverage", () => {
  const items = [
    { confidence: 0.9, loss: 0 },
    { confidence: 0.8, loss: 1 },
    { confidence: 0.8, loss: 0 },
    { confidence: 0.1, loss: 1 },
  ];

  it("has one point for each confidence", () => {
    expect(riskCoverageCurve(items)).toEqual([
      { threshold: 0.9, coverage: 0.25, risk: 0 },
      { threshold: 0.8, coverage: 0.75, risk: 1 / 3 },
      { threshold: 0.1, coverage: 1, risk: 0.5 },
    ]);
  });

  it("averages the risk of the n surest, ties in random order", () => {
    expect(areaUnderRiskCoverage(items)).toBeCloseTo((0 + 0.5 / 2 + 1 / 3 + 2 / 4) / 4);
    expect(areaUnderRiskCoverage([])).toBeNull();
  });

  it("does not depend on the order of the items, and is the mean loss where all are alike", () => {
    const some = fc.array(
      fc.record({ confidence: fc.integer({ min: 0, max: 3 }), loss: fc.integer({ min: 0, max: 1 }) }),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(some, (all) => {
        expect(areaUnderRiskCoverage([...all].reverse())).toBeCloseTo(
          areaUnderRiskCoverage(all) ?? Number.NaN,
        );
        const alike = all.map(({ loss }) => ({ confidence: 1, loss }));
        expect(areaUnderRiskCoverage(alike)).toBeCloseTo(riskCoverageCurve(all).at(-1)?.risk ?? Number.NaN);
      }),
    );
  });
});
