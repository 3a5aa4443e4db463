import { describe, expect, it } from "vitest";
import { answerAsMarkdown, conversationAsMarkdown } from "../../src/web/answer-markdown.js";
import { answerAsText } from "../../src/web/answer-text.js";
import { describePlace, numberCitations, shorten } from "../../src/web/citations.js";
import { citation, sentence, tableRow } from "./sentences.js";

describe("numberCitations", () => {
  it("numbers places in the order of the sentences, a place that is cited twice once", () => {
    const shared = citation(5, "Bring a map.");
    const sentences = [
      sentence("One.", 40),
      sentence("Two.", 50, { citations: [shared] }),
      sentence("Three.", 60, { citations: [{ ...shared, score: 0.2 }, citation(70, "x")] }),
    ];
    expect(numberCitations(sentences).map(({ start }) => start)).toEqual([40, 5, 70]);
  });
});

describe("describePlace", () => {
  it("names the heading path with place, page or line, and the title where there is no heading", () => {
    expect(describePlace(citation(0, "x", { headings: ["A", "B"], page: 3, line: 9 }))).toBe("A › B, page 3");
    expect(describePlace(citation(0, "x", { headings: [], line: 9 }))).toBe("Notes, line 9");
    expect(describePlace(citation(0, "x", { line: 9, place: "Fees, row 9" }))).toBe("Tools, Fees, row 9");
    expect(describePlace(citation(0, "x", { headings: [], place: "row 9" }))).toBe("Notes, row 9");
    expect(describePlace(citation(0, "x", { place: "Tools, row 9" }))).toBe("Tools, row 9");
  });
});

describe("answerAsMarkdown", () => {
  it("writes lists and tables as such, with numbered sources below", () => {
    const answer = [
      sentence("You need:", 0),
      sentence("a *map*", 20, { kind: "list-item" }),
      tableRow({ Month: "May|June", Walk: "North" }, 40),
    ];
    expect(answerAsMarkdown(answer)).toBe(
      [
        "You need: [1]",
        "",
        "- a \\*map\\* [2]",
        "",
        "| Month | Walk | Source |",
        "| --- | --- | --- |",
        "| May\\|June | North | [3] |",
        "",
        "1. Tools (notes.md): “You need:”",
        "2. Tools (notes.md): “a \\*map\\*”",
        "3. Tools (notes.md): “May|June North”",
        "",
      ].join("\n"),
    );
  });
});

describe("answerAsMarkdown of code", () => {
  it("fences it so that backticks in it end nothing", () => {
    const code = sentence("a ``` b", 0, { kind: "code" });
    expect(answerAsMarkdown([code])).toContain("````\na ``` b\n````\n[1]");
  });
});

describe("answerAsText", () => {
  it("writes items and rows as lines, with numbered sources below, and nothing escaped", () => {
    const answer = [
      sentence("You need <this>:", 0),
      sentence("a *map*", 20, { kind: "list-item" }),
      tableRow({ Month: "May", Walk: "North" }, 40),
    ];
    expect(answerAsText(answer)).toBe(
      [
        "You need <this>: [1]",
        "",
        "• a *map* [2]",
        "",
        "• Month: May; Walk: North [3]",
        "",
        "[1] Tools (notes.md): “You need <this>:”",
        "[2] Tools (notes.md): “a *map*”",
        "[3] Tools (notes.md): “May North”",
        "",
      ].join("\n"),
    );
  });
});

describe("conversationAsMarkdown", () => {
  it("has each question with its answer, its abstention or what went wrong", () => {
    const shared = { id: 1, passages: 0, sentences: [] };
    const problem = { code: "unreachable", detail: "Waymark is not answering." };
    const exported = conversationAsMarkdown("Walks\n*north*", [
      { ...shared, question: "Where?", stage: "done", sentences: [sentence("North.", 0)] },
      { ...shared, question: "# Why?", stage: "failed", problem },
      { ...shared, question: "When?", stage: "stopped" },
    ]);
    expect(exported).toBe(
      [
        "# Walks \\*north\\*",
        "",
        "## Where?",
        "",
        "North. [1]",
        "",
        "1. Tools (notes.md): “North.”",
        "",
        "## # Why?",
        "",
        "Waymark is not answering.",
        "",
        "## When?",
        "",
        "",
        "",
      ].join("\n"),
    );
  });
});

describe("shorten", () => {
  it("keeps what is short, and cuts what is long without halving a character", () => {
    expect(shorten("four", 4)).toBe("four");
    expect(shorten("a longer text", 8)).toBe("a longe…");
    expect(shorten("ab🦊cd", 4)).toBe("ab…");
  });
});
