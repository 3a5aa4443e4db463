import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stepFrom } from "../../src/answer/step.js";
import { type Passage, type Unit, unitText } from "../../src/passages/passage.js";
import { tellPassage } from "./read-passage.js";

const ITEMS = [
  "Choose a sunny spot for the bed",
  "Dig the earth over with a fork",
  "Rake compost into the upper layer",
  "Plant the seedlings in rows",
  "Water them well every evening",
];

const items = (texts: readonly string[], group = 1) =>
  texts.map((text) => ({ text, kind: "list-item" as const, group }));

/** One list over two passages, with prose before it and another list behind. */
const PASSAGES: Passage[] = [
  tellPassage({ units: [{ text: "Follow these steps:" }, ...items(ITEMS.slice(0, 3))] }),
  tellPassage({ ordinal: 1, start: 400, units: items(ITEMS.slice(3)) }),
  tellPassage({
    ordinal: 2,
    start: 800,
    units: items(["Peas come in early spring", "Beans come in late spring"], 2),
  }),
];

/** A row whose columns' names are read with it, though they are not the row's own text. */
function row(start: number, cells: readonly string[]): Unit {
  let next = start;
  const pieces = cells.flatMap((text, index) => {
    const own = { text, start: next, end: next + text.length };
    next = own.end + 1;
    return [{ text: `${index > 0 ? "; " : ""}${["Month", "Main task", "Event"][index]}: ` }, own];
  });
  return { kind: "table-row", start, end: next - 1, pieces, group: 7 };
}

const ROWS = [
  ["February", "Order seeds together", "Seed swap"],
  ["April", "Sow peas and beans", "Opening day"],
  ["June", "Net the soft fruit", "Strawberry tea"],
];
const TABLE: Passage[] = [
  { ...tellPassage({ units: [] }), units: ROWS.map((cells, index) => row(100 * index, cells)) },
];

const nextTo = (answer: string, passages = PASSAGES) => textOf(stepFrom(answer, passages, 1));
const previousTo = (answer: string, passages = PASSAGES) => textOf(stepFrom(answer, passages, -1));
const textOf = (item: ReturnType<typeof stepFrom>) => item && unitText(item.unit);

describe("stepFrom", () => {
  it("gives the item after or before the one that was answered", () => {
    expect(nextTo("Dig the earth over with a fork")).toBe(ITEMS[2]);
    expect(previousTo("Dig the earth over with a fork")).toBe(ITEMS[0]);
  });

  it("goes on over the end of a passage, and gives the passage that the item is in", () => {
    const next = stepFrom(ITEMS[2] as string, PASSAGES, 1);
    expect(textOf(next)).toBe(ITEMS[3]);
    expect(next?.passage).toBe(PASSAGES[1]);
    expect(previousTo(ITEMS[3] as string)).toBe(ITEMS[2]);
  });

  it("has nothing before the first item or after the last, also where another list stands there", () => {
    expect(previousTo(ITEMS[0] as string)).toBeUndefined();
    expect(nextTo(ITEMS[4] as string)).toBeUndefined();
    expect(previousTo("Peas come in early spring")).toBeUndefined();
    expect(nextTo("Beans come in late spring")).toBeUndefined();
  });

  it("goes on from the last item that was answered, and back from the first", () => {
    const answer = `${ITEMS[1]}\n${ITEMS[2]}`;
    expect(nextTo(answer)).toBe(ITEMS[3]);
    expect(previousTo(answer)).toBe(ITEMS[0]);
  });

  it("knows an item again in other letters, in a sentence around it, or with a word left out", () => {
    expect(nextTo("dig the EARTH over, with a fork.")).toBe(ITEMS[2]);
    expect(nextTo("Then dig the earth over with a fork, as the guide says.")).toBe(ITEMS[2]);
    expect(nextTo("Dig the earth over with fork")).toBe(ITEMS[2]);
    expect(nextTo("Dig the earth over with a spade")).toBe(ITEMS[2]);
    expect(nextTo("Dig the soil up with spades")).toBeUndefined();
  });

  it("finds nothing in an answer that mentions no item", () => {
    expect(nextTo("The documents do not say.")).toBeUndefined();
    expect(nextTo("")).toBeUndefined();
    expect(nextTo("Dig deep")).toBeUndefined();
    expect(nextTo("Follow these steps:")).toBeUndefined();
    expect(nextTo("Month\tMain task\tEvent", TABLE)).toBeUndefined();
  });

  it("does not take two words that happen to be shared for a mention", () => {
    const passages = [tellPassage({ units: items(["Peas", "Beans", "Salt and pepper"]) })];
    expect(nextTo("Peas and beans are vegetables.", passages)).toBeUndefined();
  });

  it("steps through a table by the rows' own words, as an answer quotes them or with the columns' names", () => {
    const april = "April\tSow peas and beans\tOpening day";
    expect(nextTo(april, TABLE)).toBe("Month: June; Main task: Net the soft fruit; Event: Strawberry tea");
    expect(previousTo(april, TABLE)).toContain("Seed swap");
    expect(nextTo("Month: April; Main task: Sow peas and beans; Event: Opening day", TABLE)).toContain(
      "June",
    );
    expect(nextTo("June\tNet the soft fruit\tStrawberry tea", TABLE)).toBeUndefined();
  });

  it("has nothing to step through without lists", () => {
    expect(nextTo("Dig the earth over.", [tellPassage({ units: [{ text: "Dig the earth over." }] })])).toBe(
      undefined,
    );
    expect(nextTo("Dig the earth over.", [])).toBeUndefined();
  });

  it("steps forth and back again to the same item", () => {
    const word = fc.string({ unit: fc.constantFrom(..."abcdefgh"), minLength: 5, maxLength: 8 });
    const lists = fc.uniqueArray(word, { minLength: 8, maxLength: 40 }).map((all) => {
      const texts = [];
      for (let index = 0; index + 4 <= all.length; index += 4)
        texts.push(all.slice(index, index + 4).join(" "));
      return texts;
    });
    fc.assert(
      fc.property(lists, fc.nat(), (texts, at) => {
        const passages = [tellPassage({ units: items(texts) })];
        const index = at % texts.length;
        expect(nextTo(texts[index] as string, passages)).toBe(texts[index + 1]);
        if (index + 1 < texts.length)
          expect(previousTo(texts[index + 1] as string, passages)).toBe(texts[index]);
      }),
    );
  });
});
