import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadDocument } from "../../src/documents/load.js";
import { loadApart } from "../../src/documents/parser-thread.js";
import { ZipArchive } from "../../src/documents/zip.js";
import { budget } from "../fuzz-budget.js";
import { zip } from "./hostile.js";
import { epub } from "./made-epub.js";
import { paragraph, presentation, row, shape, workbook } from "./made-office.js";
import { expectSound } from "./sound.js";

/** A file of each format that is an archive, and its parts that are read. */
const MADE: Record<string, { bytes: Buffer; parts: string[] }> = {
  "a.epub": {
    bytes: epub({
      title: "Bees",
      pages: { "one.xhtml": "<h1>Night</h1><p>Bees sleep.</p>", "two.xhtml": "<p>They fly.</p>" },
      nav: '<ol><li><a href="one.xhtml">Night</a></li></ol>',
      ncx: '<navPoint><navLabel><text>Night</text></navLabel><content src="one.xhtml"/></navPoint>',
      styles: "p { color: red }",
    }),
    parts: [
      "META-INF/container.xml",
      "OEBPS/book.opf",
      "OEBPS/nav.xhtml",
      "OEBPS/toc.ncx",
      "OEBPS/one.xhtml",
    ],
  },
  "a.pptx": {
    bytes: presentation([
      {
        shapes: shape(paragraph("Bees"), { placeholder: "title" }) + shape(paragraph("They sleep.", 1)),
        notes: paragraph("At night."),
        diagram: ["Hive"],
      },
    ]),
    parts: [
      "_rels/.rels",
      "ppt/presentation.xml",
      "ppt/_rels/presentation.xml.rels",
      "ppt/slides/slide1.xml",
      "ppt/slides/_rels/slide1.xml.rels",
      "ppt/notesSlides/notes1.xml",
      "ppt/diagrams/data1.xml",
    ],
  },
  "a.xlsx": {
    bytes: workbook({
      sheets: [{ name: "Hives", rows: row(1, { A: "Hive", B: "Bees" }) + row(2, { A: "East", B: 41_000 }) }],
      strings: ["<si><t>Hive</t></si>"],
    }),
    parts: ["_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml"],
  },
};

/** The file with one of its parts replaced. */
function withPart(name: string, part: string, content: string | { packed: Buffer; size: number }): Buffer {
  const { bytes, parts } = MADE[name] ?? { bytes: Buffer.alloc(0), parts: [] };
  const archive = new ZipArchive(bytes);
  const texts = parts.filter((one) => archive.exists(one)).map((one) => [one, archive.read(one).toString()]);
  return zip({ ...Object.fromEntries(texts), [part]: content });
}

const everyPart = Object.entries(MADE).flatMap(([name, { parts }]) =>
  parts.map((part): [string, string] => [name, part]),
);

function expectReason(error: unknown): void {
  expect(error).toMatchObject({ code: "unreadable-document", hint: expect.any(String) });
}

const zeros = deflateRawSync(Buffer.alloc(1 << 20), { finishFlush: 2 });
const BOMB = { packed: Buffer.concat([...Array(1024).fill(zeros), deflateRawSync("")]), size: 2 ** 30 };
const DEEP = 10_000;
/** A billion words out of ten definitions, for a parser that replaces entities. */
const LAUGHS = `<!DOCTYPE x [<!ENTITY a "ha">${[..."bcdefghij"]
  .map((name) => `<!ENTITY ${name} "${`&${String.fromCharCode(name.charCodeAt(0) - 1)};`.repeat(10)}">`)
  .join("")}<!ENTITY file SYSTEM "file:///etc/passwd">]><x>&j;&file;</x>`;

describe("an archive of documents", () => {
  it.each(everyPart)("%s with its part %s hostile ends in a document or in a reason", async (name, part) => {
    const limits = { seconds: 3, secondsPerMegabyte: 0, growth: 700 };
    const hostile = [BOMB, `${"<a>".repeat(DEEP)}Bees.${"</a>".repeat(DEEP)}`, LAUGHS, "", "\0".repeat(1000)];
    for (const content of hostile) {
      const read = await loadApart(withPart(name, part, content), name, limits).catch((error: unknown) =>
        expectReason(error),
      );
      if (read === undefined) continue;
      expectSound(read);
      expect(read.text).not.toMatch(/hahaha|root:/);
    }
  });

  it("whose sheet says that it is as large as a sheet can be ends in a document or in a reason", async () => {
    const cell = '<c r="XFD1048576" t="inlineStr"><is><t>Bees</t></is></c>';
    const merged = '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>';
    const rows = `${row(1, { A: "Hive" })}<row r="1048576">${cell}</row>`;
    const bytes = workbook({ sheets: [{ name: "Hives", rows }] });
    const limits = { seconds: 3, secondsPerMegabyte: 0, growth: 700 };
    const sheet = new ZipArchive(bytes).read("xl/worksheets/sheet1.xml").toString();
    for (const content of [sheet, sheet.replace("</sheetData>", `</sheetData>${merged}`)]) {
      const file = withPart("a.xlsx", "xl/worksheets/sheet1.xml", content);
      await loadApart(file, "a.xlsx", limits).then(expectSound, expectReason);
    }
  });

  it("with changes anywhere in its parts ends in a document or in a reason", async () => {
    const change = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      cut: fc.nat(40),
      put: fc.oneof(
        fc.string({ unit: "binary", maxLength: 10 }),
        fc.constantFrom(
          "<",
          "</",
          "/>",
          "&#0;",
          "&#xD800;",
          "&x;",
          "<![CDATA[",
          "<!--",
          "-1",
          "1e999",
          "../../x",
          "\ud800",
        ),
      ),
      copies: fc.constantFrom(1, 1, 1, 500),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...everyPart),
        fc.array(change, { minLength: 1, maxLength: 6 }),
        async ([name, part], changes) => {
          let text = new ZipArchive(MADE[name]?.bytes ?? Buffer.alloc(0)).exists(part)
            ? new ZipArchive(MADE[name]?.bytes ?? Buffer.alloc(0)).read(part).toString()
            : "";
          for (const { at, cut, put, copies } of changes) {
            const place = Math.floor(at * text.length);
            text = text.slice(0, place) + put.repeat(copies) + text.slice(place + cut);
          }
          await loadDocument(withPart(name, part, text), name).then(expectSound, expectReason);
        },
      ),
      budget(300),
    );
  });
});
