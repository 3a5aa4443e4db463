import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import wabt from "wabt";
import { decodeVector, encodeVector, unit, VectorMatrix } from "../../src/store/vectors.js";
import { randomVector, seededRandom } from "./fixture.js";

const cosine = (a: Float32Array, b: Float32Array) =>
  a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);

describe("VectorMatrix", () => {
  it("finds what a naive scan finds, whatever was added and removed before", () => {
    const change = fc.record({ remove: fc.boolean(), key: fc.nat(30) });
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 80 }),
        fc.integer(),
        fc.integer({ min: 1, max: 12 }),
        (changes, seed, count) => {
          const random = seededRandom(seed);
          const matrix = new VectorMatrix(7);
          const naive = new Map<number, Float32Array>();
          for (const { remove, key } of changes) {
            if (remove && naive.delete(key)) matrix.remove(key);
            if (remove || naive.has(key)) continue;
            const vector = randomVector(random, 7);
            naive.set(key, vector);
            matrix.add(key, encodeVector(vector));
          }
          const query = randomVector(random, 7);
          const expected = (keys: number[]) =>
            keys
              .sort(
                (a, b) =>
                  cosine(naive.get(b) as Float32Array, query) - cosine(naive.get(a) as Float32Array, query),
              )
              .slice(0, count)
              .sort((a, b) => a - b);
          const sorted = (keys: number[]) => keys.sort((a, b) => a - b);
          expect(sorted(matrix.nearest(query, count))).toEqual(expected([...naive.keys()]));
          expect(sorted(matrix.nearest(query, count, (key) => key % 3 === 1))).toEqual(
            expected([...naive.keys()].filter((key) => key % 3 === 1)),
          );
          for (const [key, vector] of naive) {
            const stored = matrix.vector(key) ?? [];
            expect(stored).toHaveLength(7);
            for (const [index, value] of stored.entries())
              expect(Math.abs(value - (vector[index] ?? 9))).toBeLessThan(2e-5);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it("ranks any of its rows by all their numbers", () => {
    const random = seededRandom(9);
    const matrix = new VectorMatrix(40);
    for (let key = 1; key <= 50; key += 1) matrix.add(key, encodeVector(randomVector(random, 40)));
    matrix.remove(3);
    const query = randomVector(random, 40);
    const all = [...matrix.keys];
    const sorted = (keys: number[]) => keys.sort((a, b) => a - b);
    expect(sorted(matrix.nearestOf(all, query, 7))).toEqual(sorted(matrix.nearest(query, 7)));
    expect(sorted(matrix.nearestOf([9, 40, 11], query, 7))).toEqual([9, 11, 40]);
    expect(matrix.nearestOf([], query, 7)).toEqual([]);
    expect(() => matrix.nearestOf([9, 3], query, 1)).toThrow(RangeError);
  });

  it("prefers the lower key among equals, and knows nothing of keys that are not there", () => {
    const matrix = new VectorMatrix(2);
    const vector = Float32Array.of(1, 0);
    for (const key of [5, 3, 9, 4]) matrix.add(key, encodeVector(vector));
    expect(matrix.nearest(vector, 2).sort()).toEqual([3, 4]);
    expect(matrix.vector(77)).toBeUndefined();
    expect(() => matrix.remove(77)).toThrow(RangeError);
    expect(matrix.size).toBe(4);
  });
});

describe("encodeVector", () => {
  it("writes Float32, little-endian, and comes back bit for bit", () => {
    expect([...encodeVector(Float32Array.of(1, -2))]).toEqual([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]);
    fc.assert(
      fc.property(fc.float32Array(), (vector) => {
        expect(decodeVector(encodeVector(vector))).toEqual(vector);
      }),
    );
  });
});

describe("unit", () => {
  it("scales to length 1 and leaves the given vector as it is", () => {
    const given = Float32Array.of(3, 4);
    expect([...unit(given)].map((value) => Number(value.toFixed(6)))).toEqual([0.6, 0.8]);
    expect([...given]).toEqual([3, 4]);
    expect([...unit(Float32Array.of(0, 0))]).toEqual([0, 0]);
  });
});

describe("vector-scan.wasm", () => {
  it("is what its source says", async () => {
    const at = (name: string) => new URL(`../../src/store/${name}`, import.meta.url);
    const source = (await wabt()).parseWat("vector-scan.wat", readFileSync(at("vector-scan.wat"), "utf8"), {
      simd: true,
    });
    expect(readFileSync(at("vector-scan.wasm"))).toEqual(Buffer.from(source.toBinary({}).buffer));
  });
});
