import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dot } from "../../src/passages/vector.js";
import { packTokenVectors } from "./pack.js";
import { unpackTokenVectors } from "./unpack.js";

const WIDTH = 48;

function unitRow(values: readonly number[]): number[] {
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
}

const row = fc
  .array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: WIDTH, maxLength: WIDTH })
  .filter((values) => Math.hypot(...values) > 0.5)
  .map(unitRow);
const part = fc.array(row, { maxLength: 4 }).map((rows) => Float32Array.from(rows.flat()));

describe("packed token vectors", () => {
  it("give back as many rows of each part, of length 1 and in nearly the same direction", () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 4 }), (parts) => {
        const back = unpackTokenVectors(packTokenVectors(parts, WIDTH), WIDTH);
        expect(back.map((own) => own.length)).toEqual(parts.map((own) => own.length));
        for (const [index, own] of parts.entries()) {
          for (let start = 0; start < own.length; start += WIDTH) {
            const [before, after] = [own, back[index]].map((vectors) =>
              vectors?.subarray(start, start + WIDTH),
            );
            expect(dot(after, after)).toBeCloseTo(1, 4);
            expect(dot(before, after)).toBeGreaterThan(0.97);
          }
        }
      }),
    );
  });

  it("keep what has seven levels exactly, take half a byte a number, and pack the same again", () => {
    const values = Float32Array.from(unitRow([7, -7, 1, 0, 3]));
    const packed = packTokenVectors([values, new Float32Array(0)], 5);
    expect(packed).toHaveLength(4 + 2 * 4 + 4 + 3);
    const [first, second] = unpackTokenVectors(packed, 5);
    for (const [index, value] of values.entries()) expect(first?.[index]).toBeCloseTo(value, 6);
    expect(second).toEqual(new Float32Array(0));
    expect(packTokenVectors([first as Float32Array, new Float32Array(0)], 5)).toEqual(packed);
  });

  it("are refused where bytes that are cut, empty or of another width", () => {
    const packed = packTokenVectors([Float32Array.from(unitRow([1, 2, 2]))], 3);
    for (const [bytes, width] of [
      [packed.subarray(0, -1), 3],
      [new Uint8Array(0), 3],
      [packed.map((byte) => byte | 64), 3],
      [packed, 8],
    ] as const) {
      expect(() => unpackTokenVectors(bytes, width)).toThrow(
        expect.objectContaining({ code: "index-damaged" }),
      );
    }
  });

  it("are read where they lie anywhere in a larger buffer", () => {
    const packed = packTokenVectors([Float32Array.from(unitRow([1, 2, 2]))], 3);
    const shifted = new Uint8Array(packed.length + 3);
    shifted.set(packed, 3);
    expect(unpackTokenVectors(shifted.subarray(3), 3)).toEqual(unpackTokenVectors(packed, 3));
  });
});
