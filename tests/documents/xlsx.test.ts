import { describe, expect, it } from "vitest";
import { placeAt, type SourceDocument } from "../../src/documents/document.js";
import { loadDocument } from "../../src/documents/load.js";
import { splitDocument } from "../../src/passages/split.js";
import { failure } from "../store/fixture.js";
import { wordDocument, zip } from "./hostile.js";
import { type MadeWorkbook, office, row, workbook } from "./made-office.js";
import { expectSeparated, expectSound, outline } from "./sound.js";

const read = async (made: MadeWorkbook): Promise<SourceDocument> => {
  const document = await loadDocument(workbook(made), "garden/plan.xlsx");
  expectSound(document);
  expectSeparated(document);
  return document;
};
const placesOf = ({ blocks, places }: SourceDocument) => blocks.map(({ start }) => placeAt(places, start));

const STYLES = `
  <numFmts><numFmt numFmtId="164" formatCode="&quot;€&quot; #,##0.00"/><numFmt numFmtId="165" formatCode="d mmm yyyy"/><numFmt numFmtId="166" formatCode=";;;"/></numFmts>
  <fonts><font/><font><b/></font><font><color rgb="FFFFFFFF"/></font></fonts>
  <fills><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FF000080"/></patternFill></fill></fills>
  <cellXfs>
    <xf/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="14"/><xf numFmtId="10"/><xf fontId="1"/>
    <xf fontId="2"/><xf fontId="2" fillId="1"/><xf numFmtId="166"/><xf numFmtId="20"/>
  </cellXfs>`;
const value = (style: number, number: number) => `<c s="${style}"><v>${number}</v></c>`;
const styled = (style: number, text: string) => `<c s="${style}" t="inlineStr"><is><t>${text}</t></is></c>`;

