import { WaymarkError } from "./errors.js";

/** The greatest length of a question or a query, in UTF-16 code units, whichever way it comes. */
export const MAX_QUESTION_LENGTH = 2000;

/** @throws WaymarkError `invalid-input` where the question is longer than {@link MAX_QUESTION_LENGTH}. */
export function requireShort(question: string): string {
  if (question.length <= MAX_QUESTION_LENGTH) return question;
  throw new WaymarkError(
    "invalid-input",
    `The question has ${question.length.toLocaleString("en")} characters.`,
    { hint: `Ask in ${MAX_QUESTION_LENGTH.toLocaleString("en")} characters or fewer.` },
  );
}
