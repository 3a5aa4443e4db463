import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { WaymarkError } from "../errors.js";
import { type ComparedQuestions, figuresOf, roundFigure } from "./compare.js";
import { QUESTION_METRICS, type QuestionMetric } from "./metrics/metric.js";
import type { EvalResults } from "./results.js";

const figuresSchema = z.partialRecord(z.enum(Object.keys(QUESTION_METRICS) as QuestionMetric[]), z.number());

/** By question set: each question's figures in the last accepted run. Metrics that do not apply are left out. */
const baselineSchema = z.record(z.string(), z.record(z.string(), figuresSchema));

type Baseline = z.infer<typeof baselineSchema>;

/**
 * The figures of the last accepted run on a question set, or undefined where none was accepted.
 * @throws WaymarkError `invalid-input` where the file is not a baseline.
 */
export function loadBaseline(path: string, dataset: string): ComparedQuestions | undefined {
  const figures = readBaseline(path)[dataset];
  if (figures === undefined) return undefined;
  return Object.entries(figures).map(([id, metrics]) => ({ id, metrics }));
}

/**
 * Accepts a run: writes its figures over those of the same question set. A run over one split leaves the other split's
 * questions as they were. One line a question, so that a change can be read in a diff.
 */
export function updateBaseline(path: string, results: EvalResults): void {
  const baseline = readBaseline(path);
  const figures = Object.fromEntries(
    figuresOf(results).map(({ id, metrics }) => [
      id,
      Object.fromEntries(
        Object.entries(metrics).flatMap(([metric, value]) =>
          value === null ? [] : [[metric, roundFigure(value)]],
        ),
      ),
    ]),
  );
  const kept = results.split === "all" ? {} : baseline[results.dataset];
  const updated = { ...baseline, [results.dataset]: { ...kept, ...figures } };
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, formatBaseline(updated));
}

function readBaseline(path: string): Baseline {
  if (!existsSync(path)) return {};
  try {
    return baselineSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (cause) {
    throw new WaymarkError("invalid-input", `The baseline ${path} cannot be used.`, {
      hint: "Write a new one with `waymark eval --update-baseline` after removing the file.",
      cause,
    });
  }
}

function formatBaseline(baseline: Baseline): string {
  const sets = Object.entries(baseline).map(([dataset, questions]) => {
    const lines = Object.entries(questions)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([id, metrics]) => `    ${JSON.stringify(id)}: ${JSON.stringify(metrics)}`);
    return `  ${JSON.stringify(dataset)}: {\n${lines.join(",\n")}\n  }`;
  });
  return `{\n${sets.join(",\n")}\n}\n`;
}
