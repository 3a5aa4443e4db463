import { mean } from "./mean.js";

/** A probability in [0, 1] and what came of it. */
export interface Forecast {
  probability: number;
  outcome: boolean;
}

/** The forecasts with a probability in `[from, to)` (the last bin holds 1 as well). */
export interface ReliabilityBin {
  from: number;
  to: number;
  count: number;
  /** Mean probability, and share of positive outcomes; null where the bin is empty. */
  meanProbability: number | null;
  frequency: number | null;
}

/** Mean squared difference of probability and outcome (Brier 1950); 0 is best, .25 is what "one half" gets. Null if empty. */
export function brierScore(forecasts: readonly Forecast[]): number | null {
  return mean(forecasts.map(({ probability, outcome }) => (probability - Number(outcome)) ** 2));
}

/** Forecasts in bins of equal width, the points of a reliability diagram (DeGroot and Fienberg 1983). */
export function reliabilityBins(forecasts: readonly Forecast[], bins = 10): ReliabilityBin[] {
  return Array.from({ length: bins }, (_, index) => {
    const inside = forecasts.filter(({ probability }) => binOf(probability, bins) === index);
    return {
      from: index / bins,
      to: (index + 1) / bins,
      count: inside.length,
      meanProbability: mean(inside.map(({ probability }) => probability)),
      frequency: mean(inside.map(({ outcome }) => Number(outcome))),
    };
  });
}

/**
 * Expected calibration error (Naeini et al. 2015): the mean over forecasts of |mean probability - frequency| of their bin.
 * Null if empty.
 */
export function expectedCalibrationError(forecasts: readonly Forecast[], bins = 10): number | null {
  if (forecasts.length === 0) return null;
  return reliabilityBins(forecasts, bins).reduce(
    (sum, { count, meanProbability, frequency }) =>
      sum + (count / forecasts.length) * Math.abs((meanProbability ?? 0) - (frequency ?? 0)),
    0,
  );
}

function binOf(probability: number, bins: number): number {
  return Math.min(bins - 1, Math.max(0, Math.floor(probability * bins)));
}
