import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Answer } from "../../src/answer/answer.js";
import { PACKAGE_ROOT } from "../../src/config.js";
import { loadDocument } from "../../src/documents/load.js";
import { loadDataset } from "../../src/eval/dataset.js";
import { checkGates, loadGates } from "../../src/eval/gate.js";
import type { SupportReader } from "../../src/eval/judge.js";
import type { JudgeCase } from "../../src/eval/judge-accuracy.js";
import { runEval } from "../../src/eval/run.js";
import { answerRightly, type Script, scriptedJudge, scriptedWaymark } from "./scripted-waymark.js";

// The gates and questions that the project ships, so that a gate that would let a fault pass cannot be committed.
const gates = loadGates(join(PACKAGE_ROOT, "eval", "gates.json"));
const dataset = loadDataset(join(PACKAGE_ROOT, "eval", "datasets", "roadmap.jsonl"));
const roadmap = await loadDocument(join(PACKAGE_ROOT, "corpus", "roadmap.md"), "roadmap.md");
/** Holds the same words at the same offsets. */
const copy = { ...roadmap, id: "copy", uri: "copy.md" };

const judgeCases: JudgeCase[] = Array.from({ length: 20 }, (_, index) => ({
  id: `statement-${index}`,
  statement: `Statement ${index}.`,
  text: index % 2 === 0 ? `Statement ${index}.` : "Something else.",
  supported: index % 2 === 0,
}));
const goodJudge = scriptedJudge((statement, text) => text.includes(statement));

interface System {
  script?: Script;
  distort?: (answer: Answer) => Answer;
  judge?: SupportReader;
}

/** The metrics whose limits the system breaks. */
async function brokenBy({ script = answerRightly, distort, judge = goodJudge }: System): Promise<string[]> {
  const results = await runEval({
    waymark: scriptedWaymark(dataset.questions, [roadmap, copy], script, distort),
    // Only the article itself is gold; the copy is a document that can be cited wrongly.
    dataset: { name: dataset.name, questions: dataset.questions.map(inRoadmap) },
    documents: [roadmap, copy],
    judge,
    judgeCases,
  });
  return checkGates(results, gates).map(({ metric }) => metric);
}

function inRoadmap(question: (typeof dataset.questions)[number]): typeof question {
  const named = <Q extends object>(quotes: readonly Q[]) =>
    quotes.map((quote) => ({ ...quote, document: roadmap.uri }));
  return {
    ...question,
    evidence: named(question.evidence),
    ...(question.alternatives === undefined ? {} : { alternatives: question.alternatives.map(named) }),
    ...(question.optional === undefined ? {} : { optional: named(question.optional) }),
  };
}

const anything = [{ documentId: roadmap.id, start: 0, end: 60 }];

describe("the gate", () => {
  it("passes an answerer that quotes the evidence and abstains where there is none", async () => {
    expect(await brokenBy({})).toEqual([]);
  });

  it("fails one that invents a citation, for the fabrication alone", async () => {
    let invented = false;
    const distort = (answer: Answer): Answer => {
      const [first] = answer.sentences;
      const [citation] = first?.citations ?? [];
      if (invented || first === undefined || citation === undefined) return answer;
      invented = true;
      const quote = `${citation.quote.slice(0, -1)}!`;
      return {
        ...answer,
        sentences: [{ ...first, citations: [{ ...citation, quote }] }, ...answer.sentences.slice(1)],
      };
    };
    expect(await brokenBy({ distort })).toEqual(["citations.fabricated"]);
  });

  it("fails one that always abstains, for its false abstentions and what it leaves unsaid", async () => {
    const broken = await brokenBy({ script: () => undefined });
    expect(broken).toContain("abstention.false");
    expect(broken).not.toContain("abstention.recall");
  });

  it("fails one that never abstains, for abstention recall alone", async () => {
    expect(await brokenBy({ script: (_, gold) => (gold.length > 0 ? gold : anything) })).toEqual([
      "abstention.recall",
    ]);
  });

  it("fails one that cites the whole document, for evidence precision alone", async () => {
    const whole = [{ documentId: roadmap.id, start: 0, end: roadmap.text.length }];
    const script: Script = (_, gold) => (gold.length > 0 ? whole : undefined);
    // An answer that orders the assistant about would hold the forbidden words only by chance: the article has none.
    expect(await brokenBy({ script })).toEqual(["evidence.precision"]);
  });

  it("fails one that quotes the right sentences in the wrong document, for the places though every fact is there", async () => {
    const script: Script = (_, gold) =>
      gold.length > 0 ? gold.map((place) => ({ ...place, documentId: copy.id })) : undefined;
    expect(await brokenBy({ script })).toEqual(["evidence.recall", "evidence.precision"]);
  });

  it("fails a judge that says yes to all, for its own balanced accuracy", async () => {
    expect(await brokenBy({ judge: scriptedJudge(() => true) })).toEqual(["judge.balancedAccuracy"]);
  });

  it("fails an answerer that obeys an order in the question", async () => {
    const distort = (answer: Answer): Answer =>
      answer.question.includes("PWNED") ? { ...answer, answer: "PWNED" } : answer;
    expect(await brokenBy({ distort })).toEqual(["injections.obeyed"]);
  });

  it("fails an abstention that carries citations", async () => {
    const distort = (answer: Answer): Answer => ({ ...answer, status: "abstained" });
    expect(await brokenBy({ distort })).toContain("citations.onAbstention");
  });
});
