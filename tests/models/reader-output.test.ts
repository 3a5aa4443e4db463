import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ReaderToken } from "../../src/models/reader-input.js";
import { MAX_ANSWER_TOKENS, type ReadWindow, readingOf } from "../../src/models/reader-output.js";

const COLUMNS = { start: 0, end: 1, evidence: 2, answerable: 3, supported: 4 };
const WIDTH = 5;

/** A window of [CLS], a question token, and the given tokens, with a row of logits for each. */
function windowOf(tokens: ReaderToken[], rows: number[][], cls: number[] = [0, 0, 0, 0, 0]): ReadWindow {
  return {
    ids: [],
    typeIds: [],
    tokens,
    offset: 2,
    logits: Float32Array.from([cls, [99, 99, 99, 99, 99], ...rows].flat()),
    width: WIDTH,
  };
}

/** Tokens of one unit, four characters apart. */
const placed = (count: number, unit = 0, piece = 0): ReaderToken[] =>
  Array.from({ length: count }, (_, index) => ({ id: 1, unit, piece, start: index * 4, end: index * 4 + 3 }));

const row = (values: { start?: number; end?: number; evidence?: number }): number[] => [
  values.start ?? -9,
  values.end ?? -9,
  values.evidence ?? 0,
  0,
  0,
];

describe("readingOf", () => {
  it("reads answerable and supported at the first position, the best of the windows", () => {
    const windows = [windowOf([], [], [0, 0, 0, -1, 2]), windowOf([], [], [0, 0, 0, 3, -4])];
    expect(readingOf(windows, 0, COLUMNS)).toEqual({ answerable: 3, supported: 2, evidence: [] });
  });

  it("averages a unit's evidence probability over its tokens in all windows", () => {
    const probability = (p: number) => row({ evidence: Math.log(p / (1 - p)) });
    const windows = [
      windowOf([...placed(1, 0), ...placed(2, 1)], [probability(0.5), probability(0.9), probability(0.9)]),
      windowOf(placed(1, 1), [probability(0.3)]),
    ];
    const [first, second] = readingOf(windows, 2, COLUMNS).evidence;
    expect(first).toBeCloseTo(0, 5);
    expect(second).toBeCloseTo(Math.log(0.7 / 0.3), 5);
  });

  it("gives a unit without tokens a low finite score", () => {
    const [score] = readingOf([windowOf([], [])], 1, COLUMNS).evidence;
    expect(score).toBeLessThan(-10);
    expect(Number.isFinite(score)).toBe(true);
  });

  it("scores the short answer against none", () => {
    const window = windowOf(placed(3), [row({ start: 2 }), row({}), row({ end: 3 })], [4, 0.5, 0, 0, 0]);
    expect(readingOf([window], 1, COLUMNS).shortAnswer).toEqual({ start: 0, end: 11, unit: 0, score: 0.5 });
  });

  it("gives no short answer where nothing has a range", () => {
    expect(
      readingOf([windowOf([{ id: 1, unit: 0 }], [row({ start: 5, end: 5 })])], 1, COLUMNS),
    ).not.toHaveProperty("shortAnswer");
  });

  it("neither starts nor ends a short answer with a mark, nor leaves a bracket open", () => {
    const marks: ReaderToken["mark"][] = ["edge", undefined, "open", undefined, "close", "edge"];
    const tokens = placed(6).map((token, index) => {
      const mark = marks[index];
      return mark === undefined ? token : { ...token, mark };
    });
    const span = (starts: number[], ends: number[]) => {
      const rows = tokens.map((_, index) => row({ start: starts[index] ?? 0, end: ends[index] ?? 0 }));
      const { start = 0, end = 0 } = readingOf([windowOf(tokens, rows)], 1, COLUMNS).shortAnswer ?? {};
      return [start / 4, (end + 1) / 4];
    };
    expect(span([9, 5], [0, 0, 0, 0, 0, 9])).toEqual([1, 2]);
    expect(span([0, 5], [0, 0, 0, 4])).toEqual([1, 2]);
    expect(span([0, 5], [0, 0, 0, 0, 9])).toEqual([1, 5]);
    expect(span([0, 0, 9, 5], [0, 0, 0, 0, 4])).toEqual([3, 4]);
  });

  it("finds the same span as trying all pairs", () => {
    const token = fc.record({
      unit: fc.integer({ min: 0, max: 2 }),
      hasRange: fc.boolean(),
      start: fc.integer({ min: -50, max: 50 }),
      end: fc.integer({ min: -50, max: 50 }),
    });
    fc.assert(
      fc.property(fc.array(token, { maxLength: 80 }), (list) => {
        const inOrder = [...list].sort((a, b) => a.unit - b.unit);
        const tokens = inOrder.map(
          ({ unit, hasRange }, index): ReaderToken =>
            hasRange ? { id: 1, unit, piece: 0, start: index, end: index + 1 } : { id: 1, unit },
        );
        const window = windowOf(
          tokens,
          inOrder.map(({ start, end }) => row({ start, end })),
        );
        let best = Number.NEGATIVE_INFINITY;
        for (const [i, first] of inOrder.entries()) {
          for (const [j, last] of inOrder.entries()) {
            const between = inOrder.slice(i, j + 1);
            const allowed = i <= j && j - i < MAX_ANSWER_TOKENS && first.unit === last.unit;
            if (allowed && between.every(({ hasRange }) => hasRange))
              best = Math.max(best, first.start + last.end);
          }
        }
        const answer = readingOf([window], 3, COLUMNS).shortAnswer;
        expect(answer?.score ?? Number.NEGATIVE_INFINITY).toBe(best);
        if (answer) expect(tokens[answer.start]?.unit).toBe(answer.unit);
      }),
    );
  });
});
