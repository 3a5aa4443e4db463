import { readFile } from "node:fs/promises";
import {
  Document,
  FootnoteReferenceRun,
  HeadingLevel,
  type ISectionOptions,
  Packer,
  Paragraph,
  Table,
  TableCell,
  TableRow,
  TextRun,
} from "docx";
import { describe, expect, it } from "vitest";
import { parseDocx } from "../../src/documents/docx.js";
import { expectSeparated, expectSound, outline } from "./sound.js";

const uri = "office/rules.docx";

describe("parseDocx", () => {
  it("finds the headings, lists and tables of a document", async () => {
    const bytes = await readFile(new URL("../fixtures/handbook.docx", import.meta.url));
    const document = await parseDocx(bytes, { uri });
    expectSound(document);
    expectSeparated(document);
    expect(document).toMatchObject({ title: "Willow Lane Community Garden Handbook", lines: [], pages: [] });
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
    expect(document.text).not.toContain("Members' copy");
    expect(await parseDocx(bytes, { uri })).toEqual(document);
  });

  it("keeps heading levels and takes the first heading for the title where no paragraph is styled as one", async () => {
    const document = await parseDocx(
      await makeDocx([
        new Paragraph({ text: "Rules", heading: HeadingLevel.HEADING_1 }),
        new Paragraph({ text: "Water", heading: HeadingLevel.HEADING_2 }),
        new Paragraph("Use the barrels."),
      ]),
      { uri },
    );
    expect(outline(document, "level").slice(0, 2)).toEqual([
      "heading, level 1: Rules",
      "heading, level 2: Water",
    ]);
    expect(document.title).toBe("Rules");
  });

  it("takes short bold paragraphs for headings where the document has no heading styles", async () => {
    const bold = (text: string) => new Paragraph({ children: [new TextRun({ text, bold: true })] });
    const body = [
      bold("Tools"),
      new Paragraph("Hang them up."),
      bold("Never leave the gate open."),
      new Paragraph("x"),
    ];
    expect(outline(await parseDocx(await makeDocx(body), { uri }))).toEqual([
      "heading: Tools",
      "paragraph: Hang them up.",
      "paragraph: Never leave the gate open.",
      "paragraph: x",
    ]);
    const styled = [new Paragraph({ text: "A", heading: HeadingLevel.HEADING_1 }), ...body];
    expect(outline(await parseDocx(await makeDocx(styled), { uri }))[1]).toBe("paragraph: Tools");
  });

  it("takes a first row in bold for the names of the columns", async () => {
    const row = (...cells: TextRun[]) =>
      new TableRow({
        children: cells.map((run) => new TableCell({ children: [new Paragraph({ children: [run] })] })),
      });
    const rows = [
      row(new TextRun({ text: "Plot", bold: true }), new TextRun({ text: "Fee", bold: true })),
      row(new TextRun("Bed"), new TextRun("18")),
    ];
    expect(outline(await parseDocx(await makeDocx([new Table({ rows })]), { uri }), "header")).toEqual([
      "table-row, header true: Plot\tFee",
      "table-row: Bed\t18",
    ]);
  });

  it("puts footnotes at the end and drops their marks", async () => {
    const document = new Document({
      footnotes: { 1: { children: [new Paragraph("If it rains.")] } },
      sections: [
        {
          children: [
            new Paragraph({
              children: [new TextRun("Peas grow"), new FootnoteReferenceRun(1), new TextRun(".")],
            }),
          ],
        },
      ],
    });
    const { text } = await parseDocx(await Packer.toBuffer(document), { uri });
    expect(text).toBe("Peas grow.\n\nIf it rains.");
  });

  it("says so where a file is protected, damaged, no document or empty", async () => {
    const cases: [Uint8Array, RegExp][] = [
      [Buffer.from("d0cf11e0a1b11ae1", "hex"), /protected by a password or in the old/],
      [Buffer.from("hello"), /not a Word document/],
      [(await makeDocx([new Paragraph("x")])).subarray(0, 300), /not a Word document/],
      [await makeDocx([new Paragraph("")]), /no text/],
    ];
    for (const [bytes, message] of cases) {
      await expect(parseDocx(bytes, { uri })).rejects.toMatchObject({
        code: "unreadable-document",
        message: expect.stringMatching(message),
        hint: expect.any(String),
      });
    }
  });
});

function makeDocx(children: ISectionOptions["children"]): Promise<Buffer> {
  return Packer.toBuffer(new Document({ sections: [{ children }] }));
}
