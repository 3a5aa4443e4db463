import { SUPPORT_THRESHOLD, type SupportReader, supportScore } from "./judge.js";
import { auroc, balancedAccuracy, type Scored } from "./metrics/auroc.js";
import { bootstrap } from "./metrics/bootstrap.js";
import type { Summary } from "./results.js";

/** A statement and a text, and whether people found that the text supports it. */
export interface JudgeCase {
  statement: string;
  text: string;
  supported: boolean;
}

/**
 * Measures the judge of support on labelled statements, so that a groundedness figure is read beside the judge's own error.
 * A judge that always says the same has a balanced accuracy of .5.
 */
export async function measureJudge(
  judge: SupportReader,
  cases: readonly JudgeCase[],
  { seed, signal }: { seed: number; signal?: AbortSignal },
): Promise<Summary["metrics"]> {
  const scored: Scored[] = [];
  for (const { statement, text, supported } of cases) {
    scored.push({ score: await supportScore(judge, statement, text, { signal }), positive: supported });
  }
  const n = scored.length;
  const accuracy = bootstrap(scored, (sample) => balancedAccuracy(sample, SUPPORT_THRESHOLD), { seed });
  const area = bootstrap(scored, auroc, { seed });
  return {
    ...(accuracy === null ? {} : { "judge.balancedAccuracy": { ...accuracy, n } }),
    ...(area === null ? {} : { "judge.auroc": { ...area, n } }),
  };
}
