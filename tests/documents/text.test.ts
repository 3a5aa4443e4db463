import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsePlainText, parseText } from "../../src/documents/text.js";
import { expectSound, lineOf, outline } from "./sound.js";

const parse = (...lines: string[]) => parsePlainText(lines.join("\n"), { uri: "garden.txt" });
const fixture = (name: string) => readFile(new URL(`../fixtures/${name}`, import.meta.url), "utf8");

describe("parseText", () => {
  it("keeps the file's own text, character by character", async () => {
    const article = await fixture("roadmap.txt");
    expect(parsePlainText(article, { uri: "roadmap.txt" }).text).toBe(article);
    expect(parse("  a \u00A0b  ", "", "\tc", "", "").text).toBe("  a \u00A0b  \n\n\tc\n\n");
  });

  it("normalises line ends and drops the byte order mark", async () => {
    const { text } = await parseText(Buffer.from("\uFEFFone\r\ntwo\rthree"), { uri: "a.txt" });
    expect(text).toBe("one\ntwo\nthree");
  });

  it("joins hand-wrapped lines into one paragraph", () => {
    const wide = Array.from({ length: 3 }, () => `${"word ".repeat(23)}wordy`);
    expect(outline(parse("Peas like cool weather", "and a trellis.", "", ...wide))).toEqual([
      "paragraph: Peas like cool weather\nand a trellis.",
      `paragraph: ${wide.join("\n")}`,
    ]);
  });

  it("takes lines of very different lengths for paragraphs of their own when they are long", () => {
    const long = `${"word ".repeat(40)}end.`;
    expect(outline(parse(long, "Short one.", long))).toEqual([
      `paragraph: ${long}`,
      "paragraph: Short one.",
      `paragraph: ${long}`,
    ]);
  });

  it("recognises headings that are underlined, in capitals, numbered or set apart", () => {
    const document = parse(
      "Garden rules\n============\n",
      "Read them.\n",
      "1. Water\n",
      "Use the barrels.\n",
      "1.2 Barrels\n",
      "There are six.\n",
      "TOOLS AND SHED",
      "Hang them up.\n",
      "Ribbons\n-------",
      "Red means broken.\n",
      "Your first morning\n",
      "It lasts two hours.",
    );
    expect(outline(document, "level").filter((line) => line.startsWith("heading"))).toEqual([
      "heading, level 1: Garden rules",
      "heading, level 2: 1. Water",
      "heading, level 3: 1.2 Barrels",
      "heading, level 2: TOOLS AND SHED",
      "heading, level 2: Ribbons",
      "heading, level 3: Your first morning",
    ]);
    expect(document.title).toBe("Garden rules");
  });

  it("takes a long line for a heading where it is underlined over half its length", () => {
    const title = `Effects of shade on ${"very ".repeat(15)}young apple trees on slopes`;
    expect(outline(parse(`${title}\n${"=".repeat(70)}\n`, "They grew."), "level")).toEqual([
      `heading, level 1: ${title}`,
      "paragraph: They grew.",
    ]);
    expect(outline(parse(`${title}\n${"-".repeat(10)}\n`, "They grew."), "level")[0]).toMatch(/^paragraph/);
    const text = `${"word ".repeat(60)}end.`;
    expect(outline(parse(`${text}\n${"-".repeat(200)}\n`, "They grew."), "level")[0]).toMatch(/^paragraph/);
  });

  it("takes questions for headings where each has its answer", () => {
    const levels = outline(
      parse("About\n", "Text.\n", "May I dig?\n", "Yes, you may.\n", "And sow?\n", "Yes."),
      "level",
    );
    expect(levels.filter((line) => line.includes("?"))).toEqual([
      "heading, level 3: May I dig?",
      "heading, level 3: And sow?",
    ]);
    expect(outline(parse("Some text here.\n", "What cuts through?\n", "Projects do."))).toContain(
      "paragraph: What cuts through?",
    );
  });

  it.each([
    ["a short line at the end", ["Dear all, please come on Monday.\n", "Yours truly Ann"]],
    [
      "an address",
      [
        "Write to us at this address.\n",
        "Garden Club\n",
        "12 Willow Lane\n",
        "Hartlepool\n",
        "We answer soon.",
      ],
    ],
    ["a short line with a full stop", ["It rained on the day of the fair.\n", "So what.\n", "We went on."]],
    ["a line in lower case", ["It rained on the day of the fair.\n", "and then\n", "We went on."]],
    ["a lead-in", ["It rained on the day of the fair.\n", "Bring along:\n", "- boots"]],
    ["a first line without a gap", ["Seeds", "should be kept dry and cool until they are sown."]],
  ])("does not take %s for a heading", (_, lines) => {
    expect(outline(parse(...lines)).filter((line) => line.startsWith("heading"))).toEqual([]);
  });

  it("recognises bullets and numbers; the markers lie between the blocks", () => {
    const document = parse(
      "Bring:",
      "  • boots",
      "  • gloves that are",
      "    thick",
      "      ◦ two pairs",
      "",
      "1) dig",
      "2) sow",
      "",
      "(a) rest",
    );
    expect(outline(document, "depth", "ordinal", "group")).toEqual([
      "paragraph: Bring:",
      "list-item, depth 0, group 1: boots",
      "list-item, depth 0, group 1: gloves that are\n    thick",
      "list-item, depth 1, group 1: two pairs",
      "list-item, depth 0, ordinal 1, group 2: dig",
      "list-item, depth 0, ordinal 2, group 2: sow",
      "list-item, depth 0, ordinal 1, group 3: rest",
    ]);
    const [lead, boots] = document.blocks;
    expect(document.text.slice(lead?.end, boots?.start)).toBe("\n  • ");
  });

  it("keeps a list together across empty lines", () => {
    const groups = parse("1. dig", "", "2. sow", "", "3. rest").blocks.map(({ group }) => group);
    expect(groups).toEqual([1, 1, 1]);
  });

  it("does not break a wrapped sentence at a number or a dash", () => {
    expect(
      outline(parse("The fair took place in the year", "2014. It rained", "- as always - on the", "day."))
        .length,
    ).toBe(1);
  });

  it("ends a list where a new paragraph follows it directly", () => {
    expect(outline(parse("- boots", "- gloves", "Then come to the gate."))).toEqual([
      "list-item: boots",
      "list-item: gloves",
      "paragraph: Then come to the gate.",
    ]);
  });

  it("reads tables divided by tabs and by pipes", () => {
    const tabs = parse("Plot\tFee", "Bed\t18", "Half\t35");
    expect(outline(tabs, "header")).toEqual([
      "table-row, header true: Plot\tFee",
      "table-row: Bed\t18",
      "table-row: Half\t35",
    ]);
    const pipes = parse(
      "Fees:",
      "",
      "| Plot | Fee |",
      "|------|-----|",
      "| Bed  | 18  |",
      "",
      "a | b",
      "---+---",
      "c | ",
    );
    expect(outline(pipes, "header", "group")).toEqual([
      "paragraph: Fees:",
      "table-row, header true, group 1: Plot\tFee",
      "table-row, group 1: Bed\t18",
      "table-row, header true, group 2: a\tb",
      "table-row, group 2: c\t",
    ]);
    expectSound(pipes);
    expect(lineOf(pipes, "Bed")).toBe(5);
  });

  it("does not take text with a tab or a pipe for a table", () => {
    expect(outline(parse("One\ttab here", "and one\tthere")).length).toBe(1);
    expect(outline(parse("true | false", "is a type")).length).toBe(1);
  });

  it("gives the line of each block", () => {
    const document = parse("Title\n=====", "", "Text that", "goes on.", "", "- item");
    expect(["Title", "Text", "goes", "item"].map((word) => lineOf(document, word))).toEqual([1, 4, 5, 7]);
  });

  it("refuses binary content and files without text", async () => {
    for (const bytes of [Buffer.from([0x50, 0, 1]), Buffer.from(" \n\t"), Buffer.from("")]) {
      await expect(parseText(bytes, { uri: "a.txt" })).rejects.toMatchObject({ code: "unreadable-document" });
    }
  });

  it("keeps its promises on any text, and the text itself where there is no table", () => {
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 40 }), (fragments) => {
        const text = `x${fragments.join("")}`;
        const document = parse(text);
        expectSound(document);
        expect(parse(text)).toEqual(document);
        if (document.blocks.every(({ type }) => type !== "table-row")) {
          expect(document.text).toBe(text.replace(/\0|\p{Surrogate}/gu, "\uFFFD"));
        }
      }),
    );
  });
});

const fragment = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      "\n",
      "\n\n",
      "\n- ",
      "\n  • ",
      "\n1. ",
      "\n2) ",
      "\n===\n",
      "\n---\n",
      "|",
      "\t",
      " ",
    ),
  },
  fc.constantFrom("Word", "WORDS", "a.", "What?", "\0", "\uD800", "\u00A0", "\u2028", "😀", "x".repeat(130)),
  fc.string({ unit: "grapheme", maxLength: 6 }).map((text) => text.replace(/\r/g, "")),
);
