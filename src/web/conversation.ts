import type { Answer, AnswerMode, AnswerSentence, Citation, Turn } from "../answer/answer.js";
import { citationAddress, numberCitations } from "./citations.js";
import type { Problem } from "./problem.js";

/** How far a question has come. */
export type Stage = "searching" | "reading" | "answering" | "done" | "stopped" | "failed";

/** A question with what has come back for it so far. */
export interface Exchange {
  /** Unique in the conversation, rising. */
  id: number;
  question: string;
  /** The only document to ask, where the reader chose one. */
  only?: { documentId: string; title: string };
  /** The only collection to ask, where the reader chose one. */
  within?: string;
  stage: Stage;
  /** Passages that are being read. */
  passages: number;
  /** Who was asked to write, where there was a choice. */
  asked?: AnswerMode;
  /** Who writes the sentences, where a language model was asked to. */
  mode?: AnswerMode;
  sentences: AnswerSentence[];
  /** True where the index was still being built when the answer came. */
  early?: boolean;
  answer?: Answer;
  problem?: Problem;
}

/** Past exchanges that go along with a question: enough for "and after that?", little enough to stay quick. */
const HISTORY_EXCHANGES = 4;
/** Characters of an answer that go along: the server takes 64 kB in all. */
const MAX_TURN_LENGTH = 2000;

/** The turns that a new question is understood with: the last answered exchanges before `before`, oldest first. */
export function historyBefore(exchanges: readonly Exchange[], before: Exchange): Turn[] {
  const at = exchanges.indexOf(before);
  const past = exchanges.slice(0, at < 0 ? undefined : at);
  return past
    .filter((exchange) => exchange.answer !== undefined)
    .slice(-HISTORY_EXCHANGES)
    .flatMap(({ question, answer }): Turn[] => [
      { role: "user", content: question },
      { role: "assistant", content: (answer?.answer ?? "").slice(0, MAX_TURN_LENGTH) },
    ]);
}

/** The exchange whose answer cites (or offers as near) the place with this address; the latest one, but `preferred` first. */
export function exchangeCiting(
  exchanges: readonly Exchange[],
  address: string,
  preferred?: Exchange,
): Exchange | undefined {
  const cites = (exchange: Exchange) =>
    citedPlaces(exchange).some((citation) => citationAddress(citation) === address);
  if (preferred !== undefined && exchanges.includes(preferred) && cites(preferred)) return preferred;
  return exchanges.findLast(cites);
}

/** The places to step through from one to the next: an answer's citations, an abstention's near passages. */
export function citedPlaces(exchange: Exchange): Citation[] {
  const cited = numberCitations(exchange.sentences);
  return cited.length > 0 ? cited : (exchange.answer?.related ?? []);
}
