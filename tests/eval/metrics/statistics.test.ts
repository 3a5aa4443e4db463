import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bootstrap, pairedDifference } from "../../../src/eval/metrics/bootstrap.js";
import {
  brierScore,
  expectedCalibrationError,
  reliabilityBins,
} from "../../../src/eval/metrics/calibration.js";
import { mean } from "../../../src/eval/metrics/mean.js";
import { percentile } from "../../../src/eval/metrics/percentile.js";

describe("calibration", () => {
  const forecasts = [
    { probability: 0.9, outcome: true },
    { probability: 0.95, outcome: false },
    { probability: 0.1, outcome: false },
    { probability: 1, outcome: true },
  ];

  it("has the Brier score of the textbook", () => {
    expect(brierScore(forecasts)).toBeCloseTo((0.01 + 0.9025 + 0.01 + 0) / 4);
    expect(brierScore([])).toBeNull();
  });

  it("puts 1 into the last bin and .1 into the second", () => {
    const bins = reliabilityBins(forecasts);
    expect(bins).toHaveLength(10);
    expect(bins[9]).toMatchObject({ count: 3, frequency: 2 / 3 });
    expect(bins[9]?.meanProbability).toBeCloseTo(2.85 / 3);
    expect(bins[1]?.count).toBe(1);
    expect(bins[5]).toMatchObject({ count: 0, meanProbability: null, frequency: null });
  });

  it("weighs each bin's gap by its size", () => {
    expect(expectedCalibrationError(forecasts)).toBeCloseTo((3 / 4) * (2.85 / 3 - 2 / 3) + (1 / 4) * 0.1);
    expect(expectedCalibrationError([])).toBeNull();
  });

  it("loses no forecast", () => {
    const some = fc.array(
      fc.record({ probability: fc.double({ min: 0, max: 1, noNaN: true }), outcome: fc.boolean() }),
    );
    fc.assert(
      fc.property(some, fc.integer({ min: 1, max: 20 }), (all, bins) => {
        expect(reliabilityBins(all, bins).reduce((sum, { count }) => sum + count, 0)).toBe(all.length);
      }),
    );
  });
});

describe("percentile", () => {
  it("interpolates between the closest ranks", () => {
    expect(percentile([4, 1, 3, 2], 50)).toBe(2.5);
    expect(percentile([1, 2, 3, 4, 5], 95)).toBeCloseTo(4.8);
    expect(percentile([7], 95)).toBe(7);
    expect(percentile([], 50)).toBeNull();
  });
});

describe("bootstrap", () => {
  const values = Array.from({ length: 100 }, (_, index) => Number(index < 70));

  it("gives the same interval for the same seed, and others for others", () => {
    const first = bootstrap(values, mean, { seed: 1 });
    expect(bootstrap(values, mean, { seed: 1 })).toEqual(first);
    expect(bootstrap(values, mean, { seed: 2 })).not.toEqual(first);
  });

  it("is about as wide as the normal interval of a share: .7 ± .09", () => {
    const { value, low, high } = bootstrap(values, mean, { samples: 4000 }) ?? { value: 0, low: 0, high: 0 };
    expect(value).toBe(0.7);
    expect(low).toBeCloseTo(0.61, 1);
    expect(high).toBeCloseTo(0.79, 1);
    expect(high - low).toBeGreaterThan(0.15);
    expect(high - low).toBeLessThan(0.21);
  });

  it("covers the true mean in about 95 of 100 samples", () => {
    let covered = 0;
    let state = 1;
    const random = () => {
      state = (state * 48271) % 2147483647;
      return state / 2147483647;
    };
    for (let trial = 0; trial < 200; trial++) {
      const sample = Array.from({ length: 60 }, () => Number(random() < 0.4));
      const interval = bootstrap(sample, mean, { seed: trial, samples: 400 });
      if (interval !== null && interval.low <= 0.4 && 0.4 <= interval.high) covered++;
    }
    expect(covered).toBeGreaterThanOrEqual(180);
    expect(covered).toBeLessThan(200);
  });

  it("leaves out samples without a statistic, and has no interval where there is none at all", () => {
    const onlyIfMixed = (sample: readonly number[]) => (new Set(sample).size === 2 ? mean(sample) : null);
    expect(bootstrap([0, 1], onlyIfMixed)).toEqual({ value: 0.5, low: 0.5, high: 0.5 });
    expect(bootstrap([], mean)).toBeNull();
  });
});

describe("pairedDifference", () => {
  it("sees a small steady gain that unpaired intervals hide", () => {
    const pairs = Array.from({ length: 50 }, (_, i) => [i / 50, i / 50 + 0.02 + (i % 3) * 0.005] as const);
    const difference = pairedDifference(pairs);
    expect(difference?.value).toBeCloseTo(0.0249, 3);
    expect(difference?.low).toBeGreaterThan(0);
    const before = bootstrap(
      pairs.map(([a]) => a),
      mean,
    );
    expect(before?.high).toBeGreaterThan(
      bootstrap(
        pairs.map(([, b]) => b),
        mean,
      )?.low ?? 1,
    );
  });

  it("is zero for a run against itself", () => {
    expect(
      pairedDifference([
        [0.3, 0.3],
        [1, 1],
      ]),
    ).toEqual({ value: 0, low: 0, high: 0 });
    expect(pairedDifference([])).toBeNull();
  });
});
