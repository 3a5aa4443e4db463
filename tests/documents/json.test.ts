import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SourceDocument } from "../../src/documents/document.js";
import { parseJson } from "../../src/documents/json.js";
import { parseJsonLines } from "../../src/documents/json-lines.js";
import { expectSeparated, expectSound, lineOf, outline, placeOf } from "./sound.js";

const checked = (document: SourceDocument) => {
  expectSound(document);
  expectSeparated(document);
  return document;
};
const json = async (text: string) => checked(await parseJson(Buffer.from(text), { uri: "data/garden.json" }));
const lines = async (text: string) =>
  checked(await parseJsonLines(Buffer.from(text), { uri: "garden.jsonl" }));

const GARDEN = `{
  // as it was in spring
  "name": "Willow Lane",
  "opened": 1987, "open": true, "closed": null,
  "contact": {
    "mail": "office@willow.example",
    "phones": ["555-1", "555-2"],
    "address": { "street": "Elm Road 4", "at": { "map": { "sheet": { "lat": 1.50 } } } }
  },
  "beds": [
    { "plant": "tomato", "depth": 2.50, "tags": ["red", "sun"] },
    { "plant": "bean", "depth": 1, "tags": [] },
  ],
  "tools": {
    "rake": { "count": 2, "shed": "A" },
    "hoe": { "count": 1, "shed": "B" },
    "spade": { "count": 3, "shed": "A" }
  },
  "rules": "Water in the morning.\\n\\nClose the gate. Always.",
  "log": [{ "title": "Storm", "damage": { "fence": "broken" } }, { "damage": { "roof": "fine" } }],
  "last": 12345678901234567890
}`;

describe("JSON", () => {
  it("is items below the keys that lead to them, tables and paragraphs, in the order of the file", async () => {
    const document = await json(GARDEN);
    expect(document).toMatchObject({ title: "Willow Lane", mediaType: "application/json" });
    expect(outline(document, "level", "header")).toEqual([
      "list-item: name: Willow Lane",
      "list-item: opened: 1987",
      "list-item: open: true",
      "heading, level 2: contact",
      "list-item: mail: office@willow.example",
      "list-item: phones: 555-1, 555-2",
      "heading, level 3: address",
      "list-item: street: Elm Road 4",
      "heading, level 4: at",
      "heading, level 5: map",
      "list-item: sheet.lat: 1.50",
      "heading, level 2: beds",
      "table-row, header true: plant\tdepth\ttags",
      "table-row: tomato\t2.50\tred, sun",
      "table-row: bean\t1\t",
      "heading, level 2: tools",
      "table-row, header true: \tcount\tshed",
      "table-row: rake\t2\tA",
      "table-row: hoe\t1\tB",
      "table-row: spade\t3\tA",
      "heading, level 2: rules",
      "paragraph: Water in the morning.",
      "paragraph: Close the gate. Always.",
      "heading, level 2: log",
      "heading, level 3: Storm",
      "list-item: title: Storm",
      "heading, level 4: damage",
      "list-item: fence: broken",
      "heading, level 3: log 2",
      "heading, level 4: damage",
      "list-item: roof: fine",
      "heading, level 1: Willow Lane",
      "list-item: last: 12345678901234567890",
    ]);
    expect(document.places).toBeUndefined();
    expect(
      ["Willow", "office@", "sheet.lat", "bean", "spade", "Close the gate", "roof", "last"].map((words) =>
        lineOf(document, words),
      ),
    ).toEqual([3, 6, 8, 12, 17, 19, 20, 21]);
  });

  it("has records and keys for places where all of it is on one line", async () => {
    const records = Array.from({ length: 30 }, (_, n) => ({
      plant: `tomato ${n + 1}`,
      depth: n,
      note: "in full sun",
    }));
    const table = await json(JSON.stringify(records));
    expect(placeOf(table, "tomato 7\t")).toBe("record 7");
    const nested = await json(JSON.stringify({ garden: { beds: records, owner: "Ana Bloom" } }));
    expect(placeOf(nested, "tomato 30")).toBe("garden, beds, record 30");
    expect(placeOf(nested, "Ana")).toBe("garden, owner");
  });

  it("of mere numbers, or with a picture in it, stays readable", async () => {
    const vector = Array.from({ length: 384 }, (_, n) => n / 1000);
    const { text, blocks } = await json(JSON.stringify({ vector, photo: "A".repeat(2000), name: "bee" }));
    expect(text).not.toContain("AAAA");
    for (const { start, end } of blocks) expect(end - start).toBeLessThan(260);
    expect(text.match(/0\.\d+/g)?.length).toBe(383);
  });

  it.each([
    ["cut off", '{"a": [1, 2', /is no JSON: .* in line 1/],
    ["followed by more", '{"a": 1}\n{"b": 2}', /end of file expected in line 2/],
    ["without quotes", "{\n\n a: 1}", /in line 3/],
    ["empty", "", /is no JSON/],
    ["of nothing", '{"a": [null, ""], "b": {}}', /has no text/],
  ])("is refused where it is %s, with the reason", async (_, text, reason) => {
    await expect(parseJson(Buffer.from(text), { uri: "a.json" })).rejects.toMatchObject({
      code: "unreadable-document",
      message: expect.stringMatching(reason),
    });
  });

  it.each([600, 10_000])("is refused where it is nested %i deep", async (depth) => {
    for (const text of [
      `${"[".repeat(depth)}1${"]".repeat(depth)}`,
      `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`,
    ]) {
      const read = parseJson(Buffer.from(text), { uri: "a.json" });
      await expect(read).rejects.toThrow(/nested|call stack/);
    }
  });

  it("of any shape keeps every text and number, once", async () => {
    let count = 0;
    const leaf = fc.constantFrom("text", "number", "null").map((kind) => {
      count += 1;
      return kind === "text" ? `word${count}` : kind === "number" ? 7_000_000 + count : null;
    });
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        leaf,
        fc.array(tie("value"), { maxLength: 4 }),
        fc.dictionary(fc.constantFrom("a", "b", "c", "name"), tie("value")),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(value, async (root) => {
        const text = JSON.stringify(root, null, 1);
        const leaves = text.match(/word\d+|7\d{6}/g) ?? [];
        const parsed = parseJson(Buffer.from(text), { uri: "a.json" });
        if (leaves.length === 0) {
          await expect(parsed).rejects.toMatchObject({ code: "unreadable-document" });
          return;
        }
        const document = checked(await parsed);
        const body = document.blocks.filter(({ type }) => type !== "heading");
        const words = body.map(({ start, end }) => document.text.slice(start, end)).join("\n");
        expect((words.match(/word\d+|7\d{6}/g) ?? []).toSorted()).toEqual(leaves.toSorted());
      }),
      { numRuns: 100 },
    );
  });
});

