import { CAUSES, countCauses } from "../cause.js";
import type { Comparison } from "../compare.js";
import type { GateFailure, Limits } from "../gate.js";
import { METRICS } from "../metrics/metric.js";
import type { EvalResults } from "../results.js";
import { escapeMarkdown } from "./escape.js";
import { figureGroups, formatFigure } from "./figures.js";

/** What a report tells besides the results. */
export interface Verdict {
  /** Undefined: the gate was not asked for. */
  failures?: GateFailure[];
  /** What the gate asks for. */
  limits?: Limits;
  /** What a reader of the verdict should know besides, in sentences. */
  notes?: string[];
  /** Against an earlier run, by its name. */
  comparisons?: { name: string; rows: Comparison[] }[];
}

/** The page of a CI job: verdict, figures with intervals, types, differences. Markdown. */
export function summaryMarkdown(results: EvalResults, verdict: Verdict = {}): string {
  const { dataset, split, summary } = results;
  return [
    `# Grounding eval: ${escapeMarkdown(dataset)}, ${split === "all" ? "all questions" : `split ${split}`}`,
    `${describeSize(results)}. Means with bootstrap 95 % intervals (seed ${results.seed}).`,
    ...verdictLines(verdict),
    ...figureGroups(results, verdict.limits).flatMap(({ title, rows }) => [
      `## ${title}`,
      table(
        ["Metric", "Value", "95 % interval", "n", "Gate"],
        rows.map(({ label, metric, value, low, high, n, limit }) => [
          `${label} (\`${metric}\`)`,
          formatFigure(value),
          `${formatFigure(low)} to ${formatFigure(high)}`,
          String(n),
          limit,
        ]),
      ),
    ]),
    ...typeLines(summary.byType),
    ...causeLines(results),
    ...(verdict.comparisons ?? []).flatMap(({ name, rows }) => comparisonLines(name, rows)),
    "",
  ].join("\n\n");
}

/** How many questions and statements a run has. */
export function describeSize({ questions, statements = [] }: EvalResults): string {
  const answerable = questions.filter((question) => question.answerable).length;
  return [
    ...(questions.length > 0 ? [`${questions.length} questions, ${answerable} answerable`] : []),
    ...(statements.length > 0 ? [`${statements.length} labelled statements for the judge`] : []),
  ].join("; ");
}

function typeLines(byType: EvalResults["summary"]["byType"]): string[] {
  if (byType.length === 0) return [];
  return [
    "## By type",
    table(
      ["Type", "n", "Right decision", "Evidence recall", "Evidence precision", "Vital key facts"],
      byType.map(({ type, n, correct, recall, precision, vital }) => [
        escapeMarkdown(type),
        String(n),
        ...[correct, recall, precision, vital].map(formatFigure),
      ]),
    ),
  ];
}

function causeLines({ questions }: EvalResults): string[] {
  const causes = countCauses(questions);
  if (causes.length === 0) return [];
  return [
    "## Where it goes wrong",
    table(
      ["Cause", "Questions"],
      causes.map(({ cause, count }) => [CAUSES[cause], String(count)]),
    ),
  ];
}

function verdictLines({ failures, notes = [] }: Verdict): string[] {
  if (failures === undefined) return [];
  if (failures.length === 0) return ["**The gate is passed.**", ...notes];
  return ["**The gate is not passed.**", failures.map(({ reason }) => `- ${reason}`).join("\n"), ...notes];
}

function comparisonLines(name: string, rows: readonly Comparison[]): string[] {
  if (rows.length === 0) return [`## Against ${escapeMarkdown(name)}`, "No question is in both runs."];
  return [
    `## Against ${escapeMarkdown(name)}`,
    table(
      ["Metric", "Before", "Now", "Difference", "95 % interval", "n", ""],
      rows.map(({ metric, before, after, difference, n, verdict }) => [
        `${METRICS[metric].label} (\`${metric}\`)`,
        formatFigure(before),
        formatFigure(after),
        formatFigure(difference.value),
        `${formatFigure(difference.low)} to ${formatFigure(difference.high)}`,
        String(n),
        verdict === "same" ? "" : verdict,
      ]),
    ),
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? "---" : "---:"))), ...rows.map(line)].join(
    "\n",
  );
}
