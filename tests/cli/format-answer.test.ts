import { describe, expect, it } from "vitest";
import type { Answer, AnswerSentence, Citation } from "../../src/answer/answer.js";
import { formatAnswer } from "../../src/cli/format-answer.js";

const plain = { bold: (text: string) => text, dim: (text: string) => text };
const marked = { bold: (text: string) => `<b>${text}</b>`, dim: (text: string) => text };

function citation(quote: string, start: number, line: number): Citation {
  return {
    documentId: "guide",
    title: "The Guide",
    uri: "guide.md",
    headings: ["Part One", "Start"],
    line,
    quote,
    start,
    end: start + quote.length,
    score: 0.9,
  };
}

function sentence(text: string, line: number, more: Partial<AnswerSentence> = {}): AnswerSentence {
  return { text, kind: "sentence", citations: [citation(text, line * 1000, line)], ...more };
}

function answered(...sentences: AnswerSentence[]): Answer {
  return {
    status: "answered",
    mode: "extractive",
    withheld: 0,
    question: "Why?",
    answer: sentences.map(({ text }) => text).join(" "),
    sentences,
    related: [],
    confidence: 0.9,
    timings: { embed: 1, retrieve: 1, read: 1, compose: 1, total: 4 },
  };
}

describe("formatAnswer", () => {
  it("runs sentences on, each with its mark, and lists the places", () => {
    const text = formatAnswer(answered(sentence("First one.", 3), sentence("Second one.", 9)), plain);
    expect(text).toBe(
      [
        "First one. [1] Second one. [2]",
        "",
        "[1] The Guide › Part One › Start (guide.md, line 3)",
        "[2] The Guide › Part One › Start (guide.md, line 9)",
      ].join("\n"),
    );
  });

  it("gives a place that two sentences cite one number", () => {
    const first = sentence("First one.", 3);
    const text = formatAnswer(answered(first, { ...first, text: "Said again." }), plain);
    expect(text).toContain("First one. [1] Said again. [1]");
    expect(text).not.toContain("[2]");
  });

  it("names a line once where neighbours come from it", () => {
    const text = formatAnswer(answered(sentence("One.", 3), sentence("The other.", 3)), plain);
    expect(text).toContain(
      "One. [1] The other. [2]\n\n[1][2] The Guide › Part One › Start (guide.md, line 3)",
    );
  });

  it("shows the quote where the sentence is not the document's own", () => {
    const text = formatAnswer(
      answered({ ...sentence("The document's words.", 3), text: "Other words." }),
      plain,
    );
    expect(text).toContain("“The document's words.”");
  });

  it("gives page rather than line where there are pages", () => {
    const paged = sentence("Said.", 1);
    paged.citations = [{ ...citation("Said.", 0, 1), page: 7 }];
    expect(formatAnswer(answered(paged), plain)).toContain("(guide.md, page 7)");
  });

  it("gives the place rather than either, on one line and without control characters", () => {
    const placed = sentence("Said.", 1);
    placed.citations = [{ ...citation("Said.", 0, 1), page: 7, place: "Fees\u001B[31m, row\n7" }];
    const text = formatAnswer(answered(placed), plain);
    expect(text).toMatch(/\(guide\.md, Fees.*, row 7\)/);
    expect(text).not.toContain("\u001B");
  });

  it("prints list items as bullets under their lead-in", () => {
    const items = ["Loops", "Functions"].map((text, index) =>
      sentence(text, index + 4, { kind: "list-item" }),
    );
    const text = formatAnswer(answered(sentence("You need:", 3), ...items), plain);
    expect(text).toContain("You need: [1]\n• Loops [2]\n• Functions [3]\n");
  });

  it("prints a table row by its cells, once under the names of the columns", () => {
    const row = (month: string, focus: string, line: number) =>
      sentence(`${month}\t${focus}`, line, {
        kind: "table-row",
        cells: [
          { column: "Month", text: month },
          { column: "Focus", text: focus },
        ],
      });
    const text = formatAnswer(answered(row("1–2", "Python", 5), row("3–4", "Models", 6)), plain);
    expect(text).toContain("Month | Focus\n1–2 | Python [1]\n3–4 | Models [2]\n");
  });

  it("emphasises the short answer in prose and inside a cell", () => {
    const prose = sentence("Most stop after two weeks.", 2, { highlight: { start: 16, end: 25 } });
    expect(formatAnswer(answered(prose), marked)).toContain("Most stop after <b>two weeks</b>. [1]");
    const row = sentence("3–4\tDeep models", 2, {
      kind: "table-row",
      highlight: { start: 4, end: 8 },
      cells: [
        { column: "", text: "3–4" },
        { column: "", text: "Deep models" },
      ],
    });
    expect(formatAnswer(answered(row), marked)).toContain("3–4 | <b>Deep</b> models [1]");
  });

  it("keeps the lines of code", () => {
    const code = sentence("a = 1\nb = 2", 2, { kind: "code" });
    expect(formatAnswer(answered(code), plain)).toContain("    a = 1\n    b = 2 [1]");
  });

  it("lets no escape sequence of a document reach the terminal", () => {
    const hostile = sentence("Red \u001b[31malert\u001b[0m\u0007 and \u202eback\rwards.", 2);
    hostile.citations = [{ ...citation(hostile.text, 0, 2), title: "T\u001b]0;owned\u0007itle" }];
    const text = formatAnswer(answered(hostile), plain);
    expect(text).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u);
    expect(text).toContain("Red alert and back");
  });

  it("says an abstention and what is near, three at most, without marks", () => {
    const related = [1, 2, 3, 4].map((line) => citation(`Near ${line}.`, line * 10, line));
    const abstained: Answer = {
      ...answered(),
      status: "abstained",
      answer: "The documents do not say.",
      related,
      confidence: 0.1,
      reason: "not-in-documents",
    };
    const text = formatAnswer(abstained, plain);
    expect(text).toContain("The documents do not say.\n\nNear, but not an answer:\n");
    expect(text).toContain("“Near 3.”");
    expect(text).not.toContain("Near 4.");
    expect(text).not.toContain("[1]");
    const long = citation("word ".repeat(100), 0, 1);
    expect(formatAnswer({ ...abstained, related: [long] }, plain)).toMatch(/“(word ){30,32}…”$/);
    expect(formatAnswer({ ...abstained, related: [] }, plain)).toBe("The documents do not say.");
  });

  it("says who wrote it where a language model did, and what was withheld", () => {
    const own = answered(sentence("First one.", 3));
    expect(formatAnswer(own, plain)).not.toContain("language model");
    const written: Answer = { ...own, mode: "generated", withheld: 2 };
    expect(formatAnswer(written, plain)).toContain(
      "\n\nWritten by the language model and checked against the documents. 2 sentences that they do not bear out were withheld.",
    );
    expect(formatAnswer({ ...written, withheld: 0 }, plain)).toMatch(/checked against the documents\.$/);
  });

  it.each([
    ["unsupported", "too little of what the language model wrote is borne out by them"],
    ["declined", "the language model found no answer in the evidence"],
    ["failed", "the language model failed (`waymark status` tells more)"],
    ["stalled", "nothing came from the language model for too long"],
    ["too-long", "the language model went on past its limit"],
  ] as const)("says why the documents' own sentences are shown: %s", (fallback, reason) => {
    const text = formatAnswer({ ...answered(sentence("First one.", 3)), fallback }, plain);
    expect(text.endsWith(`\n\nThe documents' own sentences: ${reason}.`)).toBe(true);
  });
});
