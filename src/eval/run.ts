import type { AnswerMode, Timings } from "../answer/answer.js";
import type { SourceDocument } from "../documents/document.js";
import { WaymarkError } from "../errors.js";
import type { Waymark } from "../waymark.js";
import type { Dataset } from "./dataset.js";
import { type GoldQuestion, type MeasuredSet, resolveGold } from "./gold.js";
import { judgeAnswer, type SupportReader } from "./judge.js";
import { type JudgeCase, measureJudge } from "./judge-accuracy.js";
import { intersect, measure, type Place } from "./metrics/place.js";
import type { EvalResults, QuestionResult } from "./results.js";
import { type Outcome, scoreQuestion } from "./score-question.js";
import { type Split, selectSplit } from "./split.js";
import { summarise } from "./summarise.js";

/** The part of the engine that is measured. */
export type MeasuredWaymark = Pick<Waymark, "ask" | "search" | "status">;

export interface RunOptions {
  waymark: MeasuredWaymark;
  /** Quotes of a question set are looked up in the documents; a measured set has its gold as ranges already. */
  dataset: Dataset | MeasuredSet;
  /** All documents that are indexed. */
  documents: readonly Pick<SourceDocument, "id" | "uri" | "title" | "text">[];
  /** Default: all. */
  split?: Split | "all";
  /** Who writes the answers; default as the engine is set up. */
  mode?: AnswerMode;
  /** Judges whether citations support the sentences that are not verbatim. Without it that is not measured. */
  judge?: SupportReader;
  /** Labelled statements, to measure the judge itself where the set has none of its own. */
  judgeCases?: readonly JudgeCase[];
  /** For the intervals; the same seed gives the same report. */
  seed?: number;
  onProgress?: (progress: { phase: "asking" | "judging"; done: number; total: number }) => void;
  signal?: AbortSignal;
}

/** Passages that retrieval is scored on. Twice the deepest cut of the metrics. */
const PASSAGES = 20;

/** As many, where documents are scored: a document has several passages and counts once. */
const PASSAGES_FOR_DOCUMENTS = 100;

const DEFAULT_SEED = 2026;

/**
 * Asks every question, one after another (so that timings are those of one user), and scores what comes back. A question
 * that fails is counted as an abstention with its error; only an abort ends the run.
 * @throws WaymarkError `invalid-input` where gold evidence is not in the documents or the split is empty; `aborted`
 */
export async function runEval(options: RunOptions): Promise<EvalResults> {
  const { waymark, dataset, documents, split = "all", judge, judgeCases = [], signal } = options;
  const seed = options.seed ?? DEFAULT_SEED;
  const gold = goldOf(dataset, documents, split);
  const statements = "gold" in dataset ? dataset.statements : undefined;
  const cases = statements === undefined ? judgeCases : selectSplit(statements, split);
  if (gold.length === 0 && (statements === undefined || cases.length === 0))
    throw new WaymarkError("invalid-input", `The split "${split}" of ${dataset.name} has no questions.`, {
      hint: "Use --split all for a small question set.",
    });
  if (gold.length === 0 && judge === undefined)
    throw new WaymarkError(
      "invalid-input",
      `${dataset.name} measures the judge of support, and there is none.`,
      {
        hint: "Configure a reader: its setting is models.reader.",
      },
    );
  const texts = new Map(documents.map(({ id, text }) => [id, text]));
  const titles = new Map(documents.map(({ id, title }) => [id, title]));
  const questions: QuestionResult[] = [];
  const timings: EvalResults["timings"] = {};
  for (const question of gold) {
    if (signal?.aborted) throw new WaymarkError("aborted", "The evaluation was stopped.");
    const outcome = await askQuestion(question, options);
    questions.push(toResult(question, outcome, { texts, titles }));
    if (outcome.timings !== undefined) timings[question.id] = outcome.timings;
    options.onProgress?.({ phase: "asking", done: questions.length, total: gold.length });
  }
  addAgreement(questions);
  const summary = summarise(questions, seed);
  const onProgress = (progress: { done: number; total: number }) =>
    options.onProgress?.({ phase: "judging", ...progress });
  const judged =
    judge === undefined || cases.length === 0
      ? undefined
      : await measureJudge(judge, cases, { seed, signal, onProgress });
  Object.assign(summary.metrics, judged?.metrics);
  const { version, models, documents: documentCount, passages } = await waymark.status();
  return {
    dataset: dataset.name,
    split,
    seed,
    system: { version, models, documents: documentCount, passages },
    summary,
    questions,
    ...(statements === undefined || judged === undefined ? {} : { statements: judged.statements }),
    documents: documentsIn(questions, documents),
    timings,
  };
}

