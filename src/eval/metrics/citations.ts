/** What a judge says of one sentence of an answer and its citations. */
export interface JudgedSentence {
  /** All its citations together support it. False for a sentence without citations. */
  supported: boolean;
  citations: {
    /** The citation supports the sentence by itself. */
    supportsAlone: boolean;
    /** The other citations of the sentence support it without this one. */
    othersSupport: boolean;
  }[];
}

/** Both in [0, 1]; precision is null where nothing is cited, both are null where there is no sentence. */
export interface CitationScore {
  recall: number | null;
  precision: number | null;
}

/**
 * Citation recall and precision of one answer after ALCE (Gao et al., EMNLP 2023, section 3.3). Recall: the share of
 * sentences that their citations support together. Precision: the share of citations that are not idle; a citation is idle
 * when its sentence is not supported, or when it does not support the sentence alone and the others do without it.
 */
export function scoreCitations(sentences: readonly JudgedSentence[]): CitationScore {
  const useful = sentences.flatMap(({ supported, citations }) =>
    citations.map(({ supportsAlone, othersSupport }) => supported && (supportsAlone || !othersSupport)),
  );
  return {
    recall: share(sentences.map(({ supported }) => supported)),
    precision: share(useful),
  };
}

function share(values: readonly boolean[]): number | null {
  return values.length === 0 ? null : values.filter(Boolean).length / values.length;
}
