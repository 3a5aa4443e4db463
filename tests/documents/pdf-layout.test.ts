import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dropPageChrome } from "../../src/documents/pdf-chrome.js";
import { lineJoiner } from "../../src/documents/pdf-hyphens.js";
import { layOut } from "../../src/documents/pdf-layout.js";
import type { PdfLine } from "../../src/documents/pdf-lines.js";
import { lineText } from "../../src/documents/pdf-style.js";

/** A line of 11 point text; letters are 5 points wide. */
function line(text: string, y: number, given: Partial<PdfLine> & { left?: number } = {}): PdfLine {
  const { left = 72, ...rest } = given;
  const cells = text.split("\t").map((cell, column) => {
    const start = left + column * 150;
    return { text: cell, left: start, right: start + cell.length * 5 };
  });
  return { cells, y, size: 11, font: "text", monospace: false, page: 1, ...rest };
}

const FULL = "A line of running text that goes all the way to the right edge of the page and";
const outline = (lines: PdfLine[]) =>
  layOut(lines).map(
    (part) => `${part.type}: ${(part.type === "table" ? part.rows : part.lines).map(lineText).join(" / ")}`,
  );

describe("layOut", () => {
  it("parts paragraphs at wide gaps", () => {
    const lines = [line(FULL, 100), line("ends here.", 114), line(FULL, 135), line("ends there.", 149)];
    expect(outline(lines)).toEqual([`paragraph: ${FULL} / ends here.`, `paragraph: ${FULL} / ends there.`]);
  });

  it("parts paragraphs without gaps at an indent, or where a sentence ends a short line", () => {
    const indented = [
      line(FULL, 100),
      line(`${FULL}.`, 114),
      line(FULL, 128, { left: 90 }),
      line("end.", 142),
    ];
    expect(outline(indented)).toHaveLength(2);
    const short = [line(FULL, 100), line("It ends.", 114), line(FULL, 128), line(FULL, 142)];
    expect(outline(short)).toEqual([`paragraph: ${FULL} / It ends.`, `paragraph: ${FULL} / ${FULL}`]);
  });

  it("takes larger lines for headings, level by size, and joins one of two lines", () => {
    const lines = [
      line("A title on", 60, { size: 20 }),
      line("two lines", 84, { size: 20 }),
      line("Part", 110, { size: 14 }),
      line(FULL, 130),
      line(FULL, 144),
      line("Part two", 170, { size: 14 }),
      line(FULL, 190),
    ];
    expect(layOut(lines).flatMap((part) => (part.type === "heading" ? [part.level] : []))).toEqual([1, 2, 2]);
    expect(outline(lines)[0]).toBe("heading: A title on / two lines");
  });

  it("takes a short line in another font for a heading only where it stands apart above text", () => {
    const bold = { font: "bold" };
    const apart = [line(FULL, 100), line("Tools", 130, bold), line(FULL, 144), line(FULL, 158)];
    expect(outline(apart)[1]).toBe("heading: Tools");
    const within = [line(FULL, 100), line("Tools", 114, bold), line(FULL, 128), line(FULL, 142)];
    expect(outline(within)).toHaveLength(1);
    const sentence = [line(FULL, 100), line("Mind the pond.", 130, bold), line(FULL, 144), line(FULL, 158)];
    expect(outline(sentence).filter((part) => part.startsWith("heading"))).toEqual([]);
  });

  it("starts an item at each marker and goes on in lines indented below it", () => {
    const lines = [
      line("Bring:", 100),
      line("• boots and", 114),
      line("socks", 128, { left: 84 }),
      line("• gloves", 142),
      line("Then come.", 156),
    ];
    expect(outline(lines)).toEqual([
      "paragraph: Bring:",
      "list-item: • boots and / socks",
      "list-item: • gloves",
      "paragraph: Then come.",
    ]);
  });

  it("takes lines whose cells line up for a table, and one line with a gap for text", () => {
    const rows = [line("Plot\tFee", 100, { font: "bold" }), line("Bed\t18", 114), line("Half\t35", 128)];
    expect(layOut([line(FULL, 60), ...rows]).at(-1)).toMatchObject({ type: "table", header: true, rows });
    expect(outline([line("Left\tright", 100), line(FULL, 114)])).toHaveLength(1);
  });

  it("ends a table at a line of code that lines up with its columns", () => {
    const rows = [line("a\tb\tc", 100), line("d\te\tf", 114)];
    const code = line("x\ty\tz", 128, { font: "mono", monospace: true });
    const parts = layOut([line(FULL, 60), ...rows, code, line("g\th\ti", 142), line(FULL, 170)]);
    expect(parts.slice(1, 3)).toMatchObject([
      { type: "table", rows },
      { type: "code", lines: [code] },
    ]);
  });

  it("loses no line and doubles none", () => {
    const anyLine = fc
      .tuple(
        fc.constantFrom(FULL, "Short", "a.", "• x", "1. y", "a\tb", "a\tb\tc", "word-"),
        fc.nat({ max: 700 }),
        fc.nat({ max: 3 }),
      )
      .chain(([text, y, page]) =>
        fc
          .record({
            size: fc.constantFrom(8, 11, 14),
            font: fc.constantFrom("text", "bold"),
            monospace: fc.boolean(),
            left: fc.nat({ max: 300 }),
          })
          .map((rest) => line(text, y, { ...rest, page })),
      );
    fc.assert(
      fc.property(fc.array(anyLine, { maxLength: 30 }), (lines) => {
        const parts = layOut(lines).flatMap((part) => (part.type === "table" ? part.rows : part.lines));
        expect(parts).toEqual(lines);
      }),
    );
  });
});

