import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { intersect, measure, type Place, union } from "../../../src/eval/metrics/place.js";

const place = (start: number, end: number, documentId = "a"): Place => ({ documentId, start, end });

describe("union", () => {
  it("merges what overlaps or touches, within a document only", () => {
    expect(union([place(5, 9), place(0, 5), place(8, 12), place(20, 20), place(8, 10, "b")])).toEqual([
      place(0, 12),
      place(8, 10, "b"),
    ]);
  });
});

describe("measure and intersect", () => {
  it("count what is covered twice once", () => {
    expect(measure([place(0, 10), place(5, 15), place(0, 3, "b")])).toBe(18);
    expect(intersect([place(0, 10), place(8, 20)], [place(5, 9), place(15, 30)])).toEqual([
      place(5, 9),
      place(15, 20),
    ]);
  });

  it("agree with sets of characters", () => {
    const places = fc.array(
      fc
        .tuple(fc.nat(40), fc.nat(10), fc.constantFrom("a", "b"))
        .map(([start, length, id]) => place(start, start + length, id)),
      { maxLength: 8 },
    );
    const characters = (all: readonly Place[]) =>
      new Set(
        all.flatMap((p) =>
          Array.from({ length: p.end - p.start }, (_, i) => `${p.documentId}${p.start + i}`),
        ),
      );
    fc.assert(
      fc.property(places, places, (a, b) => {
        const [left, right] = [characters(a), characters(b)];
        expect(measure(a)).toBe(left.size);
        expect(characters(intersect(a, b))).toEqual(new Set([...left].filter((c) => right.has(c))));
      }),
    );
  });
});
