/** A logistic regression over named features: p = sigmoid(bias + sum of weight * feature). */
export interface LogisticModel {
  bias: number;
  weights: Record<string, number>;
}

/** Feature values by name; every feature of the model must be there. */
export type Features = Record<string, number>;

/** Probability in [0, 1] that the model gives to the features. */
export function predict({ bias, weights }: LogisticModel, features: Features): number {
  let logit = bias;
  for (const [name, weight] of Object.entries(weights)) logit += weight * (features[name] ?? 0);
  return sigmoid(logit);
}

export function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

export interface Example {
  features: Features;
  positive: boolean;
  /** How much the example counts; default 1. */
  weight?: number;
}

export interface FitOptions {
  /** The features to use. */
  names: readonly string[];
  /** Strength of the L2 penalty on the weights of standardised features. */
  l2?: number;
}

/** Full steps of gradient descent; the loss is convex and has settled long before. */
const STEPS = 4000;
const RATE = 0.5;

/**
 * Fits a logistic regression with an L2 penalty by gradient descent on standardised features; the weights that come
 * back are for the raw features. Deterministic.
 */
export function fitLogistic(examples: readonly Example[], { names, l2 = 0.01 }: FitOptions): LogisticModel {
  const total = examples.reduce((sum, example) => sum + (example.weight ?? 1), 0);
  const columns = names.map((name) => standardColumn(examples, name, total));
  const weights = names.map(() => 0);
  let bias = 0;
  for (let step = 0; step < STEPS; step++) {
    const gradient = weights.map((weight) => l2 * weight);
    let biasGradient = 0;
    for (const [row, { positive, weight = 1 }] of examples.entries()) {
      let logit = bias;
      for (const [index, column] of columns.entries())
        logit += (weights[index] ?? 0) * (column.values[row] ?? 0);
      const error = ((sigmoid(logit) - (positive ? 1 : 0)) * weight) / total;
      biasGradient += error;
      for (const [index, column] of columns.entries())
        gradient[index] = (gradient[index] ?? 0) + error * (column.values[row] ?? 0);
    }
    bias -= RATE * biasGradient;
    for (const index of weights.keys())
      weights[index] = (weights[index] ?? 0) - RATE * (gradient[index] ?? 0);
  }
  const raw = weights.map((weight, index) => weight / (columns[index]?.deviation ?? 1));
  return {
    bias: bias - raw.reduce((sum, weight, index) => sum + weight * (columns[index]?.mean ?? 0), 0),
    weights: Object.fromEntries(names.map((name, index) => [name, raw[index] ?? 0])),
  };
}

function standardColumn(examples: readonly Example[], name: string, total: number) {
  const values = examples.map((example) => example.features[name] ?? 0);
  const weightOf = (row: number) => examples[row]?.weight ?? 1;
  const mean = values.reduce((sum, value, row) => sum + value * weightOf(row), 0) / total;
  const variance = values.reduce((sum, value, row) => sum + (value - mean) ** 2 * weightOf(row), 0) / total;
  const deviation = Math.sqrt(variance) || 1;
  return { mean, deviation, values: values.map((value) => (value - mean) / deviation) };
}