describe("dropPageChrome", () => {
  const page = (number: number, ...texts: string[]) =>
    texts.map((text, index) => line(text, 40 + index * 50, { page: number }));

  it("drops what comes again at the edge of most pages, whatever its digits", () => {
    const lines = [
      page(1, "Handbook", "One", "two", "2025, page 1"),
      page(2, "Handbook", "three", "four", "2025, page 2"),
    ].flat();
    expect(dropPageChrome(lines).map(lineText)).toEqual(["One", "two", "three", "four"]);
  });

  it("drops a number that counts the pages, though on few of them", () => {
    const lines = [
      page(1, "a", "b"),
      page(2, "c", "d", "e", "f", "Part 1: 2"),
      page(3, "g", "h", "i", "j", "Part 1: 3"),
      page(4, "k"),
      page(5, "l"),
    ];
    expect(dropPageChrome(lines.flat()).map(lineText).join("")).toBe("abcdefghijkl");
  });

  it("keeps what comes again in the middle of pages, at another height, or on one page", () => {
    const lines = [
      page(1, "a", "b", "Note", "c", "d"),
      page(2, "e", "f", "Note", "g", "h"),
      page(3, "Note", "Note", "i"),
    ].flat();
    expect(dropPageChrome(lines)).toEqual(lines);
  });
});

describe("lineJoiner", () => {
  const join = (texts: string[], ...elsewhere: string[]) => {
    const lines = texts.map((text) => ({ text, page: 1 }));
    const joined = lineJoiner([...lines, ...elsewhere.map((text) => ({ text, page: 1 }))])(lines);
    return joined.map(({ text }) => text).join("");
  };

  it("joins lines with a space", () => {
    expect(join(["Sow the", "peas."])).toBe("Sow the peas.");
  });

  it("undoes a division where the word stands whole elsewhere", () => {
    expect(join(["We grow vege-", "tables here."], "Vegetables need water.")).toBe(
      "We grow vegetables here.",
    );
  });

  it("keeps a hyphen where the word stands with it elsewhere, or nothing is known", () => {
    expect(join(["A well-", "known plot."], "It is well-known.")).toBe("A well-known plot.");
    expect(join(["A well-", "known plot."])).toBe("A well-known plot.");
  });

  it("undoes an unknown division where the document divides words", () => {
    expect(join(["We grow vege-", "tables and straw-", "berries."], "Vegetables need water.")).toBe(
      "We grow vegetables and strawberries.",
    );
  });

  it("always takes out a soft hyphen, and keeps a hyphen before a capital", () => {
    expect(join(["vege\u00AD", "tables"])).toBe("vegetables");
    expect(join(["the Tyne-", "Wear line"])).toBe("the Tyne-Wear line");
  });
});
