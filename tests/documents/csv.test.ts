import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseCsv, parseTsv } from "../../src/documents/csv.js";
import { placeAt, type SourceDocument } from "../../src/documents/document.js";
import { splitDocument } from "../../src/passages/split.js";
import { expectSeparated, expectSound, outline } from "./sound.js";

const csv = async (text: string | Uint8Array, uri = "fees/spring.csv"): Promise<SourceDocument> => {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  const document = await (uri.endsWith(".tsv") ? parseTsv : parseCsv)(bytes, { uri });
  expectSound(document);
  expectSeparated(document);
  return document;
};

const PLANTS = "Plant,Sow,Price\nPeas,March,2.50\nBeans,May,3.00\n";

describe("parseCsv", () => {
  it("makes a table of it, with the first row as its header, and says of each row which it is", async () => {
    const document = await csv(PLANTS);
    expect(outline(document, "header")).toEqual([
      "table-row, header true: Plant\tSow\tPrice",
      "table-row: Peas\tMarch\t2.50",
      "table-row: Beans\tMay\t3.00",
    ]);
    expect(new Set(document.blocks.map(({ group }) => group)).size).toBe(1);
    expect(document.blocks.map(({ start }) => placeAt(document.places, start))).toEqual([
      "row 1",
      "row 2",
      "row 3",
    ]);
    expect(document).toMatchObject({ title: "spring", mediaType: "text/csv", lines: [], pages: [] });
  });

  it.each([
    ["semicolons", "Plant;Sow;Price\nPeas;March;2,50\nBeans;May;3,00"],
    ["tabs", "Plant\tSow\tPrice\nPeas\tMarch\t2,50\nBeans\tMay\t3,00"],
    ["bars", "Plant|Sow|Price\nPeas|March|2,50\nBeans|May|3,00"],
    ["what its first line says", "sep=/\nPlant/Sow/Price\nPeas/March/2,50\nBeans/May/3,00"],
    ["semicolons, with commas in quotes", 'Plant;Sow;Price\nPeas;March;"2,50"\nBeans;May;"3,00"'],
  ])("is divided by %s", async (_, text) => {
    const document = await csv(text);
    expect(document.text).toBe("Plant\tSow\tPrice\nPeas\tMarch\t2,50\nBeans\tMay\t3,00");
    expect(placeAt(document.places, document.text.length - 1)).toBe("row 3");
  });

  it("reads tab-separated values, commas and quotes in them included", async () => {
    const document = await csv('Plant\tNote\nPeas\tsweet, 5" deep\n', "a.tsv");
    expect(document.text).toBe('Plant\tNote\nPeas\tsweet, 5" deep');
    expect(document.mediaType).toBe("text/tab-separated-values");
  });

  it("takes line ends, delimiters and doubled quotes in quoted fields as what they are", async () => {
    const document = await csv('Plant,Note\r\nPeas,"Sow early,\r\nor ""late"""\r\nBeans,tall\r\n');
    expect(document.text).toBe('Plant\tNote\nPeas\tSow early, or "late"\nBeans\ttall');
    expect(placeAt(document.places, document.text.indexOf("Beans"))).toBe("row 3");
  });

  it("counts empty lines, as a spreadsheet does, and leaves out empty cells at a row's end", async () => {
    const document = await csv("Plant,Sow,Note\n\nPeas,March,\n,,\n,May,late\n");
    expect(outline(document)).toEqual([
      "table-row: Plant\tSow\tNote",
      "table-row: Peas\tMarch",
      "table-row: \tMay\tlate",
    ]);
    expect(placeAt(document.places, document.text.indexOf("Peas"))).toBe("row 3");
    expect(placeAt(document.places, document.text.indexOf("May"))).toBe("row 5");
  });

  it("has no header where the first row has figures, and one where the figures are years", async () => {
    expect((await csv("Peas,2.50\nBeans,3.00\n")).blocks.some(({ header }) => header)).toBe(false);
    expect((await csv("a@b.org,2026-03-01\nc@d.org,2026-03-02\n")).blocks[0]).not.toHaveProperty("header");
    expect((await csv("Country,2019,2020,2021\nPeru,1,2,3\n")).blocks[0]).toMatchObject({ header: true });
  });

  it("makes paragraphs of the lines above a table, and a table each of two with headers", async () => {
    const document = await csv("Spring fees\n\nPlant,Price\nPeas,2\n\nTool,Year,Owner\nRake,2020,Ann\n");
    expect(outline(document, "header", "group")).toEqual([
      "paragraph: Spring fees",
      "table-row, header true, group 1: Plant\tPrice",
      "table-row, group 1: Peas\t2",
      "table-row, header true, group 2: Tool\tYear\tOwner",
      "table-row, group 2: Rake\t2020\tAnn",
    ]);
  });

  it("reads windows-1252 and UTF-16", async () => {
    const latin = Buffer.from("Café,Größe\nÉclair,3\n", "latin1");
    expect((await csv(latin)).text).toBe("Café\tGröße\nÉclair\t3");
    const wide = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("Café,Größe\nÉclair,3\n", "utf16le")]);
    expect((await csv(wide)).text).toBe("Café\tGröße\nÉclair\t3");
  });

  it.each([
    ["nothing", "", "has no text"],
    ["empty cells alone", ",,\n,,\n", "has no text"],
    [
      "a quotation mark that is never closed",
      'a,b\n"x,1\n2,3\n',
      "a quotation mark in row 2 is never closed",
    ],
    ["a picture", "\x89PNG\r\n\x1a\n\0\0\0", "binary content"],
  ])("refuses %s", async (_, text, message) => {
    await expect(csv(text)).rejects.toMatchObject({
      code: "unreadable-document",
      message: expect.stringContaining(message),
    });
  });

  it("gives every cell back, whatever it holds", async () => {
    const cell = fc.string({ unit: fc.constantFrom("a", "7", " ", ",", ";", '"', "\n", "é", "-") });
    const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 5 }), { minLength: 1, maxLength: 8 });
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    const flow = (text: string) => text.replace(/\s+/g, " ").trim();
    await fc.assert(
      fc.asyncProperty(rows, async (table) => {
        const first = ["name", "value"].map(quoted).join(",");
        const text = [first, ...table.map((row) => row.map(quoted).join(","))].join("\n");
        const document = await csv(text);
        const shown = document.blocks.map(({ cells = [], start, end }) =>
          (cells.length > 0 ? cells : [{ start, end }]).map((range) =>
            document.text.slice(range.start, range.end),
          ),
        );
        const words = (all: readonly string[][]) =>
          all.map((row) => row.map(flow).filter((word) => word !== "")).filter((row) => row.length > 0);
        expect(words(shown)).toEqual(words([["name", "value"], ...table]));
      }),
    );
  });
});

describe("a CSV file of 50,000 rows", () => {
  const lines = Array.from(
    { length: 50_000 },
    (_, i) => `"Item ${i}, large",${i % 12},${i * 1.5},open,"Hall ${i % 7}"`,
  );
  const text = `Item,Month,Price,State,Place\n${lines.join("\n")}\n`;
  const countTokens = (words: string) => words.split(" ").length;

  it("is read and divided into passages whose every row has its header, in steps that grow with the rows", async () => {
    const document = await parseCsv(new TextEncoder().encode(text), { uri: "items.csv" });
    const passages = splitDocument(document, { countTokens });
    const units = passages.flatMap((passage) => passage.units);
    expect(units).toHaveLength(50_000);
    expect(units[49_999]?.pieces.map((piece) => piece.text).join("")).toBe(
      "Item: Item 49999, large; Month: 7; Price: 74998.5; State: open; Place: Hall 5",
    );
    expect(placeAt(document.places, units[49_999]?.start ?? 0)).toBe("row 50001");
  });
});
