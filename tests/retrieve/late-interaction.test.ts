import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import wabt from "wabt";
import type { TokenVectors } from "../../src/passages/token-vectors.js";
import { dot } from "../../src/passages/vector.js";
import { matchPassages } from "../../src/retrieve/late-interaction.js";
import { packTokenVectors } from "../passages/pack.js";
import { unpackTokenVectors } from "../passages/unpack.js";

const EAST = [1, 0, 0];
const NORTH = [0, 1, 0];
const UP = [0, 0, 1];
const vectors = (...rows: number[][]) => Float32Array.from(rows.flat());

/** One passage with these units. */
const matchesOf = (question: Parameters<typeof matchPassages>[0], units: readonly TokenVectors[]) =>
  matchPassages(question, [packTokenVectors(units, question.vector.length)])[0]?.units;

describe("matchPassages", () => {
  const question = { vector: vectors(EAST), parts: [vectors(EAST, NORTH)] };

  it("takes for each token of the question the nearest of the unit, and their mean", () => {
    const [both, one, tilted, none] =
      matchesOf(question, [
        vectors(NORTH, UP, EAST),
        vectors(EAST, UP),
        vectors([Math.SQRT1_2, Math.SQRT1_2, 0]),
        vectors(UP),
      ]) ?? [];
    expect(both?.interaction).toBeCloseTo(1, 6);
    expect(one?.interaction).toBeCloseTo(0.5, 6);
    expect(tilted?.interaction).toBeCloseTo(Math.SQRT1_2, 6);
    expect(none?.interaction).toBe(0);
  });

  it("compares the question's vector with the mean of the unit's tokens", () => {
    const [half, away] = matchesOf(question, [vectors(EAST, NORTH), vectors(UP, UP)]) ?? [];
    expect(half?.similarity).toBeCloseTo(Math.SQRT1_2, 6);
    expect(away?.similarity).toBe(0);
  });

  it("takes for a passage the nearest token of any unit, and not what is far from all", () => {
    const units = [vectors(EAST, UP), vectors(NORTH), vectors()];
    const [match, away, empty] = matchPassages(
      question,
      [units, [vectors([-Math.SQRT1_2, -Math.SQRT1_2, 0])], [vectors()]].map((given) =>
        packTokenVectors(given, 3),
      ),
    );
    expect(match?.interaction).toBeCloseTo(1, 6);
    expect(match?.units.map(({ interaction }) => interaction)).toEqual([
      expect.closeTo(0.5, 6),
      expect.closeTo(0.5, 6),
      0,
    ]);
    expect(away).toEqual({
      interaction: 0,
      units: [expect.objectContaining({ interaction: expect.closeTo(-Math.SQRT1_2, 4) })],
    });
    expect(empty?.interaction).toBe(0);
  });

  it("finds nothing near in a unit or a question without tokens", () => {
    const nothing = { similarity: 0, interaction: 0 };
    expect(matchesOf(question, [vectors()])).toEqual([nothing]);
    expect(matchesOf({ vector: vectors(EAST), parts: [vectors()] }, [vectors(EAST)])).toEqual([nothing]);
    expect(matchesOf(question, [])).toEqual([]);
    expect(matchPassages(question, [])).toEqual([]);
  });

  it("looks at no more than the first 64 tokens of a long question", () => {
    const long = vectors(...Array.from({ length: 64 }, () => EAST));
    const longer = vectors(...Array.from({ length: 64 }, () => EAST), UP, UP);
    const units = [vectors(NORTH, UP)];
    const ask = (tokens: Float32Array) => matchesOf({ ...question, parts: [tokens] }, units);
    expect(ask(longer)).toEqual(ask(long));
  });

  it("gives what multiplying the unpacked vectors gives, for vectors of any length and passages of any size", () => {
    const row = (width: number) =>
      fc
        .array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: width, maxLength: width })
        .filter((values) => Math.hypot(...values) > 0.1)
        .map((values) => values.map((value) => value / Math.hypot(...values)));
    const part = (width: number, maxLength: number) =>
      fc.array(row(width), { maxLength }).map((rows) => vectors(...rows));
    const example = fc.integer({ min: 2, max: 70 }).chain((width) =>
      fc.record({
        width: fc.constant(width),
        vector: row(width),
        tokens: part(width, 5),
        passages: fc.array(fc.array(part(width, 4), { maxLength: 3 }), { maxLength: 3 }),
      }),
    );
    fc.assert(
      fc.property(example, ({ width, vector, tokens, passages }) => {
        const asked = { vector: Float32Array.from(vector), parts: [tokens] };
        const packed = passages.map((units) => packTokenVectors(units, width));
        const expected = packed.map((bytes) =>
          unpackTokenVectors(bytes, width).map((unit) => naiveMatch(asked.vector, tokens, unit)),
        );
        const found = matchPassages(asked, packed).map(({ units }) => units);
        expect(found.map((units) => units.length)).toEqual(expected.map((units) => units.length));
        for (const [index, match] of found.flat().entries()) {
          expect(Math.abs(match.interaction - (expected.flat()[index]?.interaction ?? 9))).toBeLessThan(1e-4);
          expect(Math.abs(match.similarity - (expected.flat()[index]?.similarity ?? 9))).toBeLessThan(1e-4);
        }
      }),
    );
  });

  it("takes a passage larger than the memory that it begins with", () => {
    const width = 384;
    const axis = (place: number) => Array.from({ length: width }, (_, index) => (index === place ? 1 : 0));
    const unit = vectors(...Array.from({ length: 1500 }, (_, index) => axis(index % 300)));
    const tokens = vectors(axis(299), axis(300));
    const [match] = matchesOf({ vector: vectors(axis(0)), parts: [tokens] }, [unit]) ?? [];
    expect(match?.interaction).toBeCloseTo(0.5, 4);
    expect(match?.similarity).toBeCloseTo(1 / Math.sqrt(300), 4);
  });

  it("refuses a passage whose bytes are cut", () => {
    const packed = packTokenVectors([vectors(EAST)], 3);
    expect(() => matchPassages(question, [packed.subarray(0, -1)])).toThrow(
      expect.objectContaining({ code: "index-damaged" }),
    );
  });
});

describe("token-match.wasm", () => {
  it("is what its source says", async () => {
    const at = (name: string) => new URL(`../../src/retrieve/${name}`, import.meta.url);
    const source = (await wabt()).parseWat("token-match.wat", readFileSync(at("token-match.wat")), {
      simd: true,
    });
    expect(readFileSync(at("token-match.wasm"))).toEqual(Buffer.from(source.toBinary({}).buffer));
  });
});

function naiveMatch(vector: Float32Array, tokens: TokenVectors, unit: TokenVectors) {
  const width = vector.length;
  const rows = (all: TokenVectors) =>
    Array.from({ length: all.length / width }, (_, row) => all.subarray(row * width, (row + 1) * width));
  if (unit.length === 0 || tokens.length === 0) return { similarity: 0, interaction: 0 };
  const best = rows(tokens).map((token) => Math.max(...rows(unit).map((row) => dot(token, row))));
  const sum = Float32Array.from(vector, (_, column) =>
    rows(unit).reduce((total, row) => total + (row[column] ?? 0), 0),
  );
  const length = Math.sqrt(dot(sum, sum));
  return {
    similarity: length === 0 ? 0 : dot(vector, sum) / length,
    interaction: best.reduce((total, value) => total + value, 0) / best.length,
  };
}
