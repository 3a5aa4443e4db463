import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { withTitle } from "../../src/passages/vector.js";
import { randomVector, seededRandom } from "../store/fixture.js";

const cosine = (a: Float32Array, b: Float32Array) =>
  a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0) / (Math.hypot(...a) * Math.hypot(...b));

const unitVectors = fc.integer().map((seed) => randomVector(seededRandom(seed), 8));

describe("withTitle", () => {
  it("moves a passage's vector towards its title's, and keeps it of length 1", () => {
    fc.assert(
      fc.property(unitVectors, unitVectors, (passage, title) => {
        const moved = withTitle(passage, title);
        expect(Math.hypot(...moved)).toBeCloseTo(1, 5);
        expect(cosine(moved, title)).toBeGreaterThanOrEqual(cosine(passage, title) - 1e-6);
        // The passage's own words weigh more than the title's.
        expect(cosine(moved, passage)).toBeGreaterThanOrEqual(cosine(moved, title) - 1e-6);
      }),
    );
  });

  it("adds seven tenths of the title", () => {
    const moved = withTitle(Float32Array.of(1, 0), Float32Array.of(0, 1));
    expect(moved[0]).toBeCloseTo(1 / Math.hypot(1, 0.7), 6);
    expect(moved[1]).toBeCloseTo(0.7 / Math.hypot(1, 0.7), 6);
  });

  it("changes nothing where the title says the same, and leaves its arguments alone", () => {
    const passage = Float32Array.of(0.6, 0.8);
    expect(withTitle(passage, passage.slice())[0]).toBeCloseTo(0.6, 6);
    const title = Float32Array.of(0, 1);
    withTitle(passage, title);
    expect(passage).toEqual(Float32Array.of(0.6, 0.8));
    expect(title).toEqual(Float32Array.of(0, 1));
  });

  it("is the title's vector for a passage without words, and stays zero where neither has any", () => {
    expect(withTitle(new Float32Array(2), Float32Array.of(0, 1))).toEqual(Float32Array.of(0, 1));
    expect(withTitle(new Float32Array(2), new Float32Array(2))).toEqual(new Float32Array(2));
  });

  it("keeps the order of one document's passages but for near ties: the title is the same for all", () => {
    // The farther of two passages from the question stays the farther where they are equally near the title.
    const title = Float32Array.of(0, 0, 1);
    const near = withTitle(Float32Array.of(0.8, 0.6, 0), title);
    const far = withTitle(Float32Array.of(0.6, 0.8, 0), title);
    const question = Float32Array.of(1, 0, 0);
    expect(cosine(near, question)).toBeGreaterThan(cosine(far, question));
  });
});
