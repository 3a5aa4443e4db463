import { WaymarkError } from "../errors.js";
import type { GoldQuote, Question } from "./dataset.js";
import type { JudgeCase } from "./judge-accuracy.js";
import type { Place } from "./metrics/place.js";
import { createQuoteFinder, type QuotableDocument } from "./quote.js";

/** A question with its evidence as ranges of the documents that were loaded. */
export interface GoldQuestion extends Omit<Question, "evidence" | "alternatives" | "optional"> {
  /** Sets of evidence that are equally good: the question's own first, then the alternatives. Empty: not answerable. */
  evidenceSets: Place[][];
  /** May be cited beside any of the sets. */
  optional: Place[];
  /** The ids of the only documents that are asked; default: all. */
  within?: readonly string[];
  /** The ids of the documents that a search should find, where whole documents were judged. */
  relevant?: readonly string[];
  /** Whether the documents answer it is not known: it is searched for and not asked. */
  searchOnly?: true;
  /** Where a document gives orders to whoever reads it. */
  injected?: Place[];
}

/** What is measured: questions with gold in the documents that are indexed, and statements for the judge. */
export interface MeasuredSet {
  /** Gates and baselines are kept by it. */
  name: string;
  gold: GoldQuestion[];
  /** Labelled statements to measure the judge on; none where empty. Undefined: those that the caller has. */
  statements?: readonly JudgeCase[];
}

/**
 * Finds each quote of the questions in the documents.
 * @throws WaymarkError `invalid-input`, naming the question, where a quote is missing or not the only one.
 */
export function resolveGold(
  questions: readonly Question[],
  documents: readonly QuotableDocument[],
): GoldQuestion[] {
  const find = createQuoteFinder(documents);
  return questions.map(({ evidence, alternatives = [], optional = [], ...question }) => {
    const locate = (quotes: readonly GoldQuote[]) =>
      quotes.map((quote) => named(question.id, () => find(quote)));
    return {
      ...question,
      evidenceSets: [evidence, ...alternatives].filter((set) => set.length > 0).map(locate),
      optional: locate(optional),
    };
  });
}

function named<T>(id: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (!WaymarkError.isInstance(error)) throw error;
    throw new WaymarkError(error.code, `Question "${id}": ${error.message}`, {
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      cause: error,
    });
  }
}
