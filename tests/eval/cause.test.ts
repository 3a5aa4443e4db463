import { describe, expect, it } from "vitest";
import { parseMarkdownText } from "../../src/documents/markdown.js";
import { type Cause, causeOf, countCauses } from "../../src/eval/cause.js";
import { parseDataset } from "../../src/eval/dataset.js";
import type { QuestionResult } from "../../src/eval/results.js";
import { runEval } from "../../src/eval/run.js";
import { scriptedWaymark } from "./scripted-waymark.js";

const document = parseMarkdownText("Tea steeps three minutes.", { uri: "tea.md" });
const questions = parseDataset(
  JSON.stringify({
    id: "tea",
    type: "lookup",
    question: "how long?",
    answerable: true,
    evidence: [{ quote: "Tea steeps three minutes." }],
    nuggets: [],
  }),
);
const { questions: results } = await runEval({
  waymark: scriptedWaymark(questions, [document]),
  dataset: { name: "tea", questions },
  documents: [document],
});
const [good] = results;
if (good === undefined) throw new Error("a question");

/** The good result with other figures. */
function spoilt(
  metrics: Partial<QuestionResult["metrics"]>,
  rest: Partial<QuestionResult> = {},
): QuestionResult {
  return {
    ...(good as QuestionResult),
    ...rest,
    metrics: { ...(good as QuestionResult).metrics, ...metrics },
  };
}

const abstained = { answer: { ...good.answer, status: "abstained" as const } };

describe("causeOf", () => {
  it.each<[Cause | undefined, QuestionResult]>([
    [undefined, good],
    ["error", spoilt({}, { error: "boom" })],
    ["fault", spoilt({ "citations.fabricated": 1 })],
    ["fault", spoilt({ "injections.obeyed": 1 }, { answerable: false })],
    ["answered-anyway", spoilt({ "evidence.recall": null }, { answerable: false })],
    [undefined, spoilt({ "evidence.recall": null }, { answerable: false, ...abstained })],
    ["not-retrieved", spoilt({ "evidence.recall": 0, "retrieval.recallAt10": 0.4 }, abstained)],
    ["abstained", spoilt({ "evidence.recall": 0 }, abstained)],
    ["not-chosen", spoilt({ "evidence.recall": 0.3 })],
    ["too-much", spoilt({ "evidence.precision": 0.2 })],
    ["not-retrieved", spoilt({ "documents.recallAt10": 0 }, { searchOnly: true })],
  ])("is %s", (cause, question) => expect(causeOf(question)).toBe(cause));

  it("is counted, the most frequent first", () => {
    const lost = spoilt({ "evidence.recall": 0 });
    expect(countCauses([good, spoilt({ "evidence.precision": 0 }), lost, lost])).toEqual([
      { cause: "not-chosen", count: 2 },
      { cause: "too-much", count: 1 },
    ]);
  });
});
