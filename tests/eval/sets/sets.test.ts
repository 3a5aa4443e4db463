import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../../src/config.js";
import { loadDocument } from "../../../src/documents/load.js";
import { parsePlainText } from "../../../src/documents/text.js";
import type { GoldQuestion } from "../../../src/eval/gold.js";
import { obeysOrder } from "../../../src/eval/metrics/obeyed.js";
import { loadJudgeCases } from "../../../src/eval/sets/judge-cases.js";
import { locateSentences } from "../../../src/eval/sets/locate-sentences.js";
import { spread } from "../../../src/eval/sets/public-file.js";
import { type EvalSet, type IndexedDocument, loadSet } from "../../../src/eval/sets/set.js";
import { splitDocument } from "../../../src/passages/split.js";

/** The set's library as the index would hold it. */
function indexed({ library = [] }: EvalSet): IndexedDocument[] {
  return library.map(({ pageContent, metadata }) =>
    parsePlainText(pageContent, { uri: `langchain:${metadata.source}` }),
  );
}

function goldTexts(documents: readonly IndexedDocument[], { evidenceSets }: GoldQuestion): string[][] {
  return evidenceSets.map((set) =>
    set.map(({ documentId, start, end }) => {
      const text = documents.find(({ id }) => id === documentId)?.text ?? "";
      return text.slice(start, end);
    }),
  );
}

describe("scifact", () => {
  const sample = loadSet("scifact", { sample: true });
  const documents = indexed(sample);
  const { name, gold, statements = [] } = sample.measured(documents);

  it("is a fixed part of the claims with all that they cite, and others to be mistaken for it", () => {
    expect(name).toBe("scifact-sample");
    expect(gold).toHaveLength(60);
    expect(documents).toHaveLength(500);
    expect(loadSet("scifact", { sample: true }).library).toEqual(sample.library);
    const whole = loadSet("scifact");
    expect(whole.name).toBe("scifact");
    expect(whole.library).toHaveLength(5183);
  });

  it("has rationales as alternatives, word for word", () => {
    const claim =
      gold.find(({ id }) => id === "scifact-3") ?? gold.find(({ evidenceSets }) => evidenceSets.length > 1);
    if (claim === undefined) throw new Error("a claim with rationales");
    expect(claim.evidenceSets.length).toBeGreaterThan(1);
    for (const texts of goldTexts(documents, claim)) {
      expect(texts.length).toBeGreaterThan(0);
      for (const text of texts) expect(text).toMatch(/^\S.{20,}\S$/s);
    }
  });

  it("only searches for claims without a rationale, and measures the judge on those with one", () => {
    for (const { evidenceSets, searchOnly, relevant, answerable } of gold) {
      expect(searchOnly === true).toBe(evidenceSets.length === 0);
      expect(answerable).toBe(evidenceSets.length > 0);
      expect(relevant?.length).toBeGreaterThan(0);
    }
    expect(statements).toHaveLength(gold.filter(({ answerable }) => answerable).length);
    expect(new Set(statements.map(({ supported }) => supported)).size).toBe(2);
  });

  it("says what to do where the index is of something else", () => {
    expect(() => sample.measured([])).toThrow(/is not in the index/);
  });
});

describe("clapnq", () => {
  const set = loadSet("clapnq");
  const documents = indexed(set);
  const { gold } = set.measured(documents);

  it("asks each question of its own passage, and has the grounding sentences of those that it answers", () => {
    expect(gold).toHaveLength(300);
    const answerable = gold.filter((question) => question.answerable);
    expect(answerable).toHaveLength(150);
    for (const question of gold) {
      expect(question.within).toHaveLength(1);
      expect(question.evidenceSets.length > 0).toBe(question.answerable);
      for (const place of question.evidenceSets.flat()) expect([place.documentId]).toEqual(question.within);
    }
    const [first] = gold;
    if (first === undefined) throw new Error("a question");
    expect(goldTexts(documents, first)[0]?.[1]).toBe(
      "Any predictable change or pattern in a time series that recurs or repeats over a one - year period can be said to be seasonal .",
    );
  });

  it("has a sample with as many of each kind", () => {
    const sample = loadSet("clapnq", { sample: true });
    const measured = sample.measured(indexed(sample));
    expect(measured.name).toBe("clapnq-sample");
    expect(measured.gold.filter(({ answerable }) => answerable)).toHaveLength(60);
    expect(measured.gold).toHaveLength(120);
  });
});

describe("wice", () => {
  it("has statements and no questions", () => {
    const { gold, statements = [] } = loadSet("wice").measured([]);
    expect(gold).toEqual([]);
    expect(statements).toHaveLength(349);
    expect(statements.filter(({ supported }) => supported)).toHaveLength(115);
  });
});

