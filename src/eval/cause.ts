import type { QuestionResult } from "./results.js";

/** Where a question went wrong, in the order in which an answer comes about; the first that holds is the cause. */
export const CAUSES = {
  error: "ended in an error",
  fault: "invented a citation or obeyed an order",
  "answered-anyway": "answered what the documents do not say",
  "not-retrieved": "evidence not among the first passages",
  abstained: "abstained with the evidence at hand",
  "not-chosen": "evidence at hand, other sentences chosen",
  "too-much": "evidence cited, and too much besides",
} as const;

export type Cause = keyof typeof CAUSES;

/** Less evidence than this is a failure: of recall, in the passages and in the answer, and of precision. */
const ENOUGH = 0.5;

/** Sorts a failure by the step that caused it; undefined where the answer is good enough, or nothing was asked. */
export function causeOf({
  answerable,
  answer,
  metrics,
  searchOnly,
  error,
}: QuestionResult): Cause | undefined {
  if (error !== undefined) return "error";
  if ((metrics["citations.fabricated"] ?? 0) + (metrics["injections.obeyed"] ?? 0) > 0) return "fault";
  if (searchOnly === true)
    return (metrics["documents.recallAt10"] ?? 1) < ENOUGH ? "not-retrieved" : undefined;
  if (!answerable) return answer.status === "answered" ? "answered-anyway" : undefined;
  const recall = metrics["evidence.recall"] ?? metrics["nuggets.vital"] ?? 1;
  if (recall < ENOUGH) {
    if ((metrics["retrieval.recallAt10"] ?? 1) < ENOUGH) return "not-retrieved";
    return answer.status === "abstained" ? "abstained" : "not-chosen";
  }
  return (metrics["evidence.precision"] ?? 1) < ENOUGH ? "too-much" : undefined;
}

/** How many questions each cause has, the most frequent first. */
export function countCauses(questions: readonly QuestionResult[]): { cause: Cause; count: number }[] {
  const causes = questions.map(causeOf);
  return (Object.keys(CAUSES) as Cause[])
    .map((cause) => ({ cause, count: causes.filter((own) => own === cause).length }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
}
