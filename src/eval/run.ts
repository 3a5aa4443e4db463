import type { Answer } from "../answer/answer.js";
import type { SourceDocument } from "../documents/document.js";
import { WaymarkError } from "../errors.js";
import type { SearchResult, Waymark } from "../waymark.js";
import type { Dataset } from "./dataset.js";
import { type GoldQuestion, resolveGold } from "./gold.js";
import { type GroundedSentence, judgeAnswer, type SupportReader } from "./judge.js";
import { type JudgeCase, measureJudge } from "./judge-accuracy.js";
import { intersect, measure, type Place } from "./metrics/place.js";
import type { EvalResults, QuestionResult } from "./results.js";
import { scoreQuestion } from "./score-question.js";
import { type Split, selectSplit } from "./split.js";
import { summarise } from "./summarise.js";

/** The part of the engine that is measured. */
export type MeasuredWaymark = Pick<Waymark, "ask" | "search" | "status">;

export interface RunOptions {
  waymark: MeasuredWaymark;
  dataset: Dataset;
  /** All documents that are indexed; the gold evidence is looked up in them. */
  documents: readonly Pick<SourceDocument, "id" | "uri" | "title" | "text">[];
  /** Default: all. */
  split?: Split | "all";
  /** Judges whether citations support the sentences that are not verbatim. Without it that is not measured. */
  judge?: SupportReader;
  /** Labelled statements, to measure the judge itself. */
  judgeCases?: readonly JudgeCase[];
  /** For the intervals; the same seed gives the same report. */
  seed?: number;
  onProgress?: (progress: { done: number; total: number }) => void;
  signal?: AbortSignal;
}

/** Passages that retrieval is scored on. Twice the deepest cut of the metrics. */
const PASSAGES = 20;

const DEFAULT_SEED = 2026;

/**
 * Asks every question, one after another (so that timings are those of one user), and scores what comes back. A question
 * that fails is counted as an abstention with its error; only an abort ends the run.
 * @throws WaymarkError `invalid-input` where gold evidence is not in the documents or the split is empty; `aborted`
 */
export async function runEval(options: RunOptions): Promise<EvalResults> {
  const { waymark, dataset, documents, split = "all", judge, judgeCases = [], signal } = options;
  const seed = options.seed ?? DEFAULT_SEED;
  const gold = resolveGold(selectSplit(dataset.questions, split), documents);
  if (gold.length === 0)
    throw new WaymarkError("invalid-input", `The split "${split}" of ${dataset.name} has no questions.`, {
      hint: "Use --split all for a small question set.",
    });
  const texts = new Map(documents.map(({ id, text }) => [id, text]));
  const questions: QuestionResult[] = [];
  for (const question of gold) {
    if (signal?.aborted) throw new WaymarkError("aborted", "The evaluation was stopped.");
    questions.push(await measureQuestion(question, options, texts));
    options.onProgress?.({ done: questions.length, total: gold.length });
  }
  addAgreement(questions);
  const summary = summarise(questions, seed);
  if (judge !== undefined && judgeCases.length > 0)
    Object.assign(summary.metrics, await measureJudge(judge, judgeCases, { seed, ...withSignal(signal) }));
  const { version, models, documents: documentCount, passages } = await waymark.status();
  return {
    dataset: dataset.name,
    split,
    seed,
    system: { version, models, documents: documentCount, passages },
    summary,
    questions,
    documents: documentsIn(questions, documents),
  };
}

async function measureQuestion(
  gold: GoldQuestion,
  { waymark, judge, signal }: RunOptions,
  texts: ReadonlyMap<string, string>,
): Promise<QuestionResult> {
  let answer: Answer = NO_ANSWER;
  let passages: SearchResult[] = [];
  let grounded: GroundedSentence[] | undefined;
  let error: string | undefined;
  try {
    answer = await waymark.ask(gold.question, {
      ...(gold.history === undefined ? {} : { history: gold.history }),
      ...withSignal(signal),
    });
    // What a follow-up was made into is what retrieval had to find.
    if (gold.answerable)
      passages = await waymark.search(answer.question, { limit: PASSAGES, ...withSignal(signal) });
    if (judge !== undefined) grounded = await judgeAnswer(judge, answer, signal);
  } catch (cause) {
    if (signal?.aborted) throw cause;
    error = cause instanceof Error ? cause.message : String(cause);
  }
  const { metrics, nuggets } = scoreQuestion(gold, { answer, passages, grounded }, texts);
  const { id, type, question, history, variantOf, answerable, evidenceSets, optional } = gold;
  return {
    id,
    type,
    question,
    ...(history === undefined ? {} : { history }),
    ...(variantOf === undefined ? {} : { variantOf }),
    answerable,
    evidenceSets,
    optional,
    nuggets: gold.nuggets.map(({ text, vital }, index) => ({
      text,
      vital,
      found: nuggets.found[index] ?? false,
    })),
    answer,
    ...(grounded === undefined ? {} : { grounded }),
    metrics: { ...metrics, errors: error === undefined ? 0 : 1 },
    ...(error === undefined ? {} : { error }),
  };
}

const NO_ANSWER: Answer = {
  status: "abstained",
  mode: "extractive",
  withheld: 0,
  question: "",
  answer: "",
  sentences: [],
  related: [],
  confidence: 0,
  timings: { embed: 0, retrieve: 0, read: 0, compose: 0, total: 0 },
};

/** Fills `variants.agreement`: twice the characters that both answers cite / the characters that each cites. */
function addAgreement(questions: QuestionResult[]): void {
  const byId = new Map(questions.map((question) => [question.id, question]));
  for (const question of questions) {
    const base = question.variantOf === undefined ? undefined : byId.get(question.variantOf);
    if (base === undefined) continue;
    const [a, b] = [citedPlaces(question), citedPlaces(base)];
    const both = measure(a) + measure(b);
    question.metrics["variants.agreement"] = both === 0 ? 1 : (2 * measure(intersect(a, b))) / both;
  }
}

function citedPlaces({ answer }: QuestionResult): Place[] {
  return answer.sentences.flatMap(({ citations }) => citations);
}

/** Only the documents that a report needs. */
function documentsIn(questions: readonly QuestionResult[], documents: RunOptions["documents"]) {
  const places = questions.flatMap((question) => [...question.evidenceSets.flat(), ...citedPlaces(question)]);
  const ids = new Set(places.map(({ documentId }) => documentId));
  return documents
    .filter(({ id }) => ids.has(id))
    .map(({ id, uri, title, text }) => ({ id, uri, title, text }));
}

function withSignal(signal: AbortSignal | undefined): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}
