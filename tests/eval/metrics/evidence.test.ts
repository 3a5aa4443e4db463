import { describe, expect, it } from "vitest";
import { scoreEvidence } from "../../../src/eval/metrics/evidence.js";
import type { Place } from "../../../src/eval/metrics/place.js";

const place = (start: number, end: number, documentId = "a"): Place => ({ documentId, start, end });

describe("scoreEvidence", () => {
  it("counts characters", () => {
    // 100 characters of evidence; 80 cited, 60 of them evidence.
    const { recall, precision, f1 } = scoreEvidence([place(40, 120)], [[place(0, 100)]]);
    expect(recall).toBeCloseTo(0.6);
    expect(precision).toBeCloseTo(0.75);
    expect(f1).toBeCloseTo(2 / 3);
  });

  it("is perfect for the evidence itself and nothing for the same range of another document", () => {
    const evidence = [place(0, 10), place(50, 60)];
    expect(scoreEvidence([...evidence, place(5, 10)], [evidence])).toEqual({
      recall: 1,
      precision: 1,
      f1: 1,
    });
    expect(scoreEvidence([place(0, 10, "b"), place(50, 60, "b")], [evidence])).toEqual({
      recall: 0,
      precision: 0,
      f1: 0,
    });
  });

  it("takes the alternative that fits best", () => {
    const sets = [[place(0, 100)], [place(200, 210)], [place(0, 100), place(200, 210)]];
    expect(scoreEvidence([place(200, 210)], sets)).toEqual({ recall: 1, precision: 1, f1: 1 });
    expect(scoreEvidence([place(0, 100), place(200, 210)], sets).f1).toBe(1);
  });

  it("does not blame optional text and does not praise it", () => {
    expect(scoreEvidence([place(0, 10), place(10, 40)], [[place(0, 10)]], [place(10, 40)]).precision).toBe(1);
    expect(scoreEvidence([place(10, 40)], [[place(0, 10)]], [place(10, 40)])).toEqual({
      recall: 0,
      precision: 0,
      f1: 0,
    });
  });

  it("gives 0, not NaN, where nothing is cited", () => {
    expect(scoreEvidence([], [[place(0, 10)]])).toEqual({ recall: 0, precision: 0, f1: 0 });
  });
});
