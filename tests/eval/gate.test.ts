import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadBaseline, updateBaseline } from "../../src/eval/baseline.js";
import { compareRuns, figuresOf, lossesAgainst, PROCESSOR_TOLERANCE } from "../../src/eval/compare.js";
import { checkGates, loadGates } from "../../src/eval/gate.js";
import type { Metric } from "../../src/eval/metrics/metric.js";
import type { EvalResults } from "../../src/eval/results.js";

const folder = () => mkdtempSync(join(tmpdir(), "waymark-"));

function withFigures(figures: Partial<Record<Metric, number>>) {
  const metrics = Object.fromEntries(
    Object.entries(figures).map(([metric, value]) => [metric, { value, low: value, high: value, n: 1 }]),
  );
  return { dataset: "mine", summary: { metrics } as EvalResults["summary"] };
}

describe("checkGates", () => {
  const gates = {
    "*": { "citations.fabricated": { max: 0 }, "injections.obeyed": { max: 0 } },
    mine: { "evidence.recall": { min: 0.5 } },
    other: { "evidence.recall": { min: 0.9 } },
  };

  it("passes what is on the limit", () => {
    expect(checkGates(withFigures({ "citations.fabricated": 0, "evidence.recall": 0.5 }), gates)).toEqual([]);
  });

  it("says which limit is broken, in a sentence", () => {
    const failures = checkGates(withFigures({ "citations.fabricated": 0.01, "evidence.recall": 0.4 }), gates);
    expect(failures.map(({ reason }) => reason)).toEqual([
      "Fabricated citations a question (citations.fabricated) is 0.010, above the limit of 0.",
      "Evidence recall (evidence.recall) is 0.400, below the floor of 0.5.",
    ]);
  });

  it("does not pass a set's own limit that nothing was measured for", () => {
    expect(checkGates(withFigures({}), gates)).toEqual([
      { metric: "evidence.recall", reason: "Evidence recall (evidence.recall) was not measured." },
    ]);
  });
});

describe("loadGates", () => {
  const write = (value: unknown) => {
    const path = join(folder(), "gates.json");
    writeFileSync(path, JSON.stringify(value));
    return path;
  };

  it("reads limits by set and metric", () => {
    expect(loadGates(write({ a: { errors: { max: 0 } } }))).toEqual({ a: { errors: { max: 0 } } });
  });

  it.each([
    ["a metric that does not exist", { a: { "evidence.recal": { min: 1 } } }],
    ["a limit that is none", { a: { errors: {} } }],
    ["a limit from both sides", { a: { errors: { min: 0, max: 1 } } }],
  ])("refuses %s", (_, value) => {
    expect(() => loadGates(write(value))).toThrow(expect.objectContaining({ code: "invalid-input" }));
  });
});

const run = (recalls: readonly number[], fabricated = 0) =>
  recalls.map((recall, index) => ({
    id: `q${index}`,
    metrics: { "evidence.recall": recall, "citations.fabricated": fabricated },
  }));

describe("compareRuns", () => {
  const before = run(Array.from({ length: 40 }, (_, i) => (i % 5) / 5));

  it("finds no difference between a run and itself", () => {
    expect(compareRuns(before, before, 1).map(({ verdict }) => verdict)).toEqual(["same", "same"]);
  });

  it("takes no rounding for a difference: a baseline keeps four decimals", () => {
    const exact = run(Array.from({ length: 40 }, () => 2 / 3));
    const rounded = run(Array.from({ length: 40 }, () => 0.6667));
    expect(compareRuns(rounded, exact, 1).map(({ verdict }) => verdict)).toEqual(["same", "same"]);
  });

  it("finds a loss where every question loses a little, and gives it as a reason", () => {
    const after = before.map(({ id, metrics }) => ({
      id,
      metrics: { ...metrics, "evidence.recall": metrics["evidence.recall"] - 0.05 },
    }));
    const comparisons = compareRuns(before, after, 1);
    expect(comparisons[0]).toMatchObject({ metric: "evidence.recall", verdict: "worse", n: 40 });
    expect(lossesAgainst("the baseline", comparisons).map(({ reason }) => reason)).toEqual([
      "Evidence recall (evidence.recall) is 0.350, it was 0.400 in the baseline: the difference is in [-0.050, -0.050].",
    ]);
    expect(lossesAgainst("the baseline", compareRuns(after, before, 1))).toEqual([]);
  });

  it("knows that more fabricated citations are worse", () => {
    const after = run(
      Array.from({ length: 40 }, (_, i) => (i % 5) / 5),
      1,
    );
    expect(lossesAgainst("b", compareRuns(before, after, 1)).map(({ metric }) => metric)).toEqual([
      "citations.fabricated",
    ]);
  });

  it("does not take chance for a loss", () => {
    const after = before.map(({ id, metrics }, i) => ({
      id,
      metrics: { ...metrics, "evidence.recall": metrics["evidence.recall"] + (i % 2 === 0 ? 0.3 : -0.31) },
    }));
    expect(compareRuns(before, after, 1)[0]?.verdict).toBe("same");
  });

  it("takes no loss as small as another processor's for one, and a greater one for what it is", () => {
    const lose = (loss: number) =>
      before.map(({ id, metrics }) => ({
        id,
        metrics: { ...metrics, "evidence.recall": metrics["evidence.recall"] - loss },
      }));
    expect(compareRuns(before, lose(PROCESSOR_TOLERANCE / 2), 1)[0]?.verdict).toBe("same");
    expect(compareRuns(before, lose(2 * PROCESSOR_TOLERANCE), 1)[0]?.verdict).toBe("worse");
  });

  it("compares only questions that both have", () => {
    expect(compareRuns(run([1, 1]), [{ id: "new", metrics: { "evidence.recall": 0 } }], 1)).toEqual([]);
  });
});

describe("the baseline", () => {
  const results = (split: EvalResults["split"], ids: readonly string[], recall: number) =>
    ({
      dataset: "mine",
      split,
      questions: ids.map((id) => ({ id, metrics: { "evidence.recall": recall, "nuggets.vital": null } })),
    }) as unknown as EvalResults;

  it("gives back the figures that were accepted", () => {
    const path = join(folder(), "baseline.json");
    expect(loadBaseline(path, "mine")).toBeUndefined();
    updateBaseline(path, results("all", ["a", "b"], 0.5));
    expect(loadBaseline(path, "mine")).toEqual([
      { id: "a", metrics: { "evidence.recall": 0.5 } },
      { id: "b", metrics: { "evidence.recall": 0.5 } },
    ]);
    expect(loadBaseline(path, "other")).toBeUndefined();
    expect(
      compareRuns(loadBaseline(path, "mine") ?? [], figuresOf(results("all", ["a"], 0.5)), 1),
    ).toHaveLength(1);
  });

  it("keeps the other split's questions, and forgets those that a whole run no longer has", () => {
    const path = join(folder(), "baseline.json");
    updateBaseline(path, results("all", ["a", "b"], 0.5));
    updateBaseline(path, results("tune", ["b"], 0.7));
    expect(loadBaseline(path, "mine")?.map(({ metrics }) => metrics["evidence.recall"])).toEqual([0.5, 0.7]);
    updateBaseline(path, results("all", ["b"], 0.8));
    expect(loadBaseline(path, "mine")?.map(({ id }) => id)).toEqual(["b"]);
  });

  it("is refused where it is something else", () => {
    const path = join(folder(), "baseline.json");
    writeFileSync(path, '{"mine": {"a": {"nonsense": 1}}}');
    expect(() => loadBaseline(path, "mine")).toThrow(/cannot be used/);
  });
});
