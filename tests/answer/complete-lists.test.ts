import { describe, expect, it } from "vitest";
import { completeLists } from "../../src/answer/complete-lists.js";
import { MAX_WHOLE } from "../../src/answer/compose.js";
import { type Passage, unitText } from "../../src/passages/passage.js";
import { tellPassage } from "./read-passage.js";

const items = (from: number, count: number, group = 1) =>
  Array.from({ length: count }, (_, index) => ({
    text: `item ${from + index}`,
    kind: "list-item" as const,
    group,
  }));

const first = tellPassage({ units: [{ text: "Bring these:" }, ...items(1, 2)] });
const second = tellPassage({ ordinal: 1, start: 100, units: [...items(3, 2), ...items(9, 1, 2)] });
const passages = async () => [first, second];

const chosenOf = (passage: Passage, index: number) => ({
  unit: passage.units[index] as Passage["units"][0],
  passage,
  score: 0.8,
});
const whole = [{ documentId: "doc", group: 1, score: 0.5 }];

describe("completeLists", () => {
  it("adds the items that stand in passages which were not read, in reading order, with the list's score", async () => {
    const chosen = [chosenOf(first, 1), chosenOf(first, 2)];
    const completed = await completeLists({ chosen, whole }, { passagesOf: passages });
    expect(completed.map(({ unit }) => unitText(unit))).toEqual(["item 1", "item 2", "item 3", "item 4"]);
    expect(completed.map(({ score }) => score)).toEqual([0.8, 0.8, 0.5, 0.5]);
  });

  it("leaves what was chosen as it is where no list is wanted, or all of it is there", async () => {
    const all = [chosenOf(first, 1), chosenOf(first, 2), chosenOf(second, 0), chosenOf(second, 1)];
    expect(await completeLists({ chosen: all, whole }, { passagesOf: passages })).toBe(all);
    expect(await completeLists({ chosen: all, whole: [] }, { passagesOf: passages })).toBe(all);
  });

  it("does not add a list that is longer than anyone asks for", async () => {
    const long = tellPassage({ units: items(1, MAX_WHOLE + 1) });
    const chosen = [chosenOf(long, 0)];
    expect(await completeLists({ chosen, whole }, { passagesOf: async () => [long] })).toBe(chosen);
  });
});
