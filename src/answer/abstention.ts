import type { AbstentionReason, Answer, Citation, Timings } from "./answer.js";

/** The answer to a question that is not answered: no sentences, and what is merely near. */
export function abstention(
  question: string,
  reason: AbstentionReason,
  related: Citation[],
  confidence: number,
  timings: Timings,
): Answer {
  const answer = ABSTENTIONS[reason];
  const none = { status: "abstained", mode: "extractive", withheld: 0 } as const;
  return { ...none, question, answer, sentences: [], related, confidence, reason, timings };
}

/** What an abstention says. */
const ABSTENTIONS: Record<AbstentionReason, string> = {
  "not-in-documents": "The documents do not say.",
  "not-a-question":
    "I answer questions about the documents. Ask one, and I will show where its answer stands.",
  empty: "There is nothing here to look up. Ask a question in words.",
};
