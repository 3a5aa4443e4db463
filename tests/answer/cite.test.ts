import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CitedDocument, cite } from "../../src/answer/cite.js";

const DOCUMENT: CitedDocument = {
  id: "d1",
  title: "A walk",
  uri: "walks/one.txt",
  text: "Start at the mill.\nCross the bridge 🌉 now.\nRest.",
  lines: [
    { offset: 0, value: 1 },
    { offset: 19, value: 3 },
    { offset: 44, value: 4 },
  ],
  pages: [],
};

describe("cite", () => {
  it("cuts the quote from the text, and says where it stands", () => {
    expect(cite(DOCUMENT, { start: 19, end: 43 }, ["Walks", "East"], 0.75)).toEqual({
      documentId: "d1",
      title: "A walk",
      uri: "walks/one.txt",
      start: 19,
      end: 43,
      quote: "Cross the bridge 🌉 now.",
      headings: ["Walks", "East"],
      line: 3,
      score: 0.75,
    });
  });

  it("gives a page where the format has pages, and no line where it has no lines", () => {
    const pages = [
      { offset: 0, value: 7 },
      { offset: 44, value: 8 },
    ];
    const pdf = { ...DOCUMENT, lines: [], pages };
    expect(cite(pdf, { start: 19, end: 49 }, [], 1)).toMatchObject({ page: 7 });
    expect(cite(pdf, { start: 44, end: 49 }, [], 1)).toMatchObject({ page: 8 });
    expect(cite(pdf, { start: 44, end: 49 }, [], 1)).not.toHaveProperty("line");
    expect(cite(DOCUMENT, { start: 44, end: 49 }, [], 1)).not.toHaveProperty("page");
  });

  it("gives the place where the document has places", () => {
    const places = [
      { offset: 19, label: "slide 2" },
      { offset: 44, label: "slide 3" },
    ];
    const deck = { ...DOCUMENT, lines: [], places };
    expect(cite(deck, { start: 19, end: 49 }, [], 1)).toMatchObject({ place: "slide 2" });
    expect(cite(deck, { start: 44, end: 49 }, [], 1)).toMatchObject({ place: "slide 3" });
    expect(cite(deck, { start: 0, end: 5 }, [], 1)).not.toHaveProperty("place");
    expect(cite(DOCUMENT, { start: 44, end: 49 }, [], 1)).not.toHaveProperty("place");
  });

  it("takes only the range of what it is given, and a copy of the headings", () => {
    const headings = ["Walks"];
    const range = { start: 0, end: 18, kind: "sentence" };
    const citation = cite(DOCUMENT, range, headings, 1);
    headings.push("changed");
    expect(citation).not.toHaveProperty("kind");
    expect(citation.headings).toEqual(["Walks"]);
  });

  it.each([
    [-0.2, 0],
    [0, 0],
    [0.12345, 0.123],
    [1, 1],
    [1.0000001, 1],
  ])("gives the score %d as %d", (score, given) => {
    expect(cite(DOCUMENT, { start: 0, end: 5 }, [], score).score).toBe(given);
  });

  it("is verbatim for any text and range", () => {
    const cases = fc
      .string({ unit: "grapheme", minLength: 1 })
      .chain((text) => fc.tuple(fc.constant(text), fc.nat(text.length), fc.nat(text.length)));
    fc.assert(
      fc.property(cases, ([text, a, b]) => {
        const { start, end, quote } = cite(
          { ...DOCUMENT, text },
          { start: Math.min(a, b), end: Math.max(a, b) },
          [],
          0.5,
        );
        expect(text.slice(start, end)).toBe(quote);
      }),
    );
  });
});
