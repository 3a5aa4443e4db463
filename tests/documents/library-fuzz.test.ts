import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadDocument } from "../../src/documents/load.js";
import { loadApart } from "../../src/documents/parser-thread.js";
import { budget } from "../fuzz-budget.js";
import { damages, zip } from "./hostile.js";
import { epub } from "./made-epub.js";
import { office, paragraph, presentation, relations, row, shape, workbook } from "./made-office.js";
import { expectSound } from "./sound.js";

const BODY =
  '<h1 id="a">Calm &amp; storm</h1><p class="x">No <b>wind</b>.</p><ul><li>Heat</li></ul><table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>';
const NAV = '<ol><li><a href="a.xhtml#a">Calm</a><ol><li><a href="b.xhtml">Storm</a></li></ol></li></ol>';
const SHAPES =
  shape(paragraph("Plan"), { placeholder: "ctrTitle" }) +
  shape(paragraph("Peas", 1) + paragraph("Beans", 0, '<a:buAutoNum type="x" startAt="2"/>'));
const ROWS =
  row(1, { A: "Plant", B: "Rows", C: "Due" }, 'hidden="0"') +
  row(2, { A: '<c t="s"><v>0</v></c>', B: 3, C: '<c s="1"><v>46095</v></c>' });
const STYLES =
  '<numFmts><numFmt numFmtId="164" formatCode="d mmm yyyy"/></numFmts><cellXfs><xf/><xf numFmtId="164"/></cellXfs>';
const CSV = 'Plant,Rows\n"Peas, sweet",3\n\nBeans,"4\n5"\n';

/** A file of each format around a part of it that a test may change. */
const MADE: [name: string, base: string, make: (part: string) => Buffer][] = [
  ["page.epub", BODY, (body) => epub({ pages: { "a.xhtml": body, "b.xhtml": BODY }, nav: NAV })],
  ["contents.epub", NAV, (nav) => epub({ pages: { "a.xhtml": BODY, "b.xhtml": BODY }, nav })],
  ["styles.epub", ".x { display: none }", (styles) => epub({ pages: { "a.xhtml": BODY }, styles })],
  ["slide.pptx", SHAPES, (shapes) => presentation([{ shapes, notes: paragraph("Say so.") }])],
  ["rows.xlsx", ROWS, (rows) => made({ rows })],
  ["styles.xlsx", STYLES, (styles) => made({ styles })],
  ["strings.xlsx", "<t>Peas</t>", (text) => made({ strings: [text] })],
  ["rows.csv", CSV, (text) => Buffer.from(text)],
  ["rows.tsv", CSV.replaceAll(",", "\t"), (text) => Buffer.from(text)],
];

function made({ rows = ROWS, styles = STYLES, strings = ["<t>Peas</t>"] }): Buffer {
  return workbook({ sheets: [{ name: "Beds", rows, table: "A1:C2" }], styles, strings });
}

async function endsWell(bytes: Buffer, name: string): Promise<void> {
  await loadDocument(bytes, name).then(expectSound, (error: unknown) =>
    expect(error).toMatchObject({ code: "unreadable-document", hint: expect.any(String) }),
  );
}

describe("files of books, slides and sheets", () => {
  it("as they are made here are sound", async () => {
    for (const [name, base, make] of MADE) expectSound(await loadDocument(make(base), name));
  });

  it("with their insides changed end in a document or in a reason", async () => {
    const token = fc.oneof(
      fc.constantFrom(
        ..."<>&;\"'/=,\n\t\0",
        "</",
        "/>",
        "<![CDATA[",
        "]]>",
        "<!--",
        "<?",
        "&#x0;",
        "&#xD800;",
      ),
      fc.constantFrom(
        "<a:p>",
        "<p/>",
        '<c r="',
        "XFD1048576",
        "-1",
        "1e308",
        "NaN",
        ";;;",
        '[h]"',
        "[$-",
        "@",
      ),
      fc.constantFrom("\u{1F98A}", "\uD800", "\u202E", "\u{E0041}", "\u200B"),
      fc.string({ unit: "binary", maxLength: 5 }),
    );
    const place = fc.double({ min: 0, max: 1, noNaN: true });
    const edits = fc.array(fc.tuple(place, fc.nat({ max: 12 }), token), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...MADE), edits, async ([name, base, make], changes) => {
        const part = changes.reduce((text, [where, length, inserted]) => {
          const at = Math.floor(where * text.length);
          return text.slice(0, at) + inserted + text.slice(at + length);
        }, base);
        await endsWell(make(part), name);
      }),
      budget(250),
    );
  });

  it("cut off or with bytes changed end in a document or in a reason", async () => {
    const files = MADE.map(([name, base, make]) => [name, make(base)] as const);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...files), damages, async ([name, file], damage) => {
        await endsWell(damage(file), name);
      }),
      budget(150),
    );
  });
});

