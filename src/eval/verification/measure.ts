import { type Example, fitLogistic, type LogisticModel } from "../../answer/logistic.js";
import { faultOf, MIN_SUPPORT, supportFeatures, supportOf } from "../../generate/verify/support.js";
import { wordsOf } from "../../generate/verify/words.js";
import { type SupportReader, supportScore } from "../judge.js";
import { type Split, splitOf } from "../split.js";
import type { LabelledStatement } from "./statements.js";

/** A statement with what the verifier makes of it. */
export interface JudgedStatement extends LabelledStatement {
  split: Split;
  fault?: string;
  /** Probability of support; 0 where there is a fault. */
  probability: number;
  passes: boolean;
  features: Example["features"];
}

/** What share of a set's unsupported statements is let through, and of its supported ones kept. */
export interface VerificationFigures {
  set: LabelledStatement["set"];
  split: Split;
  letThrough: { count: number; of: number };
  kept: { count: number; of: number };
}

/** Judges each statement as the verifier judges a sentence that cites this evidence alone. */
export async function judgeStatements(
  reader: SupportReader,
  statements: readonly LabelledStatement[],
): Promise<JudgedStatement[]> {
  const judged: JudgedStatement[] = [];
  for (const one of statements) {
    const sentence = wordsOf(one.statement);
    const evidence = { units: [wordsOf(one.text)], context: wordsOf(one.headings.join("\n")) };
    const fault = faultOf(sentence, evidence);
    const headings = one.headings.filter((heading) => heading !== "");
    const supported = await supportScore(reader, one.statement, one.text, { headings });
    const probability = fault === undefined ? supportOf(sentence, evidence, supported) : 0;
    judged.push({
      ...one,
      split: splitOf({ id: one.group }),
      ...(fault === undefined ? {} : { fault }),
      probability,
      passes: probability >= MIN_SUPPORT,
      features: supportFeatures(sentence, evidence, supported),
    });
  }
  return judged;
}

/** The figures of each set and split. */
export function figuresOf(judged: readonly JudgedStatement[]): VerificationFigures[] {
  const sets = [...new Set(judged.map(({ set }) => set))];
  return (["tune", "test"] as const).flatMap((split) =>
    sets.map((set) => {
      const own = judged.filter((one) => one.set === set && one.split === split);
      const share = (supported: boolean) => {
        const group = own.filter((one) => one.supported === supported);
        return { count: group.filter(({ passes }) => passes).length, of: group.length };
      };
      return { set, split, letThrough: share(false), kept: share(true) };
    }),
  );
}

/** How much a statement counts in the fit: those written as models write most, the many planted ones less. */
const WEIGHTS: Record<LabelledStatement["set"], number> = {
  roadmap: 2,
  "roadmap planted": 0.5,
  "ClapNQ planted": 0.5,
  WiCE: 1,
  SciFact: 1,
};

/** Fits the weights of `supportOf` on the tune half of what has no fault. */
export function fitSupport(judged: readonly JudgedStatement[]): LogisticModel {
  const examples = judged
    .filter(({ split, fault }) => split === "tune" && fault === undefined)
    .map(({ features, supported, set }) => ({ features, positive: supported, weight: WEIGHTS[set] }));
  return fitLogistic(examples, { names: ["missing", "reader"] });
}
