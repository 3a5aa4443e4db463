import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { typoDistance, UNLIKELY } from "../../src/retrieve/typo-distance.js";

const distance = (typed: string, meant: string) => typoDistance(typed, meant, 10);

describe("typoDistance", () => {
  it("is 0 for the word itself", () => {
    expect(distance("drift", "drift")).toBe(0);
    expect(distance("", "")).toBe(0);
  });

  it("counts a likely slip 1", () => {
    expect(distance("drft", "drift")).toBe(1);
    expect(distance("drfit", "drift")).toBe(1);
    expect(distance("drifft", "drift")).toBe(1);
    expect(distance("drifgt", "drift")).toBe(1);
    expect(distance("drigt", "drift")).toBe(1);
    expect(distance("dreft", "drift")).toBe(1);
    expect(distance("kode", "code")).toBe(1);
  });

  it("counts any other slip more", () => {
    expect(distance("cobol", "cool")).toBe(UNLIKELY);
    expect(distance("drimt", "drift")).toBe(UNLIKELY);
    expect(distance("drimft", "drift")).toBe(UNLIKELY);
  });

  it("adds slips up", () => {
    expect(distance("evelutaion", "evaluation")).toBe(2);
    expect(distance("drimpt", "drift")).toBe(UNLIKELY + UNLIKELY);
  });

  it("equals a naive version without band and limit, and is Infinity above the limit", () => {
    const word = fc.string({ unit: fc.constantFrom(..."abeqst"), maxLength: 8 });
    fc.assert(
      fc.property(word, word, fc.constantFrom(1, 1.5, 2, 3), (typed, meant, limit) => {
        const naive = naiveDistance(typed, meant);
        expect(typoDistance(typed, meant, limit)).toBe(naive > limit ? Number.POSITIVE_INFINITY : naive);
      }),
      { numRuns: 1_000 },
    );
  });
});

/** By the definition, with the costs of single slips taken from words that differ by one. */
function naiveDistance(typed: string, meant: string): number {
  const known = new Map<string, number>();
  const from = (i: number, j: number): number => {
    if (i === 0) return j;
    const key = `${i},${j}`;
    const cost = known.get(key) ?? least(i, j);
    known.set(key, cost);
    return cost;
  };
  const least = (i: number, j: number): number => {
    const a = typed.charAt(i - 1);
    const ways = [from(i - 1, j) + surplus(i - 1)];
    if (j > 0) {
      const b = meant.charAt(j - 1);
      ways.push(from(i, j - 1) + 1, from(i - 1, j - 1) + (a === b ? 0 : LIKELY.has(a + b) ? 1 : UNLIKELY));
      if (i > 1 && j > 1 && a === meant.charAt(j - 2) && b === typed.charAt(i - 2))
        ways.push(from(i - 2, j - 2) + 1);
    }
    return Math.min(...ways);
  };
  const surplus = (index: number): number => {
    const [before, letter, after] = [index - 1, index, index + 1].map((place) => typed.charAt(place));
    const doubled = letter === before || letter === after;
    return doubled || KEYS.has(`${letter}${before}`) || KEYS.has(`${letter}${after}`) ? 1 : UNLIKELY;
  };
  return from(typed.length, meant.length);
}

/** Among the letters a, b, e, q, s and t: keys that touch, and letters of one sound. */
const KEYS = new Set(["aq", "qa", "as", "sa", "es", "se"]);
const LIKELY = new Set([...KEYS, "ae", "ea", "qs", "sq"]);
