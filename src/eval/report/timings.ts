import type { Timings } from "../../answer/answer.js";
import { percentile } from "../metrics/percentile.js";
import type { EvalResults } from "../results.js";

/** Milliseconds a question, by stage. */
export type StageTimings = Record<keyof Timings, { p50: number; p95: number }>;

/** The median and the 95th percentile over the questions of a run, by stage; 0 where nothing was asked. */
export function stageTimings({ timings }: Pick<EvalResults, "timings">): StageTimings {
  const of = (stage: keyof Timings) => {
    const values = Object.values(timings).map((timing) => timing[stage]);
    return { p50: percentile(values, 50) ?? 0, p95: percentile(values, 95) ?? 0 };
  };
  return {
    embed: of("embed"),
    retrieve: of("retrieve"),
    read: of("read"),
    compose: of("compose"),
    total: of("total"),
  };
}

/** What a run cost, for timings.json: by stage, and each question. */
export function timingsJson(results: Pick<EvalResults, "dataset" | "split" | "timings">): string {
  const { dataset, split, timings } = results;
  return `${JSON.stringify({ dataset, split, unit: "ms", stages: stageTimings(results), questions: timings }, null, 1)}\n`;
}

/** The same in a line for the terminal. */
export function timingsLine(results: Pick<EvalResults, "timings">): string {
  const stages = Object.entries(stageTimings(results)).map(
    ([stage, { p50, p95 }]) => `${stage} ${formatMilliseconds(p50)} / ${formatMilliseconds(p95)}`,
  );
  return `Milliseconds a question, p50 / p95: ${stages.join(", ")}.`;
}

function formatMilliseconds(value: number): string {
  return value < 10 ? value.toFixed(1) : value.toFixed(0);
}
