import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  announces,
  DECISION_FEATURES,
  decisionSignals,
  standardise,
  UNIT_FEATURES,
  unitSignals,
} from "../../src/answer/signals.js";
import type { Unit } from "../../src/passages/passage.js";
import { readPassage } from "./read-passage.js";

/** The probability whose logit this is. */
const probabilityOf = (logit: number) => 1 / (1 + Math.exp(-logit));

const unit = (text: string, kind: Unit["kind"] = "sentence"): Unit => ({
  kind,
  start: 0,
  end: text.length,
  pieces: [{ text, start: 0, end: text.length }],
});

describe("unitSignals", () => {
  const read = [
    readPassage({
      answerable: 2,
      fused: 0.9,
      matches: [
        { similarity: 0.7, interaction: 0.5 },
        { similarity: 0.4, interaction: 0.6 },
      ],
      units: [
        { text: "Where are the tools?", probability: probabilityOf(1) },
        { text: "In the shed:", probability: probabilityOf(-1.5) },
      ],
      shortAnswer: { start: 24, end: 32, unit: 1, score: 1 },
    }),
    readPassage({
      ordinal: 1,
      start: 100,
      answerable: -4,
      fused: 0.5,
      matches: [{ similarity: 0.1, interaction: 0.2 }],
      units: [{ text: "a spade:", kind: "list-item", probability: probabilityOf(-3) }],
    }),
  ];

  it("gives one row a unit, in order, with its passage", () => {
    const rows = unitSignals(read);
    expect(rows.map((row) => row.unit)).toEqual(read.flatMap(({ passage }) => passage.units));
    expect(rows.map((row) => row.entry)).toEqual([read[0], read[0], read[1]]);
  });

  it("computes the features", () => {
    const close = (features: Record<string, number>) =>
      Object.fromEntries(Object.entries(features).map(([name, value]) => [name, expect.closeTo(value, 9)]));
    const rows = unitSignals([...read, ...read, ...read]).slice(0, 3);
    expect(rows.map(({ features }) => features)).toEqual([
      close({
        answerable: 1,
        fused: 1,
        similarity: 0.7,
        similarityBelowBest: 0,
        interaction: 0.5,
        interactionBelowBest: 0.1,
        evidence: 1,
        evidenceBelowBest: 0,
        shortAnswer: 0,
        announces: 0,
        asks: 1,
      }),
      close({
        answerable: 1,
        fused: 1,
        similarity: 0.4,
        similarityBelowBest: 0.3,
        interaction: 0.6,
        interactionBelowBest: 0,
        evidence: -1.5,
        evidenceBelowBest: 2.5,
        shortAnswer: 1,
        announces: 1,
        asks: 0,
      }),
      close({
        answerable: -1,
        fused: -1,
        similarity: 0.1,
        similarityBelowBest: 0.6,
        interaction: 0.2,
        interactionBelowBest: 0.4,
        evidence: -3,
        evidenceBelowBest: 0,
        shortAnswer: 0,
        announces: 0,
        asks: 0,
      }),
    ]);
  });

  it("compares few passages with what is typical, where their own mean would make each the best or the worst", () => {
    const alone = (answerable: number) =>
      unitSignals([readPassage({ answerable, units: [{ text: "It is blue.", probability: 0.5 }] })])[0]
        ?.features.answerable ?? Number.NaN;
    expect(alone(2)).toBeGreaterThan(1);
    expect(alone(-8)).toBeLessThan(-1);
    expect(alone(2) - alone(1)).toBeCloseTo(alone(-1) - alone(-2), 9);
    const fused = unitSignals(read).map(({ features }) => features.fused);
    expect(fused).toEqual([0, 0, 0]);
  });

  it("gives exactly the features that a calibration may weigh", () => {
    for (const { features } of unitSignals(read))
      expect(Object.keys(features).sort()).toEqual([...UNIT_FEATURES].sort());
  });

  it("takes a logit of the reader for no more than certain", () => {
    const [certain, excluded] = unitSignals([
      { ...(read[0] as (typeof read)[0]), reading: { answerable: 0, supported: 0, evidence: [40, -40] } },
    ]);
    expect(certain?.features).toMatchObject({ evidence: 9, evidenceBelowBest: 0 });
    expect(excluded?.features).toMatchObject({ evidence: -9, evidenceBelowBest: 18 });
  });

  it("has no rows where nothing was read", () => {
    expect(unitSignals([])).toEqual([]);
  });

  it("has only finite features, whatever the reader says", () => {
    const logit = fc.oneof(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), fc.constantFrom(0, -14, 14));
    const told = fc.array(
      fc.record({ answerable: logit, evidence: fc.array(logit, { minLength: 1, maxLength: 4 }) }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(told, (passages) => {
        const read = passages.map(({ answerable, evidence }) => {
          const entry = readPassage({
            answerable,
            units: evidence.map((_, index) => ({ text: `${index}` })),
          });
          return { ...entry, reading: { ...entry.reading, evidence } };
        });
        for (const { features } of unitSignals(read))
          for (const value of Object.values(features)) expect(value).toSatisfy(Number.isFinite);
      }),
    );
  });
});