describe("JSON Lines", () => {
  it("is a table where the records are alike, each on its line", async () => {
    const document = await lines(
      '{"q":"When?","a":"At nine."}\n\n{"q":"Who?","a":"Ana."}\n{"q":"How?","a":"Slowly."}\n',
    );
    expect(outline(document, "header")).toEqual([
      "table-row, header true: q\ta",
      "table-row: When?\tAt nine.",
      "table-row: Who?\tAna.",
      "table-row: How?\tSlowly.",
    ]);
    expect(document.mediaType).toBe("application/jsonl");
    expect(lineOf(document, "Who?")).toBe(3);
    expect(document).not.toHaveProperty("unread");
  });

  it("is a part for each record where they differ", async () => {
    const document = await lines(
      '{"title":"Bees","text":{"en":"They sleep."}}\n{"text":{"en":"They fly."}}\n"Done."\n',
    );
    expect(outline(document, "level")).toEqual([
      "heading, level 2: Bees",
      "list-item: title: Bees",
      "heading, level 3: text",
      "list-item: en: They sleep.",
      "heading, level 2: Record 2",
      "heading, level 3: text",
      "list-item: en: They fly.",
      "heading, level 1: garden",
      "list-item: Done.",
    ]);
    expect(lineOf(document, "They fly.")).toBe(2);
  });

  it("tells which lines are damaged, and reads the others", async () => {
    const document = await lines(
      `{"a":"one","b":1}\n{"a":"two",\n${"[".repeat(20_000)}\n{"a":"three","b":3}\n`,
    );
    expect(document.unread).toBe("2 lines are no JSON and left out: 2, 3");
    expect(document.text).toBe("a\tb\none\t1\nthree\t3");
    expect(lineOf(document, "three")).toBe(4);
  });

  it.each(["", "\n\n", "no JSON\nat all"])("is refused where no line is JSON: %j", async (text) => {
    await expect(parseJsonLines(Buffer.from(text), { uri: "a.jsonl" })).rejects.toMatchObject({
      code: "unreadable-document",
    });
  });
});
