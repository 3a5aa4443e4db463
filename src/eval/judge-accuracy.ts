import { WaymarkError } from "../errors.js";
import { SUPPORT_THRESHOLD, type SupportReader, supportScore } from "./judge.js";
import { auroc, balancedAccuracy, type Scored } from "./metrics/auroc.js";
import { bootstrap } from "./metrics/bootstrap.js";
import { mean } from "./metrics/mean.js";
import type { StatementResult, Summary } from "./results.js";

/** A statement and a text, and whether people found that the text supports it. */
export interface JudgeCase {
  /** Unique in its set; decides the split. */
  id: string;
  statement: string;
  text: string;
  supported: boolean;
}

/**
 * Measures the judge of support on labelled statements, so that a groundedness figure is read beside the judge's own error.
 * A judge that always says the same has a balanced accuracy of .5.
 * @throws WaymarkError `aborted`
 */
export async function measureJudge(
  judge: SupportReader,
  cases: readonly JudgeCase[],
  { seed, signal, onProgress }: MeasureJudgeOptions,
): Promise<{ metrics: Summary["metrics"]; statements: StatementResult[] }> {
  const statements: StatementResult[] = [];
  for (const { id, statement, text, supported } of cases) {
    if (signal?.aborted) throw new WaymarkError("aborted", "The evaluation was stopped.");
    const score = await supportScore(judge, statement, text, { signal });
    const correct = score >= SUPPORT_THRESHOLD === supported;
    statements.push({ id, statement, text, supported, score, correct });
    onProgress?.({ done: statements.length, total: cases.length });
  }
  const scored = statements.map(({ score, supported }): Scored => ({ score, positive: supported }));
  const figure = (statistic: (sample: readonly Scored[]) => number | null) => {
    const interval = bootstrap(scored, statistic, { seed });
    return interval === null ? undefined : { ...interval, n: scored.length };
  };
  const accuracy = figure((sample) =>
    mean(sample.map(({ score, positive }) => Number(score >= SUPPORT_THRESHOLD === positive))),
  );
  const balanced = figure((sample) => balancedAccuracy(sample, SUPPORT_THRESHOLD));
  const area = figure(auroc);
  return {
    metrics: {
      ...(accuracy === undefined ? {} : { "judge.correct": accuracy }),
      ...(balanced === undefined ? {} : { "judge.balancedAccuracy": balanced }),
      ...(area === undefined ? {} : { "judge.auroc": area }),
    },
    statements,
  };
}

interface MeasureJudgeOptions {
  seed: number;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: { done: number; total: number }) => void) | undefined;
}