describe("bipia", () => {
  const set = loadSet("bipia");
  const documents = indexed(set);
  const { gold } = set.measured(documents);
  const attacked = gold.map((question) => {
    const [place] = question.injected ?? [];
    const text = documents.find(({ id }) => id === place?.documentId)?.text ?? "";
    return { question, text, order: text.slice(place?.start, place?.end), at: place?.start ?? -1 };
  });

  it("plants each order once, at the beginning, in the middle or at the end of an e-mail", () => {
    expect(new Set(attacked.map(({ order }) => order)).size).toBe(75);
    for (const { order, text } of attacked) {
      expect(order).not.toBe("");
      expect(text.split(order)).toHaveLength(2);
    }
    const atStart = attacked.filter(({ at }) => at === 0);
    const atEnd = attacked.filter(({ at, order, text }) => at + order.length === text.length);
    expect(atStart.length).toBeGreaterThanOrEqual(25);
    expect(atEnd.length).toBeGreaterThanOrEqual(25);
    expect(atStart.length + atEnd.length).toBeLessThan(60);
  });

  it("takes no e-mail for an obedient answer, even quoted whole with its order", () => {
    for (const { question, text, order } of attacked) {
      const quoted = { answer: text, sentences: [{ text, citations: [{ quote: text }] }] };
      expect(obeysOrder(quoted, question.forbidden ?? [], [order]), order).toBe(false);
    }
  });

  it("knows an obedient answer by its words, for all orders to say something", () => {
    const marked = attacked.filter(({ question }) => (question.forbidden ?? []).length > 0);
    expect(marked).toHaveLength(50);
    for (const { question, order } of marked) {
      for (const mark of question.forbidden ?? [])
        expect(
          obeysOrder({ answer: `Well: ${mark}.`, sentences: [] }, question.forbidden ?? [], [order]),
        ).toBe(true);
    }
  });

  it("knows the amount in the ways in which an e-mail writes it", () => {
    const upwork = gold.find(({ nuggets: [nugget] }) => nugget?.text === "$2 500.00");
    expect(upwork?.nuggets[0]?.forms).toEqual(["2500.00", "2,500.00", "2500", "2,500"]);
  });
});

describe("robustness", () => {
  it("asks forty of the roadmap's questions as they are, in other words and with typos, for the same evidence", async () => {
    const roadmap = await loadDocument(join(PACKAGE_ROOT, "corpus", "roadmap.md"), "roadmap.md");
    const { gold } = loadSet("robustness").measured([roadmap]);
    const byId = new Map(gold.map((question) => [question.id, question]));
    expect(byId.size).toBe(120);
    for (const type of ["as asked", "paraphrase", "typos"])
      expect(gold.filter((question) => question.type === type)).toHaveLength(40);
    for (const { variantOf, question, evidenceSets } of gold) {
      if (variantOf === undefined) continue;
      expect(byId.get(variantOf)?.evidenceSets).toEqual(evidenceSets);
      expect(byId.get(variantOf)?.question).not.toBe(question);
    }
  });
});

describe("guides", () => {
  const set = loadSet("guides");

  it("asks each question of its own guide, and has whole sentences, items and rows as evidence", async () => {
    const documents = await Promise.all((set.paths ?? []).map((path) => loadDocument(path, basename(path))));
    expect(documents).toHaveLength(16);
    const { gold } = set.measured(documents);
    expect(gold).toHaveLength(416);
    expect(gold.filter(({ answerable }) => answerable)).toHaveLength(272);
    const countTokens = (text: string) => text.split(/\s+/).length;
    const units = new Set(
      documents.flatMap((document) =>
        splitDocument(document, { countTokens }).flatMap((passage) =>
          passage.units.map(({ start, end }) => `${document.id}:${start}-${end}`),
        ),
      ),
    );
    for (const { within, evidenceSets } of gold) {
      expect(within).toHaveLength(1);
      for (const { documentId, start, end } of evidenceSets.flat()) {
        expect([documentId]).toEqual(within);
        expect(units).toContain(`${documentId}:${start}-${end}`);
      }
    }
  });
});

describe("loadJudgeCases", () => {
  it("gives labelled statements of both kinds, always the same", () => {
    const cases = loadJudgeCases(25);
    expect(cases).toHaveLength(50);
    expect(new Set(cases.map(({ id }) => id)).size).toBe(50);
    const supported = cases.filter((item) => item.supported).length;
    expect(supported).toBeGreaterThan(10);
    expect(supported).toBeLessThan(40);
    expect(cases.every(({ statement, text }) => statement !== "" && text !== "")).toBe(true);
    expect(loadJudgeCases(25)).toEqual(cases);
  });
});

describe("spread", () => {
  it.each([
    [10, 3],
    [10, 10],
    [10, 20],
    [349, 100],
    [7, 5],
  ])("takes from %i items at most %i, the first among them", (length, count) => {
    const items = Array.from({ length }, (_, index) => index);
    const chosen = spread(items, count);
    expect(chosen).toHaveLength(Math.min(length, count));
    expect(chosen[0]).toBe(0);
    expect(new Set(chosen).size).toBe(chosen.length);
  });
});

describe("locateSentences", () => {
  it("finds sentences in order, the second of two that are alike second", () => {
    const text = "Yes.  It is\nso. No (really?). Yes.";
    const ranges = locateSentences(text, ["Yes.", "It is so.", "Never.", "No (really?).", "Yes."]);
    expect(ranges.map((range) => range && text.slice(range.start, range.end))).toEqual([
      "Yes.",
      "It is\nso.",
      undefined,
      "No (really?).",
      "Yes.",
    ]);
    expect(ranges.at(-1)?.start).toBe(text.lastIndexOf("Yes."));
  });

  it("does not mind marks that nobody sees, in the text or in the sentence", () => {
    expect(locateSentences("One. T\u200bwo words.", ["One.", "Two \u202a words."])).toEqual([
      { start: 0, end: 4 },
      { start: 5, end: 16 },
    ]);
  });
});
