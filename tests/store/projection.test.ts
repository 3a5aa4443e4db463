import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Projection } from "../../src/store/projection.js";
import { unit } from "../../src/store/vectors.js";
import { randomVector, seededRandom } from "./fixture.js";

const product = (a: Float32Array, b: Float32Array) =>
  a.reduce((sum, value, index) => sum + value * (b[index] as number), 0);
const directionsOf = ({ basis, size, dimensions }: Projection) =>
  Array.from({ length: size }, (_, row) => basis.subarray(row * dimensions, (row + 1) * dimensions));

describe("Projection", () => {
  it("has directions of length 1 at right angles, whatever the vectors", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer(),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 0, max: 60 }),
        async (seed, dimensions, count) => {
          const random = seededRandom(seed);
          const vectors = Array.from({ length: count }, () => randomVector(random, dimensions));
          const directions = directionsOf(await Projection.of(vectors, dimensions));
          expect(directions.length % 16 === 0 || directions.length === dimensions).toBe(true);
          for (const [row, one] of directions.entries())
            for (const [column, other] of directions.slice(0, row + 1).entries())
              expect(product(one, other)).toBeCloseTo(row === column ? 1 : 0, 5);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("keeps all inner products of vectors that lie in few dimensions, wherever these point", async () => {
    const random = seededRandom(3);
    const axes = Array.from({ length: 10 }, () => randomVector(random, 100));
    const draw = () => {
      const weights = axes.map(() => random() - 0.5);
      return unit(
        Float32Array.from({ length: 100 }, (_, at) =>
          axes.reduce((sum, axis, index) => sum + (axis[at] as number) * (weights[index] as number), 0),
        ),
      );
    };
    const projection = await Projection.of(Array.from({ length: 300 }, draw), 100);
    expect(projection.size).toBe(16);
    for (let pair = 0; pair < 50; pair += 1) {
      const [a, b] = [draw(), draw()];
      expect(product(projection.reduce(a), projection.reduce(b))).toBeCloseTo(product(a, b), 3);
    }
  });

  it("keeps at least .93 of the squared length, with no more directions than that needs", async () => {
    const random = seededRandom(4);
    // Each dimension has less of the length than the one before.
    const draw = () =>
      unit(Float32Array.from({ length: 128 }, (_, at) => (random() + random() - 1) * 0.97 ** at));
    const vectors = Array.from({ length: 2000 }, draw);
    const projection = await Projection.of(vectors, 128);
    const kept = (size: number) =>
      vectors.reduce((sum, vector) => {
        const reduced = projection.reduce(vector).subarray(0, size);
        return sum + product(reduced, reduced);
      }, 0) / vectors.length;
    expect(kept(projection.size)).toBeGreaterThan(0.93);
    expect(kept(projection.size - 16)).toBeLessThan(0.935);
    expect(projection.size).toBeLessThan(64);
  });

  it("is the same for the same vectors", async () => {
    const vectors = Array.from({ length: 100 }, () => randomVector(seededRandom(1), 32));
    const [one, other] = [await Projection.of(vectors, 32), await Projection.of(vectors, 32)];
    expect(one.basis).toEqual(other.basis);
  });
});
