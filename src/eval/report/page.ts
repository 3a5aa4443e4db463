import { METRICS } from "../metrics/metric.js";
import type { EvalResults } from "../results.js";
import { reliabilityChart, riskCoverageChart, typeBars } from "./charts.js";
import { escapeMarkup } from "./escape.js";
import { figureRows, formatFigure } from "./figures.js";
import { questionSection, worstFirst } from "./question-section.js";
import { PAGE_STYLE } from "./style.js";
import type { Verdict } from "./summary.js";

/** One self-contained page: no scripts, nothing loaded, every text from documents, questions and answers escaped. */
export function reportPage(results: EvalResults, verdict: Verdict = {}): string {
  const { dataset, split, summary, questions, seed } = results;
  const title = `Grounding eval: ${escapeMarkup(dataset)} (${split})`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<h1>${title}</h1>
<p>${questions.length} questions. Waymark ${escapeMarkup(results.system.version)}, embedder ${escapeMarkup(results.system.models.embedder.name)}, reader ${escapeMarkup(results.system.models.reader?.name ?? "none")}. Means with bootstrap 95 % intervals (seed ${seed}).</p>
${gateSection(verdict)}
<h2>Figures</h2>
${htmlTable(
  ["Metric", "Value", "95 % interval", "n"],
  figureRows(results).map(({ label, metric, value, low, high, n }) => [
    `${label} <code>${metric}</code>`,
    formatFigure(value),
    `${formatFigure(low)} to ${formatFigure(high)}`,
    String(n),
  ]),
)}
<div class="charts">${riskCoverageChart(summary)}${reliabilityChart(summary)}${typeBars(summary)}</div>
${comparisonSections(verdict)}
<h2>Questions, worst first</h2>
<p><mark class="hit">cited and gold</mark> <mark class="missed">gold, not cited</mark> <mark class="extra">cited, not gold</mark> <mark class="fine">cited, allowed</mark></p>
${worstFirst(questions)
  .map((question) => questionSection(question, results.documents))
  .join("\n")}
</body>
</html>
`;
}

function gateSection({ failures, notes = [] }: Verdict): string {
  if (failures === undefined) return "";
  const noted = notes.map((note) => `<p class="note">${escapeMarkup(note)}</p>`).join("");
  return failureList(failures) + noted;
}

function failureList(failures: NonNullable<Verdict["failures"]>): string {
  if (failures.length === 0) return '<p class="passed">The gate is passed.</p>';
  const reasons = failures.map(({ reason }) => `<li>${escapeMarkup(reason)}</li>`).join("");
  return `<div class="failed"><p>The gate is not passed.</p><ul>${reasons}</ul></div>`;
}

function comparisonSections({ comparisons = [] }: Verdict): string {
  return comparisons
    .map(
      ({ name, rows }) =>
        `<h2>Against ${escapeMarkup(name)}</h2>` +
        htmlTable(
          ["Metric", "Before", "Now", "Difference", "95 % interval", "n", ""],
          rows.map(({ metric, before, after, difference, n, verdict }) => [
            METRICS[metric].label,
            formatFigure(before),
            formatFigure(after),
            formatFigure(difference.value),
            `${formatFigure(difference.low)} to ${formatFigure(difference.high)}`,
            String(n),
            verdict === "same" ? "" : verdict,
          ]),
        ),
    )
    .join("\n");
}

/** Cells are HTML. */
function htmlTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (tag: string, row: readonly string[]) =>
    row.map((cell) => `<${tag}>${cell}</${tag}>`).join("");
  const body = rows.map((row) => `<tr>${cells("td", row)}</tr>`).join("\n");
  return `<table><thead><tr>${cells("th", head)}</tr></thead><tbody>\n${body}\n</tbody></table>`;
}
