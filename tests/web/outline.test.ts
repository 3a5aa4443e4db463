import { describe, expect, it } from "vitest";
import type { Block } from "../../src/documents/document.js";
import { type ListPart, outline } from "../../src/web/outline.js";

let offset = 0;
function block(type: Block["type"], more: Partial<Block> = {}): Block {
  offset += 10;
  return { type, start: offset, end: offset + 9, ...more };
}

/** A list as nested arrays of the items' starts. */
function shape(list: ListPart): unknown[] {
  return list.items.map(({ block, lists }) =>
    lists.length === 0 ? block.start : [block.start, ...lists.map(shape)],
  );
}

describe("outline", () => {
  it("keeps headings, paragraphs, quotes and code as they are", () => {
    const blocks = [block("heading", { level: 3 }), block("paragraph"), block("quote"), block("code")];
    expect(outline(blocks).map((part) => part.type)).toEqual(["heading", "paragraph", "quote", "code"]);
    expect(outline(blocks)[0]).toMatchObject({ level: 3 });
  });

  it("nests list items by depth, whether or not nested lists have a group of their own", () => {
    for (const nestedGroup of [1, 2]) {
      offset = 0;
      const blocks = [
        block("list-item", { group: 1, depth: 0 }),
        block("list-item", { group: nestedGroup, depth: 1 }),
        block("list-item", { group: nestedGroup, depth: 1 }),
        block("list-item", { group: 1, depth: 0 }),
      ];
      expect(outline(blocks).map((part) => shape(part as ListPart))).toEqual([[[10, [20, 30]], 40]]);
    }
  });

  it("keeps two lists apart that follow each other, and an ordered one from one with bullets", () => {
    const blocks = [
      block("list-item", { group: 1, depth: 0 }),
      block("list-item", { group: 2, depth: 0, ordinal: 3 }),
      block("list-item", { group: 2, depth: 0, ordinal: 4 }),
    ];
    const lists = outline(blocks) as ListPart[];
    expect(lists.map(({ ordered, items }) => [ordered, items.length])).toEqual([
      [false, 1],
      [true, 2],
    ]);
  });

  it("gathers the rows of a table, and keeps two tables apart", () => {
    const blocks = [1, 1, 2].map((group) => block("table-row", { group }));
    expect(outline(blocks).map((part) => part.type === "table" && part.rows.length)).toEqual([2, 1]);
  });

  it("gives each block a place, also where lists begin deep", () => {
    const blocks = [2, 0, 1].map((depth) => block("list-item", { group: 1, depth }));
    const count = (list: ListPart): number =>
      list.items.reduce(
        (sum, item) => sum + 1 + item.lists.reduce((inner, nested) => inner + count(nested), 0),
        0,
      );
    expect(outline(blocks).reduce((sum, part) => sum + count(part as ListPart), 0)).toBe(3);
  });
});
