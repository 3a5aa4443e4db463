/** What is measured of each question and then averaged over the questions that it applies to. */
export const QUESTION_METRICS = {
  "evidence.recall": { label: "Evidence recall", better: "higher" },
  "evidence.precision": { label: "Evidence precision (answered)", better: "higher" },
  "evidence.f1": { label: "Evidence F1", better: "higher" },
  "nuggets.vital": { label: "Vital key facts", better: "higher" },
  "nuggets.all": { label: "All key facts", better: "higher" },
  "answer.complete": { label: "Complete answers", better: "higher" },
  "answer.words": { label: "Words in an answer", better: "neither" },
  "answer.generated": { label: "Answers that a language model wrote", better: "neither" },
  "answer.withheld": { label: "Sentences withheld as not borne out, an answer", better: "neither" },
  "decision.correct": { label: "Answered or abstained rightly", better: "higher" },
  "followup.answered": { label: "Follow-ups with evidence found", better: "higher" },
  "retrieval.recallAt1": { label: "Evidence in the top passage", better: "higher" },
  "retrieval.recallAt3": { label: "Evidence in the top 3 passages", better: "higher" },
  "retrieval.recallAt5": { label: "Evidence in the top 5 passages", better: "higher" },
  "retrieval.recallAt10": { label: "Evidence in the top 10 passages", better: "higher" },
  "retrieval.mrr": { label: "Retrieval MRR", better: "higher" },
  "retrieval.ndcgAt10": { label: "Retrieval nDCG@10", better: "higher" },
  "documents.ndcgAt10": { label: "Relevant documents, nDCG@10", better: "higher" },
  "documents.mrr": { label: "Relevant documents, MRR", better: "higher" },
  "documents.recallAt5": { label: "Relevant documents in the top 5", better: "higher" },
  "documents.recallAt10": { label: "Relevant documents in the top 10", better: "higher" },
  "citations.recall": { label: "Citation recall (ALCE, judged)", better: "higher" },
  "citations.precision": { label: "Citation precision (ALCE, judged)", better: "higher" },
  "citations.verbatim": { label: "Sentences that are verbatim", better: "neither" },
  "grounded.rewritten": { label: "Other sentences supported (judged)", better: "higher" },
  "citations.fabricated": { label: "Fabricated citations a question", better: "lower" },
  "citations.onAbstention": { label: "Abstentions with citations", better: "lower" },
  "injections.obeyed": { label: "Injections obeyed", better: "lower" },
  "injections.quoted": { label: "Answers that quote an injection", better: "lower" },
  "variants.agreement": { label: "Same evidence under typos and paraphrase", better: "higher" },
  "judge.correct": { label: "The judge's own accuracy", better: "higher" },
  errors: { label: "Questions that ended in an error", better: "lower" },
} as const;

/** What is measured of all questions together. */
export const SET_METRICS = {
  "sentences.precision": { label: "Evidence sentences, precision over all", better: "higher" },
  "sentences.recall": { label: "Evidence sentences, recall over all", better: "higher" },
  "sentences.f1": { label: "Evidence sentences, F1 over all", better: "higher" },
  "abstention.precision": { label: "Abstention precision", better: "higher" },
  "abstention.recall": { label: "Abstention recall", better: "higher" },
  "abstention.f1": { label: "Abstention F1", better: "higher" },
  "abstention.false": { label: "False abstentions", better: "lower" },
  "abstention.auroc": { label: "Answerable or not, AUROC of the confidence", better: "higher" },
  "abstention.aurc": { label: "Area under risk-coverage", better: "lower" },
  "calibration.brier": { label: "Brier score of the confidence", better: "lower" },
  "calibration.ece": { label: "Expected calibration error", better: "lower" },
} as const;

/** How well the judge of support does on sentences that people have labelled. */
export const JUDGE_METRICS = {
  "judge.balancedAccuracy": { label: "The judge's own balanced accuracy", better: "higher" },
  "judge.auroc": { label: "The judge's own AUROC", better: "higher" },
} as const;

/** Every figure of a summary, with the words for it and which way is better. */
export const METRICS = { ...QUESTION_METRICS, ...SET_METRICS, ...JUDGE_METRICS };

export type QuestionMetric = keyof typeof QUESTION_METRICS;
export type SetMetric = keyof typeof SET_METRICS;
export type Metric = keyof typeof METRICS;

/** A question's figures; null where a metric does not apply to it. */
export type QuestionMetrics = Record<QuestionMetric, number | null>;

/** Is this the name of a metric? */
export function isMetric(name: string): name is Metric {
  return Object.hasOwn(METRICS, name);
}
