import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DocumentBuilder, LINE_BREAK, type Piece } from "../../src/documents/builder.js";
import { locate, placeAt } from "../../src/documents/document.js";
import { expectSeparated, expectSound } from "./sound.js";

const source = { uri: "notes/spring list.md" };
const newBuilder = () => new DocumentBuilder(source, "text/markdown");

describe("DocumentBuilder", () => {
  it("joins pieces, makes one space of any white space and trims the block", () => {
    const builder = newBuilder();
    builder.add({ type: "paragraph" }, [{ text: " \n Sow " }, { text: "\tthe\u00A0 peas" }, { text: ".  " }]);
    expect(builder.finish().text).toBe("Sow the peas.");
  });

  it("joins the words of a paragraph by one space each, however many there are", () => {
    const words = fc.array(fc.constantFrom("pea", "\u00E9t\u00E9", " ", "  ", "\t", "\u00A0 "), {
      maxLength: 300,
    });
    fc.assert(
      fc.property(words, fc.array(words, { maxLength: 3 }), (first, others) => {
        const texts = ["x ", ...[first, ...others].map((some) => some.join(""))];
        const builder = newBuilder();
        builder.add(
          { type: "paragraph" },
          texts.map((text) => ({ text })),
        );
        expect(builder.finish().text).toBe(texts.join("").replace(/\s+/g, " ").trim());
      }),
    );
    const builder = newBuilder();
    builder.add({ type: "paragraph" }, [{ text: "pea ".repeat(6_000_000) }]);
    expect(builder.finish().text).toHaveLength(24_000_000 - 1);
  });

  it("keeps a hard line break in a paragraph, and makes a space of it in headings and cells", () => {
    const builder = newBuilder();
    builder.add({ type: "heading", level: 1 }, [{ text: "Peas" }, LINE_BREAK, { text: "and beans" }]);
    builder.add({ type: "paragraph" }, [
      LINE_BREAK,
      { text: "Sow " },
      LINE_BREAK,
      { text: " early" },
      LINE_BREAK,
    ]);
    builder.addRow(builder.newGroup(), false, [[{ text: "a" }, LINE_BREAK, { text: "b" }]]);
    expect(builder.finish().text).toBe("Peas and beans\n\nSow\nearly\n\na b");
  });

  it("keeps code as it is, but for empty lines at its ends", () => {
    const builder = newBuilder();
    builder.add({ type: "code" }, [{ text: "\n\n  if (wet) \n\n\treturn;\n\n", verbatim: true }]);
    expect(builder.finish().text).toBe("  if (wet) \n\n\treturn;");
  });

  it("leaves out blocks and rows without words, and says so", () => {
    const builder = newBuilder();
    expect(builder.add({ type: "paragraph" }, [{ text: " \u200B\n" }])).toBe(false);
    builder.addRow(1, false, [[{ text: " " }], []]);
    expect(builder.add({ type: "paragraph" }, [{ text: "x" }])).toBe(true);
    expect(builder.finish().blocks).toEqual([{ type: "paragraph", start: 0, end: 1 }]);
  });

  it("puts one tab between cells, also empty ones", () => {
    const builder = newBuilder();
    builder.addRow(1, true, [[], [{ text: "June\t1" }], []]);
    const { text, blocks } = builder.finish();
    expect(text).toBe("\tJune 1\t");
    expect(blocks[0]?.cells).toEqual([
      { start: 0, end: 0 },
      { start: 1, end: 7 },
      { start: 8, end: 8 },
    ]);
    expect(blocks[0]?.header).toBe(true);
  });

  it("counts source lines on from the last piece that gave one", () => {
    const builder = newBuilder();
    builder.add({ type: "paragraph" }, [{ text: "one\ntwo", line: 5 }, { text: "\nthree" }]);
    const { text, lines } = builder.finish();
    expect(["one", "two", "three"].map((word) => locate(lines, text.indexOf(word)))).toEqual([5, 6, 7]);
  });

  it("gives the line of an indented first line and of a row with an empty first cell", () => {
    const builder = newBuilder();
    builder.add({ type: "code" }, [{ text: "\n  x", line: 2, verbatim: true }]);
    builder.addRow(1, false, [[], [{ text: "y", line: 9 }]]);
    const { blocks, lines } = builder.finish();
    expect(blocks.map(({ start }) => locate(lines, start))).toEqual([3, 9]);
  });

  it("says of each block the place that its pieces name, until another one comes", () => {
    const builder = newBuilder();
    builder.add({ type: "paragraph" }, [{ text: "a" }]);
    builder.add({ type: "paragraph" }, [{ text: " \n", place: "slide 1" }]);
    builder.add({ type: "paragraph" }, [
      { text: "b", place: "slide 2" },
      { text: " c", place: " slide\n3 " },
    ]);
    builder.addRow(builder.newGroup(), false, [[], [{ text: "d", place: "Budget, row 7" }], []]);
    builder.add({ type: "paragraph" }, [{ text: "e", place: "Budget, row 7" }]);
    const { text, places } = builder.finish();
    const where = (word: string) => placeAt(places, text.indexOf(word));
    expect([..."abcde"].map(where)).toEqual([
      undefined,
      "slide 2",
      "slide 3",
      "Budget, row 7",
      "Budget, row 7",
    ]);
    expect(places).toHaveLength(3);
  });

  it("makes no places where no piece names one", () => {
    const builder = newBuilder();
    builder.add({ type: "paragraph" }, [{ text: "x", line: 1, page: 2, place: " " }]);
    expect(builder.finish()).not.toHaveProperty("places");
  });

  it("takes the title that is given, else the first heading of level 1, else the file's name", () => {
    const withHeading = (title?: string) => {
      const builder = newBuilder();
      builder.add({ type: "heading", level: 2 }, [{ text: "Second" }]);
      builder.add({ type: "heading", level: 1 }, [{ text: "First" }]);
      return builder.finish(title).title;
    };
    expect(withHeading(" A\nTitle ")).toBe("A Title");
    expect(withHeading(" ")).toBe("First");
    const builder = newBuilder();
    builder.add({ type: "paragraph" }, [{ text: "x" }]);
    expect(builder.finish().title).toBe("spring list");
  });

  it("refuses a document without text", () => {
    expect(() => newBuilder().finish("A title")).toThrow(
      expect.objectContaining({ code: "unreadable-document", message: "notes/spring list.md has no text." }),
    );
  });

  it("leaves out a heading that is blank once it is on one line", () => {
    const builder = newBuilder();
    expect(builder.add({ type: "heading", level: 1 }, [{ text: "\n\u200b", verbatim: true }])).toBe(false);
  });

  it("keeps its promises whatever it is given", () => {
    fc.assert(
      fc.property(fc.array(block, { minLength: 1, maxLength: 12 }), (blocks) => {
        const builder = newBuilder();
        builder.add({ type: "paragraph" }, [{ text: "x" }]);
        for (const { type, group, cells } of blocks) {
          if (type === "table-row") builder.addRow(group, false, cells);
          else if (type === "list-item") builder.add({ type, group, depth: 0 }, cells.flat());
          else builder.add({ type }, cells.flat());
        }
        const document = builder.finish();
        expectSound(document);
        expectSeparated(document);
      }),
    );
  });
});

const piece: fc.Arbitrary<Piece> = fc.record(
  {
    text: fc.string({
      unit: fc.constantFrom("a", "B", ".", " ", "\n", "\t", "\u00A0", "\u200B", "\0", "\uD800", "😀"),
    }),
    line: fc.nat({ max: 50 }),
    page: fc.nat({ max: 5 }),
    place: fc.constantFrom("slide 1", "slide 2", " slide\n2", "", "\u200B", "\uD800", "😀x".repeat(99)),
    verbatim: fc.boolean(),
  },
  { requiredKeys: ["text"] },
);
const block = fc.record({
  type: fc.constantFrom("paragraph", "heading", "list-item", "table-row", "quote", "code"),
  group: fc.integer({ min: 1, max: 3 }),
  cells: fc.array(fc.array(piece, { maxLength: 4 }), { minLength: 1, maxLength: 4 }),
});
