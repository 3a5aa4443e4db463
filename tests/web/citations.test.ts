import { describe, expect, it } from "vitest";
import { answerAsMarkdown } from "../../src/web/answer-markdown.js";
import { describePlace, numberCitations } from "../../src/web/citations.js";
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
  it("names the heading path with page or line, and the title where there is no heading", () => {
    expect(describePlace(citation(0, "x", { headings: ["A", "B"], page: 3, line: 9 }))).toBe("A › B, page 3");
    expect(describePlace(citation(0, "x", { headings: [], line: 9 }))).toBe("Notes, line 9");
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
