import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { groupSentences } from "../../src/web/sentence-groups.js";
import { sentence, tableRow } from "./sentences.js";

describe("groupSentences", () => {
  it("makes a list of neighbouring items and a table of neighbouring rows", () => {
    const groups = groupSentences([
      sentence("You need:", 0),
      sentence("a map", 10, { kind: "list-item" }),
      sentence("a compass", 20, { kind: "list-item" }),
      tableRow({ Month: "May", Walk: "North" }, 40),
      tableRow({ Month: "June", Walk: "South" }, 60),
      sentence("Then go.", 80),
    ]);
    expect(groups.map(({ type, sentences }) => [type, sentences.length])).toEqual([
      ["paragraph", 1],
      ["list", 2],
      ["table", 2],
      ["paragraph", 1],
    ]);
    expect(groups[2]).toMatchObject({ columns: ["Month", "Walk"] });
  });

  it("keeps rows of different tables apart", () => {
    const groups = groupSentences([tableRow({ Month: "May" }, 0), tableRow({ Week: "12" }, 10)]);
    expect(groups.map(({ type }) => type)).toEqual(["table", "table"]);
  });

  it("shows a table row without cells as a list item", () => {
    expect(groupSentences([sentence("May\tNorth", 0, { kind: "table-row" })])[0]?.type).toBe("list");
  });

  it("loses no sentence and keeps the order", () => {
    const kind = fc.constantFrom(
      "sentence" as const,
      "list-item" as const,
      "table-row" as const,
      "code" as const,
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(kind, fc.boolean())), (kinds) => {
        const sentences = kinds.map(([kind, hasCells], i) =>
          sentence(`s${i}`, i, { kind, ...(hasCells && { cells: [{ column: "c", text: `s${i}` }] }) }),
        );
        const groups = groupSentences(sentences);
        expect(groups.flatMap((group) => group.sentences)).toEqual(
          sentences.map((sentence, index) => ({ index, sentence })),
        );
      }),
    );
  });
});
