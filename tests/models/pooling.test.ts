import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pool, roomForRows } from "../../src/models/pooling.js";
import { packTokenVectors } from "../passages/pack.js";

/** Some rows of one width, odd and even, and which of them are wanted. */
const given = fc.integer({ min: 1, max: 19 }).chain((width) =>
  fc.record({
    width: fc.constant(width),
    rows: fc.array(
      fc.array(fc.float({ min: -4, max: 4, noNaN: true }), { minLength: width, maxLength: width }),
      { minLength: 1, maxLength: 6 },
    ),
    from: fc.nat(6),
    count: fc.nat(6),
  }),
);

/** Plain loops in 64 bits, a row after the other. */
function plainPool(rows: readonly number[][], width: number) {
  const sums = new Float64Array(width);
  for (const row of rows)
    for (const [column, value] of row.entries()) sums[column] = (sums[column] ?? 0) + value;
  const mean = sums.map((sum) => (sum * width) / (rows.length * width));
  return { mean: unit(mean), rows: rows.map((row) => unit(Float32Array.from(row))) };
}

function unit<Vector extends Float32Array | Float64Array>(vector: Vector): Vector {
  let squares = 0;
  for (const value of vector) squares += value * value;
  return (squares === 0 ? vector : vector.map((value) => value / Math.sqrt(squares))) as Vector;
}

describe("pool", () => {
  it("gives the mean and the vectors that are asked for as plain loops do, bit for bit", () => {
    fc.assert(
      fc.property(given, ({ width, rows, from, count }) => {
        const start = Math.min(from, rows.length);
        const end = Math.min(start + count, rows.length);
        const plain = plainPool(rows, width);
        const kept = Float32Array.from(plain.rows.slice(start, end).flatMap((row) => [...row]));

        const raw = Float32Array.from(rows.slice(start, end).flat());

        roomForRows(rows.length, width).set(rows.flat());
        const asNumbers = pool(rows.length, { width, start, end, packed: false });
        expect(asNumbers).toEqual({ mean: plain.mean, rows: kept, packed: new Uint8Array() });

        roomForRows(rows.length, width).set(rows.flat());
        const packed = pool(rows.length, { width, start, end, packed: true });
        expect(packed.mean).toEqual(plain.mean);
        // Behind the number of parts and that of the one part's rows.
        expect(packed.packed).toEqual(packTokenVectors([raw], width).slice(8));
        expect(packed.rows).toHaveLength(0);
      }),
    );
  });

  it("keeps what it gave when the next rows are pooled, be they many more", () => {
    roomForRows(1, 2).set([3, 4]);
    const first = pool(1, { width: 2, start: 0, end: 1, packed: false });
    roomForRows(1_000, 384).fill(1);
    const { packed } = pool(1_000, { width: 384, start: 0, end: 1_000, packed: true });
    expect(first).toEqual({
      mean: Float64Array.of(0.6, 0.8),
      rows: Float32Array.of(0.6, 0.8),
      packed: new Uint8Array(),
    });
    expect(packed).toHaveLength(1_000 * 196);
    expect(new Set(packed.subarray(4, 196))).toEqual(new Set([14 | (14 << 4)]));
  });
});
