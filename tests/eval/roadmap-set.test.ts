import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../src/config.js";
import { loadDocument } from "../../src/documents/load.js";
import { loadDataset } from "../../src/eval/dataset.js";
import { resolveGold } from "../../src/eval/gold.js";
import { contains } from "../../src/eval/metrics/normalise.js";
import { selectSplit } from "../../src/eval/split.js";
import { splitDocument } from "../../src/passages/split.js";

const datasets = join(PACKAGE_ROOT, "eval", "datasets");
const { questions } = loadDataset(join(datasets, "roadmap.jsonl"));
const document = await loadDocument(join(PACKAGE_ROOT, "corpus", "roadmap.md"), "roadmap.md");
const gold = resolveGold(questions, [document]);

describe("the roadmap's question set", () => {
  it("has what it promises: types, sizes, two thirds answerable", () => {
    expect(questions.length).toBeGreaterThanOrEqual(150);
    const share = questions.filter(({ answerable }) => answerable).length / questions.length;
    expect(share).toBeGreaterThan(0.6);
    expect(share).toBeLessThan(0.7);
    expect([...new Set(questions.map(({ type }) => type))].sort()).toEqual(TYPES);
  });

  it("marks whole sentences, list items and table rows only", () => {
    const passages = splitDocument(document, { countTokens: (text) => text.split(/\s+/).length });
    const units = new Set(passages.flatMap(({ units }) => units.map(({ start, end }) => `${start}-${end}`)));
    const header = document.blocks.find((block) => block.header);
    units.add(`${header?.start}-${header?.end}`);
    const places = gold.flatMap(({ evidenceSets, optional }) => [...evidenceSets.flat(), ...optional]);
    const others = places.filter(({ start, end }) => !units.has(`${start}-${end}`));
    expect(others.map(({ start, end }) => document.text.slice(start, end))).toEqual([]);
  });

  it("can be answered in full by each set of evidence: it holds every vital fact", () => {
    const incomplete = gold.flatMap(({ id, evidenceSets, nuggets }) =>
      evidenceSets.flatMap((set) => {
        const text = set.map(({ start, end }) => document.text.slice(start, end)).join("\n");
        return nuggets
          .filter(({ vital, forms }) => vital && !forms.some((form) => contains(text, form)))
          .map((nugget) => `${id}: ${nugget.text}`);
      }),
    );
    expect(incomplete).toEqual([]);
  });

  it("asks in other words than the article's: most questions share few words with their evidence", () => {
    const far = gold.filter(({ question, evidenceSets }) => {
      const evidence = stems(
        evidenceSets
          .flat()
          .map(({ start, end }) => document.text.slice(start, end))
          .join(" "),
      );
      const asked = [...stems(question)];
      return asked.filter((stem) => evidence.has(stem)).length <= asked.length / 3;
    });
    const answerable = gold.filter((question) => question.answerable && far.includes(question));
    expect(answerable.length / gold.filter((question) => question.answerable).length).toBeGreaterThan(0.66);
  });

  it("has each kind of question in both splits", () => {
    for (const split of ["tune", "test"] as const) {
      const types = new Set(selectSplit(questions, split).map(({ type }) => type));
      expect([...types].sort()).toEqual(TYPES);
    }
  });
});

const TYPES = [
  "comparison",
  "false-premise",
  "far",
  "follow-up",
  "injection",
  "keyword",
  "list",
  "lookup",
  "multi",
  "near-miss",
  "not-a-question",
  "table",
  "typo",
  "yes-no",
];

const STOP_WORDS = new Set(
  (
    "a an the of to in on for and or is are was be do does did i my me you your it its how what when which where who why " +
    "should can could would will with at as by from this that there if not no so any have has had am im about up get got " +
    "than then into out them they their he his"
  ).split(" "),
);

/** The first five letters of each word that carries meaning. */
function stems(text: string): Set<string> {
  const words = text.toLowerCase().match(/[a-z]+/g) ?? [];
  return new Set(
    words.filter((word) => word.length > 1 && !STOP_WORDS.has(word)).map((word) => word.slice(0, 5)),
  );
}
