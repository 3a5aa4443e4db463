import type { Range } from "../documents/document.js";

/** A place in a document, with the verbatim text there: `document.text.slice(start, end) === quote`. */
export interface Citation extends Range {
  documentId: string;
  title: string;
  uri: string;
  quote: string;
  /** Heading path, outermost first. */
  headings: string[];
  /** 1-based, where the format has pages. */
  page?: number;
  /** 1-based line of the source file, where the format has lines. */
  line?: number;
  /** What a person would call the place, where lines and pages do not say it: "slide 3", "Budget, row 12". */
  place?: string;
  /** Confidence that this place answers the question, in [0, 1]. */
  score: number;
  /** Where else the same words stand, in this document or another: the answer says them once. */
  alsoAt?: OtherPlace[];
}

/** Another place of the words that a citation quotes. */
export type OtherPlace = Omit<Citation, "quote" | "headings" | "score" | "alsoAt">;

/** One sentence of an answer with the places that it comes from. */
export interface AnswerSentence {
  text: string;
  kind: "sentence" | "list-item" | "table-row" | "code";
  citations: Citation[];
  /** The short answer inside `text`, as a range of `text`. */
  highlight?: Range;
  /** table-row: the cells with their column names, left to right. */
  cells?: { column: string; text: string }[];
}

/** A turn of the conversation so far, oldest first. */
export interface Turn {
  role: "user" | "assistant";
  content: string;
}

export type AbstentionReason =
  | "not-in-documents" // the documents do not say
  | "not-a-question" // a greeting, thanks, an order to the assistant
  | "empty"; // nothing that could be searched for

/** Who wrote an answer's sentences: the documents themselves, or a language model whose sentences were verified. */
export type AnswerMode = "extractive" | "generated";

/** Why the documents' own sentences are shown although a language model was asked to write. */
export type FallbackReason =
  | "unsupported" // too few of its sentences are borne out by the documents
  | "declined" // it found no answer in the evidence
  | "failed" // it could not be reached, or broke off
  | "stalled" // nothing came from it for too long
  | "too-long"; // it went on past its limit

/** A question's answer, or an abstention; an abstention has no sentences and so no citations. */
export interface Answer {
  status: "answered" | "abstained";
  mode: AnswerMode;
  /** Sentences of a language model that were not shown because the documents do not bear them out. */
  withheld: number;
  /** mode "extractive" though a language model was asked to write: why. */
  fallback?: FallbackReason;
  /** The question that was searched for: a follow-up is made whole with the history. */
  question: string;
  /** The sentences as one text, or the abstention in a sentence. */
  answer: string;
  sentences: AnswerSentence[];
  /** Places that are merely near the question. */
  related: Citation[];
  /** Calibrated probability that the documents answer the question, in [0, 1]. */
  confidence: number;
  reason?: AbstentionReason;
  /** Milliseconds by stage. */
  timings: Timings;
}

export interface Timings {
  embed: number;
  retrieve: number;
  read: number;
  compose: number;
  total: number;
}
