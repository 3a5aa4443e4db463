import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { AnswerSentence, Citation } from "../../src/answer/answer.js";
import { PACKAGE_ROOT } from "../../src/config.js";
import { judgeAnswer, supportScore, verbatimSentence } from "../../src/eval/judge.js";
import { measureJudge } from "../../src/eval/judge-accuracy.js";
import { scoreCitations } from "../../src/eval/metrics/citations.js";
import { CrossEncoder } from "../../src/models/reader.js";
import { scriptedJudge } from "./scripted-waymark.js";

const citation = (quote: string): Citation => ({
  documentId: "d",
  title: "",
  uri: "d.md",
  quote,
  headings: [],
  start: 0,
  end: quote.length,
  score: 1,
});
const sentence = (text: string, ...quotes: string[]): AnswerSentence => ({
  kind: "sentence",
  text,
  citations: quotes.map(citation),
});

describe("verbatimSentence", () => {
  it("knows a copy by its words, whatever is between them", () => {
    expect(verbatimSentence(sentence("Months 1–2: Python", "Months 1–2\tPython"))).toEqual({
      verbatim: true,
      supported: true,
      citations: [{ supportsAlone: true, othersSupport: false }],
    });
  });

  it("finds the citations that a copy does not need", () => {
    const found = verbatimSentence(sentence("It is so.", "It is so.", "It is different."));
    expect(scoreCitations(found === undefined ? [] : [found])).toEqual({ recall: 1, precision: 0.5 });
  });

  it.each([
    ["a changed word", sentence("It is not so.", "It is so.")],
    ["a part of a word", sentence("rag", "storage")],
    ["no citation", sentence("It is so.")],
  ])("is no copy: %s", (_, changed) => expect(verbatimSentence(changed)).toBeUndefined());
});

describe("judgeAnswer", () => {
  const needsBoth = scriptedJudge((_, text) => text.includes("one") && text.includes("two"));

  it("asks for all citations together, for each alone and for the others", async () => {
    const judged = await judgeAnswer(needsBoth, {
      sentences: [sentence("One and two.", "one", "two", "three")],
    });
    expect(judged).toEqual([
      {
        verbatim: false,
        supported: true,
        citations: [
          { supportsAlone: false, othersSupport: false },
          { supportsAlone: false, othersSupport: false },
          { supportsAlone: false, othersSupport: true },
        ],
      },
    ]);
  });

  it("does not support what cites nothing, whatever the judge would say", async () => {
    const judged = await judgeAnswer(
      scriptedJudge(() => true),
      { sentences: [sentence("Free invention.")] },
    );
    expect(judged).toEqual([{ verbatim: false, supported: false, citations: [] }]);
  });
});

describe("the reader as judge", () => {
  it("prefers a text that says so to one that does not", async () => {
    const reader = await CrossEncoder.load(join(PACKAGE_ROOT, "models", "reader"));
    const statement = "The museum is closed on Mondays.";
    const yes = await supportScore(
      reader,
      statement,
      "Opening hours: Tuesday to Sunday. The museum is closed on Mondays.",
    );
    const no = await supportScore(reader, statement, "Bread is baked from flour, water and salt.");
    expect(yes).toBeGreaterThan(no);
  });

  it("is itself measured on labelled statements", async () => {
    const cases = [
      { id: "a", statement: "A.", text: "A. B.", supported: true },
      { id: "b", statement: "C.", text: "A. B.", supported: false },
      { id: "c", statement: "B.", text: "A.", supported: false },
    ];
    const honest = await measureJudge(
      scriptedJudge((statement, text) => text.includes(statement)),
      cases,
      { seed: 1 },
    );
    expect(honest.metrics["judge.balancedAccuracy"]).toMatchObject({ value: 1, n: 3 });
    expect(honest.metrics["judge.correct"]).toMatchObject({ value: 1, n: 3 });
    expect(honest.statements.map(({ correct }) => correct)).toEqual([true, true, true]);
    const yesToAll = await measureJudge(
      scriptedJudge(() => true),
      cases,
      { seed: 1 },
    );
    expect(yesToAll.metrics["judge.balancedAccuracy"]?.value).toBe(0.5);
    expect(yesToAll.metrics["judge.auroc"]?.value).toBe(0.5);
    expect(yesToAll.metrics["judge.correct"]?.value).toBeCloseTo(1 / 3);
    expect(yesToAll.statements.map(({ correct }) => correct)).toEqual([true, false, false]);
  });
});
