import type { Answer, AnswerSentence } from "../../src/answer/answer.js";
import { cite } from "../../src/answer/cite.js";
import type { SourceDocument } from "../../src/documents/document.js";
import type { Question } from "../../src/eval/dataset.js";
import type { GoldQuestion } from "../../src/eval/gold.js";
import type { SupportReader } from "../../src/eval/judge.js";
import type { Place } from "../../src/eval/metrics/place.js";
import { createQuoteFinder } from "../../src/eval/quote.js";
import type { Status, Waymark } from "../../src/waymark.js";

/** What a scripted answerer says to a question: places to quote, or nothing to abstain. */
export type Script = (question: Question, gold: readonly Place[]) => readonly Place[] | undefined;

export type ScriptedWaymark = Pick<Waymark, "ask" | "search" | "status" | "documents" | "document">;

/** Quotes the gold evidence and abstains where there is none. */
export const answerRightly: Script = (_, gold) => (gold.length > 0 ? gold : undefined);

/** An engine without models: it answers each question of a set by a script. `distort` may spoil the finished answer. */
export function scriptedWaymark(
  questions: readonly Question[],
  documents: readonly SourceDocument[],
  script: Script = answerRightly,
  distort: Distort = (answer) => answer,
): ScriptedWaymark {
  const goldDocument = documents[0];
  if (goldDocument === undefined) throw new Error("give a document");
  const find = createQuoteFinder([goldDocument]);
  const byText = new Map(questions.map((question) => [question.question, question]));
  const goldOf = (text: string) => byText.get(text)?.evidence.map((quote) => find(quote)) ?? [];
  return scriptedEngine(documents, {
    answer: (text) => {
      const question = byText.get(text);
      return question === undefined ? undefined : script(question, goldOf(text));
    },
    rank: goldOf,
    distort,
  });
}

/** What a scripted answerer says to a question of a measured set: places to quote, or nothing to abstain. */
export type SetScript = (question: GoldQuestion) => readonly Place[] | undefined;

/** What is wrong with the answerer of a measured set. */
export interface SetFaults {
  answer?: SetScript;
  rank?: (question: GoldQuestion) => readonly Place[];
  distort?: Distort;
}

/**
 * The same for a set whose gold is known as ranges. If not told otherwise, it quotes the gold, or else the key fact, and
 * finds the relevant documents.
 */
export function scriptedSet(
  gold: readonly GoldQuestion[],
  documents: readonly SourceDocument[],
  { answer, rank, distort = (given) => given }: SetFaults = {},
): ScriptedWaymark {
  const textOf = new Map(documents.map(({ id, text }) => [id, text]));
  const wholeOf = (documentId: string): Place => ({
    documentId,
    start: 0,
    end: textOf.get(documentId)?.length ?? 0,
  });
  const factOf = ({ within: [documentId = ""] = [], nuggets: [nugget] }: GoldQuestion) => {
    const text = textOf.get(documentId) ?? "";
    const form = nugget?.forms.find((candidate) => text.includes(candidate));
    if (form === undefined) return undefined;
    return [{ documentId, start: text.indexOf(form), end: text.indexOf(form) + form.length }];
  };
  const rightAnswer: SetScript = (question) => question.evidenceSets[0] ?? factOf(question);
  const rightRanking = ({ relevant = [], evidenceSets }: GoldQuestion) => [
    ...(evidenceSets[0] ?? []),
    ...relevant.map(wholeOf),
  ];
  const find = (text: string, documentIds?: readonly string[]) => {
    const question = gold.find(
      (candidate) => candidate.question === text && candidate.within?.[0] === documentIds?.[0],
    );
    if (question === undefined) throw new Error(`no question ${text}`);
    return question;
  };
  return scriptedEngine(documents, {
    answer: (text, documentIds) => (answer ?? rightAnswer)(find(text, documentIds)),
    rank: (text, documentIds) => (rank ?? rightRanking)(find(text, documentIds)),
    distort,
  });
}

type Distort = (answer: Answer) => Answer;

interface EngineScript {
  answer(text: string, documentIds: readonly string[] | undefined): readonly Place[] | undefined;
  rank(text: string, documentIds: readonly string[] | undefined): readonly Place[];
  distort: Distort;
}

function scriptedEngine(
  documents: readonly SourceDocument[],
  { answer, rank, distort }: EngineScript,
): ScriptedWaymark {
  const byId = new Map(documents.map((document) => [document.id, document]));
  const toCitation = ({ documentId, start, end }: Place) => {
    const document = byId.get(documentId);
    if (document === undefined) throw new Error(`no document ${documentId}`);
    return cite(document, { start, end }, [], 1);
  };
  return {
    ask: async (text, { documentIds } = {}) => {
      const sentences = (answer(text, documentIds) ?? []).map((place): AnswerSentence => {
        const citation = toCitation(place);
        return { kind: "sentence", text: citation.quote, citations: [citation] };
      });
      return distort({
        status: sentences.length > 0 ? "answered" : "abstained",
        question: text,
        answer: sentences.map((sentence) => sentence.text).join(" ") || "The documents do not say.",
        sentences,
        related: [],
        mode: "extractive",
        withheld: 0,
        confidence: sentences.length > 0 ? 0.9 : 0.1,
        timings: { embed: 1, retrieve: 2, read: 3, compose: 4, total: 10 },
      });
    },
    search: async (text, { documentIds } = {}) =>
      rank(text, documentIds).map((place, index) => ({
        ...toCitation(place),
        passageId: String(index),
        scores: { lexical: 1, dense: 1, fused: 1, interaction: 1 },
      })),
    status: async () => STATUS,
    documents: async () =>
      documents.map(({ id, uri, title, mediaType, text }) => ({
        id,
        uri,
        collection: "default",
        title,
        mediaType,
        contentHash: "",
        indexedAt: "2026-01-01T00:00:00Z",
        passages: 1,
        characters: text.length,
      })),
    document: async (id) => {
      const document = byId.get(id);
      if (document === undefined) throw new Error(`no document ${id}`);
      return { ...document, indexedAt: "2026-01-01T00:00:00Z" };
    },
  };
}

const STATUS: Status = {
  documents: 1,
  passages: 1,
  generation: 1,
  schemaVersion: 1,
  version: "0.0.0",
  models: { embedder: { name: "scripted", checksum: "0" } },
};

/** A judge from a rule on statement and text. */
export function scriptedJudge(supports: (statement: string, text: string) => boolean): SupportReader {
  return {
    read: async (statement, passages) =>
      passages.map(({ units }) => ({
        answerable: 0,
        supported: supports(
          statement,
          units.flatMap((unit) => unit.pieces.map((piece) => piece.text)).join(" "),
        )
          ? 10
          : -10,
        evidence: units.map(() => 0),
      })),
  };
}