describe("announces", () => {
  it.each(["You need:", "Das braucht man: ", "你需要:", "你需要："])("is true of %j", (text) => {
    expect(announces(unit(text))).toBe(true);
  });

  it.each(["You need a spade.", "At 6:30", "Note: bring a spade"])("is false of %j", (text) => {
    expect(announces(unit(text))).toBe(false);
  });

  it("is false of an item that ends in a colon: it is part of what was announced", () => {
    expect(announces(unit("Tools:", "list-item"))).toBe(false);
  });
});

describe("decisionSignals", () => {
  const passages = (dense: readonly number[], answerable: readonly number[] = []) =>
    dense.map((value, index) =>
      readPassage({ dense: value, answerable: answerable[index] ?? -5, units: [{ text: "x" }] }),
    );

  it("takes the highest answerable logit, that of a unit, and how far the highest cosine stands out from the median", () => {
    const signals = decisionSignals(passages([0.3, 0.8, 0.2, 0.4, 0.35, 0.1, 0.25], [-3, 1, 2, -1]));
    expect(signals).toEqual({ answerable: 2, evidence: 0, denseMargin: expect.closeTo(0.5, 10) });
    expect(Object.keys(signals).sort()).toEqual([...DECISION_FEATURES].sort());
  });

  it("says a typical margin where there are too few passages for a median", () => {
    const few = decisionSignals(passages([0.9, 0.1, 0.1, 0.1, 0.1])).denseMargin;
    expect(few).toBe(decisionSignals(passages([0.2])).denseMargin);
    expect(few).toBeGreaterThan(0);
    expect(decisionSignals(passages([0.9, 0.1, 0.1, 0.1, 0.1, 0.1])).denseMargin).toBeCloseTo(0.8, 10);
  });

  it("takes a logit for no more than certain", () => {
    expect(decisionSignals(passages([0.5], [50])).answerable).toBe(9);
    expect(decisionSignals(passages([0.5], [-50])).answerable).toBe(-9);
  });
});

describe("standardise", () => {
  it("gives mean 0 and deviation 1, in the same order", () => {
    expect(standardise([1, 3])).toEqual([-1, 1]);
    const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 30 });
    fc.assert(
      fc.property(values, (numbers) => {
        fc.pre(new Set(numbers).size > 1);
        const result = standardise(numbers);
        const mean = result.reduce((sum, value) => sum + value, 0) / result.length;
        const variance = result.reduce((sum, value) => sum + value ** 2, 0) / result.length;
        expect(mean).toBeCloseTo(0, 8);
        expect(variance).toBeCloseTo(1, 8);
        for (const [index, value] of numbers.entries())
          expect(Math.sign((result[index] ?? 0) - (result[0] ?? 0))).toBe(
            Math.sign(value - (numbers[0] ?? 0)),
          );
      }),
    );
  });

  it("gives zeros where nothing differs", () => {
    expect(standardise([4, 4, 4])).toEqual([0, 0, 0]);
    expect(standardise([7])).toEqual([0]);
    expect(standardise([])).toEqual([]);
  });
});
