import type { Range } from "../documents/document.js";
import type { Passage } from "../passages/passage.js";

/** What made a vector. Two vectors may be compared only where both fields agree. */
export interface ModelIdentity {
  /** The model's folder name or hub name. */
  name: string;
  /** SHA-256 of the weights, hex. */
  checksum: string;
}

/** Counts tokens without special tokens, by a model's own tokenizer. */
export type CountTokens = (text: string) => number;

/** A reader's input for one passage: its context (see `contextText` in passages/passage.ts) and its units. */
export type ReadablePassage = Pick<Passage, "headings" | "leadIn" | "units">;

/** What the reader says of a question and one passage. All scores are raw logits: they rank, they are no probabilities. */
export interface Reading {
  /** The passage answers the question. */
  answerable: number;
  /** The passage supports the statement (when the question is a statement). */
  supported: number;
  /** For each unit of the passage, in order: the logit of the mean evidence probability over its tokens. */
  evidence: number[];
  /** The best short answer: a range of the document's canonical text; undefined where no piece of a unit has a range. */
  shortAnswer?: Range & {
    /** log p(start) + log p(end), minus the same for "none" ([CLS]); below 0, "none" is the likelier. */
    score: number;
    /** The index of the unit that the range starts in. */
    unit: number;
  };
}

/** Judges a question (or statement) against passages, each by itself. Replaceable. */
export interface Reader {
  readonly identity: ModelIdentity;
  /** @throws WaymarkError `aborted` when the signal fires before all are read. */
  read(
    question: string,
    passages: readonly ReadablePassage[],
    options?: { signal?: AbortSignal },
  ): Promise<Reading[]>;
}
