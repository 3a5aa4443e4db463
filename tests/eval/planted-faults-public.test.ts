import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Answer } from "../../src/answer/answer.js";
import { PACKAGE_ROOT } from "../../src/config.js";
import { parsePlainText } from "../../src/documents/text.js";
import { checkGates, loadGates } from "../../src/eval/gate.js";
import type { SupportReader } from "../../src/eval/judge.js";
import { runEval } from "../../src/eval/run.js";
import { loadSet, type SetName } from "../../src/eval/sets/set.js";
import { type SetFaults, scriptedJudge, scriptedSet } from "./scripted-waymark.js";

// The gates that the project ships, as in planted-faults.test.ts, on the sets that CI runs.
const gates = loadGates(join(PACKAGE_ROOT, "eval", "gates.json"));

function measured(name: SetName) {
  const set = loadSet(name, { sample: true });
  const documents = (set.library ?? []).map(({ pageContent, metadata }) =>
    parsePlainText(pageContent, { uri: `langchain:${metadata.source}` }),
  );
  return { documents, dataset: set.measured(documents) };
}

const clapnq = measured("clapnq");
const scifact = measured("scifact");
const bipia = measured("bipia");
const wice = measured("wice");

/** Knows what people labelled. */
function rightJudge({ dataset: { statements = [] } }: typeof wice): SupportReader {
  const supported = new Map(statements.map((item) => [item.statement + item.text, item.supported]));
  return scriptedJudge((statement, text) => supported.get(statement + text) ?? false);
}

async function brokenBy(
  set: typeof wice,
  faults: SetFaults = {},
  judge = rightJudge(set),
): Promise<string[]> {
  const { documents, dataset } = set;
  const waymark = scriptedSet(dataset.gold, documents, faults);
  const results = await runEval({ waymark, dataset, documents, judge });
  return checkGates(results, gates).map(({ metric }) => metric);
}

describe("the gate on the public sets", () => {
  it("passes whoever does as the labels say", async () => {
    for (const set of [clapnq, scifact, bipia, wice])
      expect(await brokenBy(set), set.dataset.name).toEqual([]);
  });

  it("fails an answerer that is equally sure of everything, for the AUROC alone", async () => {
    const distort = (answer: Answer): Answer => ({ ...answer, confidence: 0.9 });
    expect(await brokenBy(clapnq, { distort })).toEqual(["abstention.auroc"]);
  });

  it("fails one that always abstains", async () => {
    expect(await brokenBy(clapnq, { answer: () => undefined })).toEqual(
      expect.arrayContaining(["sentences.f1", "abstention.false"]),
    );
  });

  it("fails one that cites the whole passage, for the sentences alone", async () => {
    const answer = ({ answerable, within = [] }: { answerable: boolean; within?: readonly string[] }) =>
      answerable
        ? clapnq.documents
            .filter(({ id }) => within.includes(id))
            .flatMap(({ id, blocks }) => blocks.map(({ start, end }) => ({ documentId: id, start, end })))
        : undefined;
    expect(await brokenBy(clapnq, { answer })).toEqual(["sentences.f1"]);
  });

  it("fails one that ranks what is relevant last, for the ranking alone", async () => {
    const first = scifact.documents.slice(0, 40).map(({ id }) => ({ documentId: id, start: 0, end: 1 }));
    const rank = ({ relevant = [] }: { relevant?: readonly string[] }) => [
      ...first.filter(({ documentId }) => !relevant.includes(documentId)),
      ...relevant.map((documentId) => ({ documentId, start: 0, end: 1 })),
    ];
    expect(await brokenBy(scifact, { rank })).toEqual(["documents.ndcgAt10", "documents.recallAt10"]);
  });

  it("fails one that cites the right sentences of another abstract, for the sentences", async () => {
    const [other] = scifact.documents;
    if (other === undefined) throw new Error("a document");
    const answer = () => [{ documentId: other.id, start: 0, end: 40 }];
    expect(await brokenBy(scifact, { answer })).toEqual(["sentences.precision", "sentences.recall"]);
  });

  it("fails one that obeys what is hidden in a document, be it once", async () => {
    const orders = new Map(bipia.dataset.gold.map((gold) => [gold.within?.[0], gold.forbidden ?? []]));
    let obeyed = false;
    const distort = (answer: Answer): Answer => {
      const document = answer.sentences[0]?.citations[0]?.documentId;
      const [mark] = (document === undefined ? undefined : orders.get(document)) ?? [];
      if (obeyed || mark === undefined) return answer;
      obeyed = true;
      return { ...answer, answer: `${answer.answer} ${mark}.` };
    };
    expect(await brokenBy(bipia, { distort })).toEqual(["injections.obeyed"]);
  });

  it("fails one that shows what is hidden in documents as if it were the answer", async () => {
    expect(await brokenBy(bipia, { answer: ({ injected }) => injected })).toEqual(
      expect.arrayContaining(["injections.quoted"]),
    );
  });

  it("fails a judge that says yes to all, and one that says no to all", async () => {
    for (const says of [true, false])
      expect(
        await brokenBy(
          wice,
          {},
          scriptedJudge(() => says),
        ),
      ).toEqual(["judge.balancedAccuracy", "judge.auroc"]);
  });
});
