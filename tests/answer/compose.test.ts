import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asksForList, type ComposeOptions, compose, MAX_WHOLE } from "../../src/answer/compose.js";
import type { ReadPassage } from "../../src/answer/signals.js";
import { unitText } from "../../src/passages/passage.js";
import { EVIDENCE_ALONE, readPassage, type ToldUnit } from "./read-passage.js";

const QUESTION = "how long do I boil the eggs?";

/** Composes from passages, or from the units of a single one. */
function composed(
  told: readonly ToldUnit[] | readonly ReadPassage[],
  { question = QUESTION, ...options }: Partial<ComposeOptions> & { question?: string } = {},
) {
  const read = areRead(told) ? told : [readPassage({ units: told })];
  return compose(question, read, { calibration: EVIDENCE_ALONE, maxSentences: 6, ...options });
}

function areRead(told: readonly ToldUnit[] | readonly ReadPassage[]): told is readonly ReadPassage[] {
  return told.some((entry) => "reading" in entry);
}

/** The chosen units' words. */
const words = (...args: Parameters<typeof composed>) =>
  composed(...args).chosen.map(({ unit }) => unitText(unit));

/** Items of one list, with a probability for each. */
const list = (
  probabilities: readonly number[],
  group = 1,
  kind: ToldUnit["kind"] = "list-item",
): ToldUnit[] =>
  probabilities.map((probability, index) => ({
    text: `item ${["one", "two", "three", "four", "five"][index] ?? index} of list ${group}`,
    probability,
    kind,
    group,
  }));