/** Zeros by the gigabyte, in a megabyte. */
const BOMB = (() => {
  const chunk = deflateRawSync(Buffer.alloc(1 << 20), { finishFlush: 2 });
  return { packed: Buffer.concat([...Array(1024).fill(chunk), deflateRawSync("")]), size: 2 ** 30 };
})();
const bombIn = (main: string, part: string) =>
  zip({ "_rels/.rels": relations({ rId1: ["officeDocument", main] }), [part]: BOMB });
const many = 100_000;

describe("hostile books, slides and sheets", () => {
  it.each<[string, string, () => Buffer]>([
    ["a book of a gigabyte of zeros", "a.epub", () => zip({ "META-INF/container.xml": BOMB })],
    ["slides of a gigabyte of zeros", "a.pptx", () => bombIn("ppt/p.xml", "ppt/p.xml")],
    ["a workbook of a gigabyte of zeros", "a.xlsx", () => bombIn("xl/w.xml", "xl/w.xml")],
    ["a workbook that lies about its size", "a.xlsx", () => bombIn("xl/w.xml", "xl/w.xml").fill(1, 30, 34)],
    [
      "slides nested 100,000 deep",
      "a.pptx",
      () => presentation([{ shapes: "<p:grpSp>".repeat(many) + "</p:grpSp>".repeat(many) }]),
    ],
    [
      "a table of contents nested 100,000 deep",
      "a.epub",
      () => epub({ pages: { "a.xhtml": BODY }, ncx: "<navPoint>".repeat(many) + "</navPoint>".repeat(many) }),
    ],
    [
      "a presentation that shows one slide 100,000 times",
      "a.pptx",
      () =>
        office("p.xml", {
          "p.xml": `<presentation xmlns:r="r"><sldIdLst>${'<sldId r:id="a"/>'.repeat(many)}</sldIdLst></presentation>`,
          "_rels/p.xml.rels": relations({ a: ["slide", "s.xml"] }),
          "s.xml": `<sld><cSld><spTree>${SHAPES}</spTree></cSld></sld>`,
        }),
    ],
    [
      "a sheet that repeats a text of a megabyte",
      "a.xlsx",
      () =>
        workbook({
          strings: [`<t>${"Bees. ".repeat(170_000)}</t>`],
          sheets: [{ name: "S", rows: `<row>${'<c t="s"><v>0</v></c>'.repeat(10_000)}</row>` }],
        }),
    ],
    [
      "a million empty rows, and one at the end",
      "a.xlsx",
      () =>
        workbook({
          sheets: [{ name: "S", rows: "<row/>".repeat(1_000_000) + row(1_048_576, { XFD: "x", A: "y" }) }],
        }),
    ],
    ["a megabyte of quotation marks", "a.csv", () => Buffer.from('"a"b,'.repeat(200_000))],
    ["a megabyte of commas", "a.csv", () => Buffer.from(`x${",".repeat(1_000_000)}y`)],
    ["tags that never end", "a.epub", () => epub({ pages: { "a.xhtml": `<p>Bees.${"<a ".repeat(many)}` } })],
    [
      "comments that never end",
      "a.epub",
      () => epub({ pages: { "a.xhtml": `<p>Bees.${"<!--".repeat(many)}` } }),
    ],
  ])("end in a document or in a reason: %s", async (_, uri, make) => {
    const limits = { seconds: 1.5, secondsPerMegabyte: 0, growth: 700 };
    await loadApart(make(), uri, limits).then(expectSound, (error: unknown) => {
      expect(error).toMatchObject({ code: "unreadable-document", hint: expect.any(String) });
    });
  });
});
