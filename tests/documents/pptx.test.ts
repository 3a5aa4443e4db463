import { describe, expect, it } from "vitest";
import type { SourceDocument } from "../../src/documents/document.js";
import { loadDocument } from "../../src/documents/load.js";
import { failure } from "../store/fixture.js";
import { wordDocument, zip } from "./hostile.js";
import { type MadeSlide, office, paragraph, presentation, relations, shape } from "./made-office.js";
import { expectSeparated, expectSound, outline, placeOf } from "./sound.js";

const uri = "talks/garden.pptx";
const read = async (slides: MadeSlide[], name?: string): Promise<SourceDocument> => {
  const document = await loadDocument(presentation(slides, name), uri);
  expectSound(document);
  expectSeparated(document);
  return document;
};
const title = (text: string, placeholder = "title") => shape(paragraph(text), { placeholder });
const text = (words: string) => shape(paragraph(words));

describe("parsePptx", () => {
  it("reads the slides in order: titles as headings, bullets as items as deep as they are, notes last", async () => {
    const document = await read([
      {
        shapes: title("Garden plan", "ctrTitle") + shape(paragraph("For all"), { placeholder: "subTitle" }),
      },
      {
        shapes:
          shape(
            paragraph("Vegetables") +
              paragraph("Peas &amp; beans", 1) +
              paragraph("Flowers") +
              paragraph("No bullet here.", 0, "<a:buNone/>"),
            { placeholder: "obj" },
          ) + title("What we grow"),
        notes: paragraph("Mention the drought.") + paragraph("And the pump."),
      },
      { shapes: title("Thanks") },
    ]);
    expect(outline(document, "level", "depth")).toEqual([
      "heading, level 1: Garden plan",
      "paragraph: For all",
      "heading, level 2: What we grow",
      "list-item, depth 0: Vegetables",
      "list-item, depth 1: Peas & beans",
      "list-item, depth 0: Flowers",
      "paragraph: No bullet here.",
      "paragraph: Mention the drought.",
      "paragraph: And the pump.",
      "heading, level 2: Thanks",
    ]);
    expect(placeOf(document, "For all")).toBe("slide 1");
    expect(placeOf(document, "Flowers")).toBe("slide 2");
    expect(placeOf(document, "And the pump")).toBe("slide 2, notes");
    expect(placeOf(document, "Thanks")).toBe("slide 3");
    expect(document).toMatchObject({ title: "Garden plan", lines: [], pages: [] });
    expect(document).not.toHaveProperty("hidden");
  });

  it("numbers items as the slide does, and takes bullets of a text box", async () => {
    const numbered = '<a:buAutoNum type="arabicPeriod" startAt="3"/>';
    const { blocks } = await read([
      {
        shapes:
          shape(
            paragraph("Dig", 0, numbered) +
              paragraph("Deep", 1, "<a:buChar/>") +
              paragraph("Sow", 0, numbered),
          ) + shape(paragraph("Plain text.")),
      },
    ]);
    expect(blocks.map(({ type, ordinal, depth }) => ({ type, ordinal, depth })).slice(1)).toEqual([
      { type: "list-item", ordinal: 3, depth: 0 },
      { type: "list-item", ordinal: undefined, depth: 1 },
      { type: "list-item", ordinal: 4, depth: 0 },
      { type: "paragraph", ordinal: undefined, depth: undefined },
    ]);
  });

  it("reads tables as rows, with their header row, and the words of groups, alternatives and diagrams", async () => {
    const cell = (words: string) => `<a:tc><a:txBody>${paragraph(words)}</a:txBody></a:tc>`;
    const frame = (data: string) =>
      `<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr/><p:nvPr/></p:nvGraphicFramePr><a:graphic><a:graphicData>${data}</a:graphicData></a:graphic></p:graphicFrame>`;
    const table = `<a:tbl><a:tblPr firstRow="1"/><a:tr>${cell("Item")}${cell("Cost")}</a:tr><a:tr>${cell("Seeds")}${cell("€ 120")}</a:tr></a:tbl>`;
    const document = await read([
      {
        shapes:
          title("Budget") +
          frame(table) +
          `<p:grpSp><p:nvGrpSpPr><p:cNvPr/></p:nvGrpSpPr><p:grpSpPr/><p:grpSp>${text("In a group.")}</p:grpSp></p:grpSp>` +
          `<mc:AlternateContent><mc:Choice>${text("New.")}</mc:Choice><mc:Fallback>${text("Old.")}</mc:Fallback></mc:AlternateContent>` +
          frame('<dgm:relIds r:dm="rId5"/>'),
        diagram: ["Plan", "Plant"],
      },
    ]);
    expect(outline(document, "header")).toEqual([
      "heading: Budget",
      "table-row, header true: Item\tCost",
      "table-row: Seeds\t€ 120",
      "paragraph: In a group.",
      "paragraph: New.",
      "list-item: Plan",
      "list-item: Plant",
    ]);
  });

  it("tells a slide without a title from the one before it", async () => {
    const document = await read(
      [{ shapes: title("First") + text("One.") }, { shapes: text("Two.") }, { shapes: shape("") }],
      "A talk",
    );
    expect(outline(document)).toEqual([
      "heading: First",
      "paragraph: One.",
      "heading: Slide 2",
      "paragraph: Two.",
    ]);
    expect(document.title).toBe("A talk");
  });

  it("leaves out and counts hidden slides, shapes and words, and what lies outside of the slide", async () => {
    const document = await read([
      {
        shapes:
          title("Shown") +
          text("Open.") +
          shape(paragraph("12345"), { hidden: true }) +
          shape(paragraph("1234"), { x: -20 }) +
          shape(paragraph("123"), { x: 100 }) +
          shape(paragraph("12", 0, "", '<a:rPr sz="100"/>')) +
          shape(paragraph("1", 0, "", "<a:rPr><a:noFill/></a:rPr>")) +
          shape(paragraph("At the edge.", 0, "", '<a:rPr sz="900"/>'), { x: -5 }),
      },
      { hidden: true, shapes: title("1234567") + text("12 345"), notes: paragraph("12") },
      { shapes: title("Last") },
    ]);
    expect(outline(document)).toEqual([
      "heading: Shown",
      "paragraph: Open.",
      "paragraph: At the edge.",
      "heading: Last",
    ]);
    expect(document.hidden).toBe(5 + 4 + 3 + 2 + 1 + 7 + 5 + 2);
    expect(placeOf(document, "Last")).toBe("slide 3");
  });

  it("leaves out what stands on every slide", async () => {
    const number = '<a:p><a:fld type="slidenum"><a:t>7</a:t></a:fld></a:p>';
    const document = await read([
      {
        shapes:
          title("Shown") +
          ["dt", "ftr", "sldNum"].map((placeholder) => shape(paragraph("x"), { placeholder })).join("") +
          shape(`${paragraph("Open.")}${number}`),
      },
    ]);
    expect(document.text).toBe("Shown\n\nOpen.");
  });

  const good = presentation([{ shapes: title("A talk about gardens and what grows in them") }]);
  it.each<[string, Buffer, RegExp]>([
    ["what is empty", Buffer.alloc(0), /no archive/],
    ["what is no archive", Buffer.from("slides"), /no archive/],
    ["one that is cut off", good.subarray(0, good.length / 2), /no archive/],
    ["one in the old format", Buffer.from("d0cf11e0a1b11ae1", "hex"), /password or in the old \.ppt format/],
    ["a Word document", wordDocument("<w:p/>"), /no main part/],
    ["another Office file", office("xl/w.xml", { "xl/w.xml": "<workbook/>" }), /no presentation/],
    ["damaged XML", office("ppt/p.xml", { "ppt/p.xml": "<presentation><sldIdLst>" }), /XML is damaged/],
    ["an archive of something else", zip({ "a.txt": "x" }), /no main part/],
    ["slides without text", presentation([{ shapes: shape("") }]), /has no text/],
  ])("refuses %s", async (_, bytes, reason) => {
    const error = await failure(() => loadDocument(bytes, uri));
    expect(error).toMatchObject({ code: "unreadable-document", hint: expect.any(String) });
    expect(error.message).toMatch(reason);
  });

  it("goes on where a part that is named is not there", async () => {
    const bytes = office("ppt/p.xml", {
      "ppt/p.xml":
        '<presentation xmlns:r="r"><sldIdLst><sldId id="1" r:id="a"/><sldId id="2" r:id="b"/></sldIdLst></presentation>',
      "ppt/_rels/p.xml.rels": relations({ a: ["slide", "gone.xml"], b: ["slide", "here.xml"] }),
      "ppt/here.xml": `<p:sld xmlns:p="p" xmlns:a="a"><p:cSld><p:spTree>${title("Here")}</p:spTree></p:cSld></p:sld>`,
    });
    const document = await loadDocument(bytes, uri);
    expect(placeOf(document, "Here")).toBe("slide 2");
  });
});
