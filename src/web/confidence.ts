/** The least confidence, as the calibrated probability that the documents answer the question, for each word. */
const WORDS: readonly { least: number; word: string }[] = [
  { least: 0.8, word: "confident" },
  { least: 0.5, word: "fairly sure" },
  { least: 0, word: "unsure" },
];

/** A probability in [0, 1] as a word for a person. */
export function confidenceWord(confidence: number): string {
  return WORDS.find(({ least }) => confidence >= least)?.word ?? "unsure";
}