describe("compose", () => {
  it("has nothing to choose where nothing was read", () => {
    expect(compose(QUESTION, [], { calibration: EVIDENCE_ALONE, maxSentences: 6 })).toEqual({
      chosen: [],
      whole: [],
    });
  });

  it("chooses the most probable unit, and says how probable it is and where it stands", () => {
    const { chosen, whole } = composed([
      readPassage({
        headings: ["Kitchen", "Eggs"],
        units: [
          { text: "Hens lay eggs.", probability: 0.1 },
          { text: "Boil them for six minutes.", probability: 0.9 },
        ],
      }),
    ]);
    expect(chosen).toEqual([
      {
        unit: expect.objectContaining({ start: 15, end: 41 }),
        passage: expect.objectContaining({ documentId: "doc", headings: ["Kitchen", "Eggs"] }),
        score: expect.closeTo(0.9, 10),
      },
    ]);
    expect(whole).toEqual([]);
  });

  it("keeps the best unit even where it is below the threshold: whether to answer is decided elsewhere", () => {
    expect(
      words([
        { text: "a b", probability: 0.05 },
        { text: "c d", probability: 0.04 },
      ]),
    ).toEqual(["a b"]);
  });

  it("takes more units from the least probability on, and no others", () => {
    const units = [
      { text: "first", probability: 0.6 },
      { text: "second", probability: 0.41 },
      { text: "third", probability: 0.39 },
    ];
    expect(words(units)).toEqual(["first", "second"]);
    expect(words(units, { calibration: { ...EVIDENCE_ALONE, minProbability: 0.3 } })).toEqual([
      "first",
      "second",
      "third",
    ]);
  });

  it("takes more units only with a good share of the best one's probability", () => {
    const units = [
      { text: "first", probability: 0.96 },
      { text: "second", probability: 0.49 },
      { text: "third", probability: 0.47 },
    ];
    expect(words(units)).toEqual(["first", "second"]);
    expect(words(units, { calibration: { ...EVIDENCE_ALONE, minShareOfBest: 0.9 } })).toEqual(["first"]);
  });

  it("takes the best units where there are more than may be, and shows them in reading order", () => {
    const probabilities = [0.7, 0.95, 0.6, 0.9, 0.8];
    const units = probabilities.map((probability, index) => ({ text: `sentence ${index}`, probability }));
    expect(words(units, { maxSentences: 3 })).toEqual(["sentence 1", "sentence 3", "sentence 4"]);
    expect(words(units, { maxSentences: 1 })).toEqual(["sentence 1"]);
  });

  it("puts documents in the order of their best unit, and the units of each in reading order", () => {
    const passage = (documentId: string, ordinal: number, ...units: ToldUnit[]) =>
      readPassage({ documentId, ordinal, start: 100 * ordinal, units });
    const read = [
      passage("a", 3, { text: "a late", probability: 0.6 }),
      passage("b", 2, { text: "b late", probability: 0.9 }),
      passage("a", 1, { text: "a early", probability: 0.8 }),
      passage("b", 0, { text: "b early", probability: 0.5 }),
    ];
    expect(words(read)).toEqual(["b early", "b late", "a early", "a late"]);
  });

  describe("near-duplicates", () => {
    const twice = (first: string, second: string) =>
      words([
        readPassage({ documentId: "a", units: [{ text: first, probability: 0.7 }] }),
        readPassage({ documentId: "b", units: [{ text: second, probability: 0.9 }] }),
      ]);

    it("keeps the more probable of two units that say the same", () => {
      expect(twice("Boil the eggs for six minutes.", "boil the eggs, for SIX minutes!")).toEqual([
        "boil the eggs, for SIX minutes!",
      ]);
      expect(
        twice("Fees are due on the first of March.", "Remember that fees are due on the first of March."),
      ).toHaveLength(1);
    });

    it("keeps both where they differ in what matters, or where one is a small part of the other", () => {
      expect(twice("Boil the eggs for six minutes.", "Boil the potatoes for twenty minutes.")).toHaveLength(
        2,
      );
      expect(
        twice("Six minutes.", "Boil the eggs for six minutes and cool them under cold running water."),
      ).toHaveLength(2);
    });

    it("makes room for the next unit that says something else", () => {
      const units = [
        { text: "Boil the eggs for six minutes.", probability: 0.9 },
        { text: "Boil the eggs for six minutes!", probability: 0.8 },
        { text: "Cool them in water.", probability: 0.7 },
      ];
      expect(words(units, { maxSentences: 2 })).toEqual([units[0]?.text, units[2]?.text]);
    });

    it("does not take units without letters for the same", () => {
      expect(twice("* * *", "— — —")).toHaveLength(2);
    });
  });

  describe("a list or table", () => {
    const announced = (announcement: number, items: readonly number[]) => [
      { text: "Unrelated words before.", probability: 0.05 },
      { text: "You need:", probability: announcement },
      ...list(items),
    ];
    const whole = (...args: Parameters<typeof composed>) => composed(...args).whole;

    it("comes whole, without the sentence that announces it, where that sentence is the best unit", () => {
      const units = announced(0.9, [0.1, 0.2, 0.3]);
      expect(words(units)).toEqual(units.slice(2).map(({ text }) => text));
      expect(whole(units)).toEqual([{ documentId: "doc", group: 1, score: expect.closeTo(0.2, 10) }]);
    });

    it("does not come whole where another unit is the best one", () => {
      const units = announced(0.7, [0.1, 0.2, 0.3]);
      expect(words([{ text: "Take eggs.", probability: 0.9 }, ...units])).toEqual(["Take eggs."]);
      expect(whole([{ text: "Take eggs.", probability: 0.9 }, ...units])).toEqual([]);
    });

    it("comes whole where half of its items were chosen one by one", () => {
      expect(words(list([0.9, 0.1, 0.8, 0.1]))).toHaveLength(4);
      expect(words(list([0.9, 0.1, 0.1, 0.1]))).toEqual(["item one of list 1"]);
    });

    it("of two items is not taken whole for the sake of one", () => {
      expect(words(list([0.9, 0.1]))).toEqual(["item one of list 1"]);
    });

    it("comes whole where a list is asked for, though one item alone is probable enough", () => {
      const units = list([0.9, 0.44, 0.44, 0.44]);
      expect(words(units, { question: "how thick is the ice?" })).toHaveLength(1);
      expect(words(units, { question: "list everything to pack" })).toHaveLength(4);
      const lone = list([0.9, 0.39, 0.3, 0.35]);
      expect(words(lone, { question: "list everything to pack" })).toHaveLength(1);
    });

    it("does not come whole where a list is asked for but most of its items are improbable", () => {
      expect(words(list([0.9, 0.2, 0.1, 0.1]), { question: "list what I should pack" })).toHaveLength(1);
    });

    it("is not cut by the greatest number of sentences", () => {
      expect(words(list([0.9, 0.8, 0.8, 0.7]), { maxSentences: 2 })).toHaveLength(4);
    });

    it("keeps items that say nearly the same", () => {
      const text = "Sow the peas in a row in April";
      const units = ["one", "two", "six"].map((number) => ({
        text: `${text} ${number}`,
        kind: "list-item" as const,
        group: 1,
        probability: 0.2,
      }));
      expect(words([{ text: "Do this:", probability: 0.9 }, ...units])).toHaveLength(3);
    });

    it("of more items than anybody would want is not taken whole", () => {
      const of = (count: number) => announced(0.9, new Array<number>(count).fill(0.1));
      expect(words(of(MAX_WHOLE))).toHaveLength(MAX_WHOLE);
      expect(words(of(MAX_WHOLE + 1))).toEqual(["You need:"]);
      expect(whole(of(MAX_WHOLE + 1))).toEqual([]);
    });

    it("is told apart from a list of the same number in another document, and from its neighbour", () => {
      const read = [
        readPassage({ documentId: "a", units: announced(0.9, [0.1, 0.1]) }),
        readPassage({
          documentId: "b",
          units: list([0.1, 0.1]).map((unit) => ({ ...unit, text: `${unit.text} of b` })),
        }),
        readPassage({ documentId: "a", ordinal: 1, start: 500, units: list([0.1, 0.1], 2) }),
      ];
      expect(words(read)).toEqual(["item one of list 1", "item two of list 1"]);
      expect(whole(read)).toMatchObject([{ documentId: "a", group: 1 }]);
    });

    it("is gathered from all passages that it is divided over", () => {
      const [one, two, three, four] = list([0.8, 0.7, 0.3, 0.3]);
      const read = [
        readPassage({ ordinal: 1, start: 200, units: [three as ToldUnit, four as ToldUnit] }),
        readPassage({ ordinal: 0, start: 0, units: [one as ToldUnit, two as ToldUnit] }),
      ];
      expect(words(read)).toEqual([one, two, three, four].map((unit) => unit?.text));
    });

    it("of table rows comes whole only where a list is asked for", () => {
      const rows = list([0.9, 0.8, 0.2], 4, "table-row");
      expect(words(rows, { question: "how thick is the ice?" })).toHaveLength(2);
      expect(words(rows, { question: "list everything to pack" })).toHaveLength(3);
    });
  });

  it("shows an announcing sentence only where it is all there is", () => {
    expect(words([{ text: "These are the rules:", probability: 0.9 }])).toEqual(["These are the rules:"]);
    const units = [
      { text: "These are the rules:", probability: 0.9 },
      { text: "Be kind.", probability: 0.8 },
    ];
    expect(words(units)).toEqual(["Be kind."]);
  });

  describe("the short answer", () => {
    const marked = (unit: number, score: number) =>
      composed([
        readPassage({
          units: [
            { text: "Use a pan.", probability: 0.8 },
            { text: "Boil for six minutes.", probability: 0.9 },
          ],
          shortAnswer: { start: 20, end: 31, unit, score },
        }),
      ]).chosen.map(({ shortAnswer }) => shortAnswer);

    it("goes with the unit that holds it, and no other", () => {
      expect(marked(1, 3)).toEqual([undefined, { start: 20, end: 31 }]);
      expect(marked(0, 3)).toEqual([{ start: 20, end: 31 }, undefined]);
    });

    it("is left out where the reader would rather give none", () => {
      expect(marked(1, -1.9)).toEqual([undefined, { start: 20, end: 31 }]);
      expect(marked(1, -2.1)).toEqual([undefined, undefined]);
    });

    it("of a unit that was not chosen is dropped with it", () => {
      const { chosen } = composed([
        readPassage({
          units: [
            { text: "Use a pan.", probability: 0.1 },
            { text: "Boil for six minutes.", probability: 0.9 },
          ],
          shortAnswer: { start: 4, end: 9, unit: 0, score: 5 },
        }),
      ]);
      expect(chosen).toHaveLength(1);
      expect(chosen[0]).not.toHaveProperty("shortAnswer");
    });
  });

  const unit = fc.record({
    text: fc.oneof(
      fc.constantFrom("Boil the eggs.", "boil the eggs", "Rules:", "Why?", "😀", "Six minutes or so."),
      fc.string({ minLength: 1, maxLength: 20 }),
    ),
    probability: fc.oneof(
      fc.constantFrom(0.1, 0.45, 0.6, 0.9),
      fc.double({ min: 0.001, max: 0.999, noNaN: true }),
    ),
    kind: fc.constantFrom<NonNullable<ToldUnit["kind"]>>("sentence", "list-item", "table-row"),
    group: fc.integer({ min: 1, max: 3 }),
  });
  const passages = fc
    .array(
      fc.record({
        documentId: fc.constantFrom("a", "b"),
        units: fc.array(
          unit.map(({ group, ...rest }) => (rest.kind === "sentence" ? rest : { ...rest, group })),
          {
            minLength: 1,
            maxLength: 6,
          },
        ),
      }),
      { maxLength: 6 },
    )
    .map((told) =>
      told.map((passage, ordinal) => readPassage({ ...passage, ordinal, start: 1000 * ordinal })),
    );
  const questions = fc.constantFrom(QUESTION, "list everything");
  const limits = fc.integer({ min: 1, max: 8 });

  it("always chooses from what was read, nothing twice, the best document first, in reading order", () => {
    fc.assert(
      fc.property(passages, questions, limits, (read, question, maxSentences) => {
        const { chosen } = compose(question, read, { calibration: EVIDENCE_ALONE, maxSentences });
        expect(chosen.length > 0).toBe(read.length > 0);
        const units = read.flatMap(({ passage }) => passage.units);
        for (const { unit, passage, score } of chosen) {
          expect(units).toContain(unit);
          expect(read.find((entry) => entry.passage.units.includes(unit))?.documentId).toBe(
            passage.documentId,
          );
          expect(score).toBeGreaterThan(0);
          expect(score).toBeLessThan(1);
        }
        expect(new Set(chosen.map(({ unit }) => unit)).size).toBe(chosen.length);
        const documents = chosen.map(({ passage }) => passage.documentId);
        expect(documents.filter((id, index) => id !== documents[index - 1])).toEqual([...new Set(documents)]);
        for (const id of new Set(documents)) {
          const starts = chosen.flatMap(({ unit, passage }) =>
            passage.documentId === id ? [unit.start] : [],
          );
          expect(starts).toEqual(starts.toSorted((a, b) => a - b));
        }
      }),
    );
  });

  it("keeps to the greatest number of sentences but for lists that come whole", () => {
    fc.assert(
      fc.property(passages, questions, limits, (read, question, maxSentences) => {
        const { chosen, whole } = compose(question, read, { calibration: EVIDENCE_ALONE, maxSentences });
        const single = chosen.filter(
          ({ unit, passage }) =>
            !whole.some(({ documentId, group }) => documentId === passage.documentId && group === unit.group),
        );
        expect(single.length).toBeLessThanOrEqual(maxSentences);
        for (const { documentId, group } of whole) {
          const items = read.flatMap((entry) =>
            entry.documentId === documentId
              ? entry.passage.units.filter((candidate) => candidate.group === group)
              : [],
          );
          expect(chosen.map(({ unit }) => unit)).toEqual(expect.arrayContaining(items));
        }
      }),
    );
  });

  it("does not depend on the order in which the passages come, where no two units are equally probable", () => {
    fc.assert(
      fc.property(passages, questions, (read, question) => {
        const probabilities = read.flatMap(({ reading }) => reading.evidence);
        fc.pre(new Set(probabilities).size === probabilities.length);
        const options = { calibration: EVIDENCE_ALONE, maxSentences: 3 };
        const chosen = compose(question, read, options).chosen.map(({ unit }) => unit);
        const reversed = compose(question, read.toReversed(), options).chosen.map(({ unit }) => unit);
        expect(reversed).toEqual(chosen);
      }),
    );
  });
});

describe("asksForList", () => {
  it.each([
    "list the tools",
    "what are the rules?",
    "Which plants like shade?",
    "name three birds",
    "what kinds of wood burn well?",
    "give me every deadline",
  ])("is true of %j", (question) => {
    expect(asksForList(question)).toBe(true);
  });

  it.each([
    "how long does it take?",
    "who runs the garden?",
    "when is the shed open?",
    "why do pipes burst?",
    "do I need to be enlisted?",
  ])("is false of %j", (question) => {
    expect(asksForList(question)).toBe(false);
  });
});
