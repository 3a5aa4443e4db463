import { readFile } from "node:fs/promises";
import fc from "fast-check";
import PDFDocument from "pdfkit";
import { describe, expect, it, vi } from "vitest";
import { locate } from "../../src/documents/document.js";
import { parsePdf } from "../../src/documents/pdf.js";
import { expectSeparated, expectSound, outline } from "./sound.js";

const handbook = await readFile(new URL("../fixtures/handbook.pdf", import.meta.url));

describe("parsePdf", () => {
  it("finds the headings, paragraphs, lists and tables of a document", async () => {
    const document = await parsePdf(handbook, { uri: "handbook.pdf" });
    expectSound(document);
    expectSeparated(document);
    expect(document.title).toBe("Willow Lane Community Garden Handbook");
    const lines = outline(document, "level", "ordinal", "header", "group");
    expect(lines.slice(0, 2)).toEqual([
      "heading, level 1: Willow Lane Community Garden Handbook",
      "heading, level 2: Welcome to the garden",
    ]);
    expect(lines).toContain("table-row, header true, group 1: Plot\tSize\tYearly fee\tKey deposit");
    expect(lines).toContain("table-row, group 1: Half plot\t25 square metres\t35 pounds\t10 pounds");
    expect(lines).toContain(
      "list-item, group 2: Thick gloves, because the western hedge is full of brambles",
    );
    expect(lines).toContain(
      "list-item, ordinal 3, group 3: Write the number of cans in the book by the barrels.",
    );
    expect(lines.filter((line) => line.startsWith("paragraph"))).toHaveLength(11);
    expect(document.text).toContain(
      "members, most of whom live within a mile of the gate. The garden is run by volunteers",
    );
  });

  it("gives the page of each place and leaves running headers and page numbers out", async () => {
    const { text, pages, lines } = await parsePdf(handbook, { uri: "handbook.pdf" });
    const pageOf = (words: string) => locate(pages, text.indexOf(words));
    expect([
      pageOf("Welcome"),
      pageOf("Hosepipes"),
      pageOf("Shared tools"),
      pageOf("Sheds and fruit"),
    ]).toEqual([1, 1, 2, 2]);
    expect(text).not.toMatch(/members' copy|Page \d/);
    expect(lines).toEqual([]);
  });

  it("gives the same document each time and leaves the bytes as they are", async () => {
    const bytes = new Uint8Array(handbook);
    const first = await parsePdf(bytes, { uri: "a.pdf" });
    expect(await parsePdf(bytes, { uri: "a.pdf" })).toEqual(first);
    expect(Buffer.from(bytes).equals(handbook)).toBe(true);
  });

  it("joins a paragraph across pages, with both page numbers", async () => {
    const bytes = await makePdf((pdf) => {
      pdf
        .fontSize(11)
        .text("The gate is opened at seven in the morning by whoever comes first and it is", 72, 700);
      pdf.addPage().text("closed again at dusk. Nobody stays at night.", 72, 72);
    });
    const { text, pages } = await parsePdf(bytes, { uri: "a.pdf" });
    expect(text).toBe(
      "The gate is opened at seven in the morning by whoever comes first and it is closed again at dusk. Nobody stays at night.",
    );
    expect(pages).toEqual([
      { offset: 0, value: 1 },
      { offset: text.indexOf("closed"), value: 2 },
    ]);
  });

  it("keeps code line by line with its indents", async () => {
    const bytes = await makePdf((pdf) => {
      pdf
        .font("Helvetica")
        .fontSize(11)
        .text("This is how the pump is set, and it has been so for years:", 72, 100);
      pdf.font("Courier").fontSize(10).text("pump {", 72, 130).text("  start 7", 72, 143).text("}", 72, 156);
      pdf
        .font("Helvetica")
        .fontSize(11)
        .text("Do not change it without asking the secretary first.", 72, 190);
    });
    expect(outline(await parsePdf(bytes, { uri: "a.pdf" })).slice(1, 2)).toEqual([
      "code: pump {\n  start 7\n}",
    ]);
  });

  it("takes the title that the file gives where no heading does", async () => {
    const text = (pdf: PDFKit.PDFDocument) => pdf.fontSize(11).text("Only one paragraph of text.");
    const title = async (Title: string) =>
      (await parsePdf(await makePdf(text, { info: { Title } }), { uri: "x/plan.pdf" })).title;
    expect(await title("Garden plan")).toBe("Garden plan");
    expect(await title("Microsoft Word - plan2.docx")).toBe("plan");
  });

  it("says so where a file is scanned, protected, damaged or no PDF, and prints nothing", async () => {
    const output = ["log", "warn", "error", "info"].map((method) => vi.spyOn(console, method as "log"));
    const scanned = await makePdf((pdf) => pdf.rect(100, 100, 200, 200).fill("grey"));
    const locked = await makePdf((pdf) => pdf.text("secret"), { userPassword: "x" });
    const cases: [Uint8Array, RegExp][] = [
      [scanned, /scanned/],
      [locked, /password/],
      [handbook.subarray(0, 900), /damaged/],
      [Buffer.from("hello"), /damaged/],
      [new Uint8Array(), /damaged/],
    ];
    for (const [bytes, message] of cases) {
      await expect(parsePdf(bytes, { uri: "a.pdf" })).rejects.toMatchObject({
        code: "unreadable-document",
        message: expect.stringMatching(message),
        hint: expect.any(String),
      });
    }
    expect(output.flatMap((spy) => spy.mock.calls)).toEqual([]);
    vi.restoreAllMocks();
  });

  it("reads a damaged file or refuses it with a reason", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: handbook.length - 1 }), fc.nat({ max: 255 }), async (position, byte) => {
        const damaged = new Uint8Array(handbook);
        damaged[position] = byte;
        await parsePdf(damaged, { uri: "a.pdf" }).then(expectSound, (error: unknown) => {
          expect(error).toMatchObject({ code: "unreadable-document" });
        });
      }),
      { numRuns: 20 },
    );
  });
});

async function makePdf(
  draw: (pdf: PDFKit.PDFDocument) => unknown,
  options: PDFKit.PDFDocumentOptions = {},
): Promise<Uint8Array> {
  const pdf = new PDFDocument({ size: "A4", ...options });
  draw(pdf);
  pdf.end();
  return Buffer.concat(await pdf.toArray());
}
