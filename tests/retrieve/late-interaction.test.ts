import { describe, expect, it } from "vitest";
import { matchUnits } from "../../src/retrieve/late-interaction.js";

const EAST = [1, 0, 0];
const NORTH = [0, 1, 0];
const UP = [0, 0, 1];
const vectors = (...rows: number[][]) => Float32Array.from(rows.flat());

describe("matchUnits", () => {
  const question = { vector: vectors(EAST), parts: [vectors(EAST, NORTH)] };

  it("takes for each token of the question the nearest of the unit, and their mean", () => {
    const [both, one, tilted, none] = matchUnits(question, [
      vectors(NORTH, UP, EAST),
      vectors(EAST, UP),
      vectors([0.6, 0.8, 0]),
      vectors(UP),
    ]);
    expect(both?.interaction).toBeCloseTo(1, 6);
    expect(one?.interaction).toBeCloseTo(0.5, 6);
    expect(tilted?.interaction).toBeCloseTo(0.7, 6);
    expect(none?.interaction).toBe(0);
  });

  it("compares the question's vector with the mean of the unit's tokens", () => {
    const [half, away] = matchUnits(question, [vectors(EAST, NORTH), vectors(UP, UP)]);
    expect(half?.similarity).toBeCloseTo(Math.SQRT1_2, 6);
    expect(away?.similarity).toBe(0);
  });

  it("finds nothing near in a unit or a question without tokens", () => {
    const nothing = { similarity: 0, interaction: 0 };
    expect(matchUnits(question, [vectors()])).toEqual([nothing]);
    expect(matchUnits({ vector: vectors(EAST), parts: [vectors()] }, [vectors(EAST)])).toEqual([nothing]);
    expect(matchUnits(question, [])).toEqual([]);
  });

  it("looks at no more than the first 64 tokens of a long question", () => {
    const long = vectors(...Array.from({ length: 64 }, () => EAST));
    const longer = vectors(...Array.from({ length: 64 }, () => EAST), UP, UP);
    const units = [vectors(NORTH, UP)];
    const ask = (tokens: Float32Array) => matchUnits({ ...question, parts: [tokens] }, units);
    expect(ask(longer)).toEqual(ask(long));
  });
});
