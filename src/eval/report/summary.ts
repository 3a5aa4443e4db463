import type { Comparison } from "../compare.js";
import type { GateFailure } from "../gate.js";
import { METRICS } from "../metrics/metric.js";
import type { EvalResults } from "../results.js";
import { escapeMarkdown } from "./escape.js";
import { figureRows, formatFigure } from "./figures.js";

/** What a report tells besides the results. */
export interface Verdict {
  /** Undefined: the gate was not asked for. */
  failures?: GateFailure[];
  /** What a reader of the verdict should know besides, in sentences. */
  notes?: string[];
  /** Against an earlier run, by its name. */
  comparisons?: { name: string; rows: Comparison[] }[];
}

/** The page of a CI job: verdict, figures with intervals, types, differences. Markdown. */
export function summaryMarkdown(results: EvalResults, verdict: Verdict = {}): string {
  const { dataset, split, questions, summary } = results;
  return [
    `# Grounding eval: ${escapeMarkdown(dataset)}, ${split === "all" ? "all questions" : `split ${split}`}`,
    `${questions.length} questions, ${questions.filter(({ answerable }) => answerable).length} answerable. Means with bootstrap 95 % intervals (seed ${results.seed}).`,
    ...verdictLines(verdict),
    table(
      ["Metric", "Value", "95 % interval", "n"],
      figureRows(results).map(({ label, metric, value, low, high, n }) => [
        `${label} (\`${metric}\`)`,
        formatFigure(value),
        `${formatFigure(low)} to ${formatFigure(high)}`,
        String(n),
      ]),
    ),
    "## By type",
    table(
      ["Type", "n", "Right decision", "Evidence recall", "Evidence precision", "Vital key facts"],
      summary.byType.map(({ type, n, correct, recall, precision, vital }) => [
        escapeMarkdown(type),
        String(n),
        ...[correct, recall, precision, vital].map(formatFigure),
      ]),
    ),
    ...(verdict.comparisons ?? []).flatMap(({ name, rows }) => comparisonLines(name, rows)),
    "",
  ].join("\n\n");
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