function goldOf(
  dataset: RunOptions["dataset"],
  documents: RunOptions["documents"],
  split: Split | "all",
): GoldQuestion[] {
  if ("gold" in dataset) return selectSplit(dataset.gold, split);
  return resolveGold(selectSplit(dataset.questions, split), documents);
}

/** {@link Outcome} with what it took, and why there was none. */
interface AskedOutcome extends Outcome {
  timings?: Timings;
  error?: string;
}

async function askQuestion(
  gold: GoldQuestion,
  { waymark, judge, mode, signal }: RunOptions,
): Promise<AskedOutcome> {
  const outcome: AskedOutcome = { answer: NO_ANSWER, passages: [] };
  const scope = {
    ...(gold.within === undefined ? {} : { documentIds: gold.within }),
    ...(signal === undefined ? {} : { signal }),
  };
  try {
    if (gold.searchOnly !== true) {
      const { timings, ...answer } = await waymark.ask(gold.question, {
        ...scope,
        ...(gold.history === undefined ? {} : { history: gold.history }),
        ...(mode === undefined ? {} : { mode }),
      });
      Object.assign(outcome, { answer, timings });
    }
    if (gold.evidenceSets.length > 0 || gold.relevant !== undefined) {
      // What a follow-up was made into is what retrieval had to find.
      const query = gold.searchOnly === true ? gold.question : outcome.answer.question;
      const limit = gold.relevant === undefined ? PASSAGES : PASSAGES_FOR_DOCUMENTS;
      outcome.passages = await waymark.search(query, { ...scope, limit });
    }
    if (judge !== undefined) outcome.grounded = await judgeAnswer(judge, outcome.answer, signal);
  } catch (cause) {
    if (signal?.aborted) throw cause;
    outcome.error = cause instanceof Error ? cause.message : String(cause);
  }
  return outcome;
}

function toResult(
  gold: GoldQuestion,
  { answer, passages, grounded, error }: AskedOutcome,
  { texts, titles }: Record<"texts" | "titles", ReadonlyMap<string, string>>,
): QuestionResult {
  const { metrics, nuggets } = scoreQuestion(gold, { answer, passages, grounded }, texts);
  const { id, type, question, history, variantOf, answerable, evidenceSets, optional } = gold;
  const { searchOnly, relevant, injected } = gold;
  const ranked = [...new Set(passages.map(({ documentId }) => documentId))];
  return {
    id,
    type,
    question,
    ...(history === undefined ? {} : { history }),
    ...(variantOf === undefined ? {} : { variantOf }),
    answerable,
    evidenceSets,
    optional,
    ...(searchOnly === undefined ? {} : { searchOnly }),
    ...(injected === undefined ? {} : { injected }),
    ...(relevant === undefined
      ? {}
      : {
          relevant: relevant.map((documentId) => ({
            documentId,
            title: titles.get(documentId) ?? documentId,
            rank: ranked.includes(documentId) ? ranked.indexOf(documentId) + 1 : null,
          })),
        }),
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

const NO_ANSWER: Outcome["answer"] = {
  status: "abstained",
  mode: "extractive",
  withheld: 0,
  question: "",
  answer: "",
  sentences: [],
  related: [],
  confidence: 0,
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
