import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadSettings } from "../../src/config.js";
import {
  figuresOf,
  fitSupport,
  type JudgedStatement,
  judgeStatements,
} from "../../src/eval/verification/measure.js";
import { plantChanges } from "../../src/eval/verification/plant.js";
import { loadStatements } from "../../src/eval/verification/statements.js";
import { CrossEncoder } from "../../src/models/reader.js";

describe("plantChanges", () => {
  const others = ["The gate is green.", "We met Otto there.", "Nobody came."];
  const changed = (sentence: string) =>
    plantChanges(sentence, 0, others).map(({ change, statement, supported }) => [
      change,
      statement,
      supported,
    ]);

  it("plants each change that the sentence has a place for", () => {
    expect(changed("But in May, Anna is 12 weeks early.")).toEqual([
      ["none", "But in May, Anna is 12 weeks early.", true],
      ["lead-in dropped", "In May, Anna is 12 weeks early.", true],
      ["figure", "But in May, Anna is 15 weeks early.", false],
      ["unit", "But in May, Anna is 12 months early.", false],
      ["negation", "But in May, Anna is not 12 weeks early.", false],
      ["opposite", "But in May, Anna is 12 weeks late.", false],
      ["name", "But in Otto, Anna is 12 weeks early.", false],
      ["other sentence", "We met Otto there.", false],
      ["invention", "But in May, Anna is 12 weeks early, because experts at Harvard recommend it.", false],
    ]);
  });

  it("takes a negation out where there is one, and writes it out", () => {
    expect(changed("Dogs don’t bark.")).toEqual(
      expect.arrayContaining([
        ["contraction written out", "Dogs do not bark.", true],
        ["negation", "Dogs do bark.", false],
      ]),
    );
  });
});

describe("verification of the statements on the article", () => {
  let judged: JudgedStatement[];
  let reader: CrossEncoder;
  beforeAll(async () => {
    reader = await CrossEncoder.load(loadSettings({}, { env: {} }).models.reader ?? "");
    const statements = (await loadStatements()).filter(({ set }) => set === "roadmap");
    judged = await judgeStatements(reader, statements);
  });
  afterAll(() => reader.close());

  it("lets at most 2 % of the unsupported through and keeps at least 90 % of the supported, in each half", () => {
    for (const { letThrough, kept } of figuresOf(judged).filter(({ set }) => set === "roadmap")) {
      expect(letThrough.of).toBeGreaterThan(50);
      expect(letThrough.count / letThrough.of).toBeLessThanOrEqual(0.02);
      expect(kept.of).toBeGreaterThan(30);
      expect(kept.count / kept.of).toBeGreaterThanOrEqual(0.9);
    }
  });

  it.each(["figure", "unit", "name", "negation", "invented", "antonym", "scope", "date", "condition"])(
    "lets no planted %s through",
    (change) => {
      const planted = judged.filter((one) => one.change === change);
      expect(planted.length).toBeGreaterThan(0);
      expect(planted.filter(({ passes }) => passes)).toEqual([]);
    },
  );
});

it("fits weights on the tune half alone, that count missing words against a statement", () => {
  const made = (missing: number, split: "tune" | "test"): JudgedStatement => ({
    set: "roadmap",
    group: "a",
    statement: "",
    text: "",
    headings: [],
    supported: (missing === 0) === (split === "tune"),
    split,
    probability: 0,
    passes: false,
    features: { missing, reader: 0 },
  });
  const judged = [0, 0, 1, 2].flatMap((missing) => [made(missing, "tune"), made(missing, "test")]);
  expect(fitSupport(judged).weights.missing).toBeLessThan(0);
});
