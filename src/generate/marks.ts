import type { AnswerSentence } from "../answer/answer.js";

/** A sentence as a model wrote it, with the numbers that it cites taken off. */
export interface MarkedSentence {
  text: string;
  kind: Extract<AnswerSentence["kind"], "sentence" | "list-item">;
  /** In the order of their mention, each once; they need not exist. */
  numbers: number[];
}

/** Ranges longer than that are no citation. */
const LONGEST_RANGE = 20;

/** Reads the numbers in brackets of a sentence: "[2]", "[1, 3]", "[2–4]", "【2】"; and takes off Markdown's marks. */
export function readMarks(written: string): MarkedSentence {
  const numbers: number[] = [];
  const text = written.replace(MARK, (_, inside: string) => {
    for (const [, first, last] of inside.matchAll(/(\d{1,4})(?:\s*[–-]\s*(\d{1,4}))?/gu)) {
      const from = Number(first);
      const to = Math.min(Number(last ?? first), from + LONGEST_RANGE);
      for (let number = from; number <= to; number++) numbers.push(number);
    }
    return "";
  });
  const bare = text.replace(BULLET, "").replace(/\*\*|__|^#+\s+/gu, "");
  return {
    text: bare
      .replace(/\s+/g, " ")
      .replace(/\s+(?=[.,;:!?])/g, "")
      .trim(),
    kind: BULLET.test(text) ? "list-item" : "sentence",
    numbers: [...new Set(numbers)],
  };
}

const MARK = /\s*[[【](?:(?:evidence|source|sentence)s?\s*)?((?:\d{1,4}\s*[,;–-]?\s*)+)[\]】]/giu;
const BULLET = /^\s*(?:[-*•–]|\d{1,2}[.)])\s+/u;