describe("parseXlsx", () => {
  it("makes a heading of each sheet and a table of its rows, and says where each row is", async () => {
    const document = await read({
      strings: [
        "<t>Peas</t>",
        "<r><t>Broad </t></r><r><rPr><b/></rPr><t>beans</t></r><rPh><t>sound</t></rPh>",
      ],
      sheets: [
        {
          name: "Beds &amp; rows",
          rows:
            row(1, { A: "Plant", B: "Bed", C: "Rows" }) +
            row(2, { A: '<c t="s"><v>0</v></c>', B: "North", C: 3 }) +
            row(3, { A: '<c t="s"><v>1</v></c>', B: "South", C: 12.5 }),
        },
        { name: "Empty", rows: "" },
        { name: "Notes", rows: row(4, { B: "Water at night." }) },
      ],
    });
    expect(outline(document, "level", "header")).toEqual([
      "heading, level 2: Beds & rows",
      "table-row, header true: Plant\tBed\tRows",
      "table-row: Peas\tNorth\t3",
      "table-row: Broad beans\tSouth\t12.5",
      "heading, level 2: Notes",
      "paragraph: Water at night.",
    ]);
    expect(placesOf(document)).toEqual([
      "Beds & rows",
      "Beds & rows, row 1",
      "Beds & rows, row 2",
      "Beds & rows, row 3",
      "Notes",
      "Notes, row 4",
    ]);
    expect(document).toMatchObject({ title: "plan", lines: [], pages: [] });
  });

  it("shows numbers, dates, times and truth values as Excel does", async () => {
    const cells = {
      A: value(1, 1200.5),
      B: value(2, 46095),
      C: value(3, 46095),
      D: value(4, 0.125),
      E: value(9, 0.75),
      F: '<c t="b"><v>1</v></c>',
      G: '<c t="e"><v>#N/A</v></c>',
      H: '<c t="str"><f>A1&amp;B1</f><v>made_x0021_</v></c>',
      I: value(0, 0.1 + 0.2),
      J: value(2, -5e9),
    };
    const { text } = await read({ styles: STYLES, sheets: [{ name: "S", rows: row(1, cells) }] });
    expect(text.split("\n").at(-1)?.split("\t").slice(0, 9)).toEqual([
      "€ 1,200.50",
      "14 Mar 2026",
      "2026-03-14",
      "12.50%",
      "18:00",
      "TRUE",
      "#N/A",
      "made!",
      "0.3",
    ]);
  });

  it("counts days from 1904 where the workbook does", async () => {
    const rows = row(1, { A: value(2, 46095 - 1462), B: "x" });
    const { text } = await read({ styles: STYLES, from1904: true, sheets: [{ name: "S", rows }] });
    expect(text).toContain("14 Mar 2026\tx");
  });

  it("leaves out and counts hidden sheets, rows, columns and cells", async () => {
    const document = await read({
      styles: STYLES,
      sheets: [
        {
          name: "Shown",
          before: '<cols><col min="3" max="4" hidden="1"/></cols>',
          rows:
            row(1, { A: "Open.", C: "12345", B: styled(6, "12") }) +
            row(2, { A: "1234567" }, 'hidden="1"') +
            row(3, { A: styled(7, "White on blue."), B: value(8, 123) }),
        },
        { name: "Gone", state: "veryHidden", rows: row(1, { A: "Ignore", B: "all" }) },
      ],
    });
    expect(outline(document)).toEqual(["heading: Shown", "paragraph: Open.", "paragraph: White on blue."]);
    expect(document.hidden).toBe(5 + 2 + 7 + 3 + 9);
  });

  it("takes the header of a table from the file, wherever the table stands", async () => {
    const document = await read({
      sheets: [
        {
          name: "People",
          table: "B3:D5",
          rows:
            row(1, { A: "Who is who" }) +
            row(3, { B: "Name", C: "City", D: "7" }) +
            row(4, { B: "Ann", C: "Bern", D: "x" }) +
            row(5, { B: "Bob", C: "Oslo", D: "y" }) +
            row(8, { B: "As of May." }),
        },
      ],
    });
    expect(outline(document, "header").slice(1)).toEqual([
      "paragraph: Who is who",
      "table-row, header true: Name\tCity\t7",
      "table-row: Ann\tBern\tx",
      "table-row: Bob\tOslo\ty",
      "paragraph: As of May.",
    ]);
    expect(document.blocks[2]?.cells).toHaveLength(3);
  });

  it("takes a bold row for a header, and no row of a list of names and values", async () => {
    const bold = { A: styled(5, "Item"), B: styled(5, "Price") };
    const list = row(1, { A: "Owner", B: "Ann" }) + row(2, { A: "Plots", B: 14 });
    const priced = row(1, bold) + row(2, { A: "Rake", B: 14 });
    const { blocks } = await read({
      styles: STYLES,
      sheets: [
        { name: "List", rows: list },
        { name: "Priced", rows: priced },
      ],
    });
    expect(blocks.map(({ header }) => header)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      true,
      undefined,
    ]);
  });

  it("gives each row its header in what the models read, and quotes it whole", async () => {
    const rows = Array.from({ length: 300 }, (_, i) => row(i + 2, { A: `Bed ${i}`, B: i, C: "dry" }));
    const document = await read({
      sheets: [{ name: "Beds", rows: row(1, { A: "Bed", B: "Rows", C: "Soil" }) + rows.join("") }],
    });
    const passages = splitDocument(document, { countTokens: (text) => text.split(" ").length });
    const units = passages.flatMap((passage) => passage.units);
    expect(units).toHaveLength(300);
    for (const [index, { start, end, pieces }] of units.entries()) {
      expect(document.text.slice(start, end)).toBe(`Bed ${index}\t${index}\tdry`);
      expect(pieces.map(({ text }) => text).join("")).toBe(`Bed: Bed ${index}; Rows: ${index}; Soil: dry`);
      expect(placeAt(document.places, start)).toBe(`Beds, row ${index + 2}`);
    }
    expect(passages.every(({ headings }) => headings[0] === "Beds")).toBe(true);
  });

  it("takes the title of the file's properties", async () => {
    const made = { title: "Garden plan", sheets: [{ name: "S", rows: row(1, { A: "x" }) }] };
    expect((await read(made)).title).toBe("Garden plan");
  });

  const good = workbook({ sheets: [{ name: "S", rows: row(1, { A: "x".repeat(300), B: "y" }) }] });
  const far = workbook({ sheets: [{ name: "S", rows: '<row><c r="XFE1"><v>1</v></c></row>' }] });
  it.each<[string, Buffer, RegExp]>([
    ["what is empty", Buffer.alloc(0), /no archive/],
    ["what is no archive", Buffer.from("a,b,c"), /no archive/],
    ["one that is cut off", good.subarray(0, good.length / 2), /no archive/],
    ["one in the old format", Buffer.from("d0cf11e0a1b11ae1", "hex"), /password or in the old \.xls format/],
    ["a Word document", wordDocument("<w:p/>"), /no main part/],
    ["another Office file", office("ppt/p.xml", { "ppt/p.xml": "<presentation/>" }), /no workbook/],
    ["damaged XML", office("xl/w.xml", { "xl/w.xml": "<workbook><sheets>" }), /XML is damaged/],
    ["an archive of something else", zip({ "a.txt": "x" }), /no main part/],
    ["a cell where none can be", far, /a cell "XFE1"/],
    ["sheets without text", workbook({ sheets: [{ name: "S", rows: "" }] }), /has no text/],
  ])("refuses %s", async (_, bytes, reason) => {
    const error = await failure(() => loadDocument(bytes, "garden/plan.xlsx"));
    expect(error).toMatchObject({ code: "unreadable-document", hint: expect.any(String) });
    expect(error.message).toMatch(reason);
  });
});
