import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Example,
  fitLogistic,
  type LogisticModel,
  predict,
  sigmoid,
} from "../../src/answer/logistic.js";
import { seededRandom } from "../store/fixture.js";

const separable: Example[] = [-3, -2, -1, 1, 2, 3].map((x) => ({ features: { x }, positive: x > 0 }));

/** Examples drawn from a model: x and y in [-2, 2]. */
function drawnFrom(model: LogisticModel, count: number): Example[] {
  const random = seededRandom(7);
  return Array.from({ length: count }, () => {
    const features = { x: 4 * random() - 2, y: 4 * random() - 2 };
    return { features, positive: random() < predict(model, features) };
  });
}

describe("predict", () => {
  it("is the sigmoid of bias and weighted features", () => {
    const model = { bias: -1, weights: { x: 2, y: -0.5 } };
    expect(predict(model, { x: 1, y: 2 })).toBe(0.5);
    expect(predict(model, { x: 2, y: 2 })).toBeCloseTo(1 / (1 + Math.exp(-2)), 12);
    expect(predict(model, { x: 1, y: 2, other: 99 })).toBe(0.5);
  });

  it("is between 0 and 1, and rises with a feature of positive weight", () => {
    const number = fc.double({ min: -50, max: 50, noNaN: true });
    fc.assert(
      fc.property(
        number,
        fc.double({ min: 0, max: 50, noNaN: true }),
        number,
        number,
        (bias, weight, a, b) => {
          const model = { bias, weights: { x: weight } };
          const [low, high] = [Math.min(a, b), Math.max(a, b)].map((x) => predict(model, { x }));
          expect(low).toBeGreaterThanOrEqual(0);
          expect(high).toBeLessThanOrEqual(1);
          expect(low).toBeLessThanOrEqual(high as number);
        },
      ),
    );
  });
});

describe("sigmoid", () => {
  it("is a half at 0, symmetric, and has its limits", () => {
    expect([sigmoid(0), sigmoid(-1000), sigmoid(1000)]).toEqual([0.5, 0, 1]);
    expect(sigmoid(1.7) + sigmoid(-1.7)).toBeCloseTo(1, 12);
  });
});

describe("fitLogistic", () => {
  it("separates what can be separated", () => {
    const model = fitLogistic(separable, { names: ["x"] });
    for (const { features, positive } of separable) expect(predict(model, features) > 0.5).toBe(positive);
  });

  it("recovers a model from examples that are positive just as often as it says", () => {
    const truth = { bias: 0.5, weights: { x: 1.5, y: -1 } };
    const grid = [-2, -1, 0, 1, 2].flatMap((x) => [-2, 0, 1].map((y) => ({ x, y })));
    const examples = grid.flatMap((features): Example[] => {
      const p = predict(truth, features);
      return [
        { features, positive: true, weight: p },
        { features, positive: false, weight: 1 - p },
      ];
    });
    const { bias, weights } = fitLogistic(examples, { names: ["x", "y"], l2: 0 });
    expect(bias).toBeCloseTo(0.5, 4);
    expect(weights.x).toBeCloseTo(1.5, 4);
    expect(weights.y).toBeCloseTo(-1, 4);
  });

  it("meets the share of positives on average", () => {
    const examples = drawnFrom({ bias: -1, weights: { x: 1 } }, 100);
    const model = fitLogistic(examples, { names: ["x"] });
    const mean = examples.reduce((sum, { features }) => sum + predict(model, features), 0) / examples.length;
    const share = examples.filter(({ positive }) => positive).length / examples.length;
    expect(mean).toBeCloseTo(share, 6);
  });

  it("gives the same probabilities whatever the scale and origin of a feature", () => {
    const examples = drawnFrom({ bias: 0, weights: { x: 1, y: 1 } }, 60);
    const rescaled = examples.map((example) => ({
      ...example,
      features: { x: 1000 * (example.features.x ?? 0) + 500, y: 0.01 * (example.features.y ?? 0) - 3 },
    }));
    const names = ["x", "y"];
    const model = fitLogistic(examples, { names });
    const other = fitLogistic(rescaled, { names });
    for (const [index, { features }] of examples.entries())
      expect(predict(other, rescaled[index]?.features ?? {})).toBeCloseTo(predict(model, features), 8);
  });

  it("is deterministic", () => {
    const fitted = () => fitLogistic(drawnFrom({ bias: 0, weights: { x: 1 } }, 50), { names: ["x", "y"] });
    expect(fitted()).toEqual(fitted());
  });

  it("draws the weights towards zero by the penalty, so that separable examples have finite weights", () => {
    const weight = (l2: number) => fitLogistic(separable, { names: ["x"], l2 }).weights.x ?? 0;
    expect(weight(1)).toBeLessThan(weight(0.01));
    expect(weight(1)).toBeGreaterThan(0);
  });

  it("uses only the named features, and makes nothing of one that never changes", () => {
    const examples = separable.map(({ features, positive }) => ({
      features: { ...features, copy: features.x ?? 0, constant: 3 },
      positive,
    }));
    const model = fitLogistic(examples, { names: ["x", "constant"] });
    expect(Object.keys(model.weights)).toEqual(["x", "constant"]);
    expect(model.weights.constant).toBe(0);
  });

  it("counts an example of weight 3 like three examples", () => {
    const [first, ...rest] = drawnFrom({ bias: 0, weights: { x: 1 } }, 30) as [Example, ...Example[]];
    const once = fitLogistic([{ ...first, weight: 3 }, ...rest], { names: ["x", "y"] });
    const thrice = fitLogistic([first, first, first, ...rest], { names: ["x", "y"] });
    expect(once.bias).toBeCloseTo(thrice.bias, 8);
    expect(once.weights.x).toBeCloseTo(thrice.weights.x ?? 0, 8);
    expect(once.weights.y).toBeCloseTo(thrice.weights.y ?? 0, 8);
  });
});
