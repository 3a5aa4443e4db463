import { type ReadPassage, sigmoid } from "./compose.js";

/** Whether the passages answer the question. */
export interface Decision {
  answered: boolean;
  /** Calibrated probability that they do, in [0, 1]. */
  probability: number;
}

export function decide(_question: string, read: readonly ReadPassage[]): Decision {
  if (read.length === 0) return { answered: false, probability: 0 };
  const probability = sigmoid(Math.max(...read.map((entry) => entry.reading.answerable)));
  return { answered: probability >= 0.3, probability };
}
