import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { intersect, segmentRange } from "../../src/web/marks.js";

const range = fc
  .tuple(fc.nat(60), fc.nat(60))
  .map(([a, b]) => ({ start: Math.min(a, b), end: Math.max(a, b) }));

describe("segmentRange", () => {
  it("cuts a block where a mark begins and ends", () => {
    expect(segmentRange({ start: 10, end: 20 }, [{ start: 12, end: 15 }])).toEqual([
      { start: 10, end: 12, marked: false },
      { start: 12, end: 15, marked: true },
      { start: 15, end: 20, marked: false },
    ]);
  });

  it("marks a whole block that lies inside the mark, and nothing of one that only touches it", () => {
    expect(segmentRange({ start: 10, end: 20 }, [{ start: 0, end: 99 }])).toEqual([
      { start: 10, end: 20, marked: true },
    ]);
    expect(segmentRange({ start: 10, end: 20 }, [{ start: 20, end: 30 }])).toEqual([
      { start: 10, end: 20, marked: false },
    ]);
  });

  it("gives segments that are together the block, and marked ones that are the intersection with the marks", () => {
    fc.assert(
      fc.property(range, fc.array(range, { maxLength: 5 }), (block, marks) => {
        const text = Array.from({ length: 61 }, (_, i) => String.fromCharCode(0x4e00 + i)).join("");
        const segments = segmentRange(block, marks);
        expect(segments.map(({ start, end }) => text.slice(start, end)).join("")).toBe(
          text.slice(block.start, block.end),
        );
        const marked = segments.filter((segment) => segment.marked);
        const naive = [...text].filter(
          (_, i) =>
            block.start <= i && i < block.end && marks.some(({ start, end }) => start <= i && i < end),
        );
        expect(marked.map(({ start, end }) => text.slice(start, end)).join("")).toBe(naive.join(""));
        for (const [i, segment] of segments.entries()) {
          expect(segment.start).toBeLessThan(segment.end);
          expect(segment.marked).not.toBe(segments[i + 1]?.marked);
        }
      }),
    );
  });
});

describe("intersect", () => {
  it("gives the common part, and nothing where ranges only touch", () => {
    expect(intersect({ start: 1, end: 5 }, { start: 3, end: 9 })).toEqual({ start: 3, end: 5 });
    expect(intersect({ start: 1, end: 5 }, { start: 5, end: 9 })).toBeUndefined();
  });
});
