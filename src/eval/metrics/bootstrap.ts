import { mean } from "./mean.js";
import { percentile } from "./percentile.js";

/** A figure with its 95 % interval. */
export interface Interval {
  value: number;
  low: number;
  high: number;
}

export interface BootstrapOptions {
  /** The same seed draws the same samples. */
  seed?: number;
  samples?: number;
}

const DEFAULTS = { seed: 2026, samples: 1000 };

/** The middle 95 %, in percent. */
const LOW = 2.5;
const HIGH = 97.5;

/**
 * Percentile bootstrap (Efron and Tibshirani 1993, ch. 13) of any statistic over items. Samples for which the statistic is
 * null (say, without negatives) are left out. Null where the statistic of the items themselves is null.
 */
export function bootstrap<T>(
  items: readonly T[],
  statistic: (sample: readonly T[]) => number | null,
  options: BootstrapOptions = {},
): Interval | null {
  const { seed, samples } = { ...DEFAULTS, ...options };
  const value = statistic(items);
  if (value === null) return null;
  const random = xorshift32(seed);
  const values: number[] = [];
  for (let i = 0; i < samples; i++) {
    const drawn = statistic(resample(items, random));
    if (drawn !== null) values.push(drawn);
  }
  return { value, low: percentile(values, LOW) ?? value, high: percentile(values, HIGH) ?? value };
}

/**
 * The mean difference `b - a` over pairs of the same question, with its interval: questions are drawn, not answers, so what
 * makes a question easy for both cancels out (Berg-Kirkpatrick et al. 2012). Null without pairs.
 */
export function pairedDifference(
  pairs: readonly (readonly [a: number, b: number])[],
  options: BootstrapOptions = {},
): Interval | null {
  return bootstrap(
    pairs.map(([a, b]) => b - a),
    mean,
    options,
  );
}

function resample<T>(items: readonly T[], random: () => number): T[] {
  return items.map((item) => items[Math.floor(random() * items.length)] ?? item);
}

/** A seeded generator of numbers in [0, 1): xorshift32 (Marsaglia 2003). */
function xorshift32(seed: number): () => number {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
