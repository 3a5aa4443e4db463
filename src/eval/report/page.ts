import { CAUSES, countCauses } from "../cause.js";
import { METRICS, type Metric } from "../metrics/metric.js";
import type { EvalResults } from "../results.js";
import { reliabilityChart, riskCoverageChart, typeBars } from "./charts.js";
import { escapeMarkup } from "./escape.js";
import { figureTables } from "./figure-table.js";
import { formatFigure } from "./figures.js";
import { questionSection, worstFirst } from "./question-section.js";
import { statementSections } from "./statement-section.js";
import { PAGE_STYLE } from "./style.js";
import { describeSize, type Verdict } from "./summary.js";
import { htmlTable } from "./table.js";

/** One self-contained page: no scripts, nothing loaded, every text from documents, questions and answers escaped. */
export function reportPage(results: EvalResults, verdict: Verdict = {}): string {
  const { dataset, split, system, seed } = results;
  const title = `Grounding eval: ${escapeMarkup(dataset)}${split === "all" ? "" : ` (${split})`}`;
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
<header><h1>${title}</h1>
<p>${describeSize(results)}. ${describeSystem(system)}. Means with bootstrap 95 % intervals (seed ${seed}).</p></header>
${gateSection(verdict)}
${headline(results)}
${plots(results)}
${causeSection(results)}
<h2>Figures</h2>
<div class="groups">${figureTables(results, verdict)}</div>
${comparisonSections(verdict)}
${questionSections(results)}
${judgeSection(results)}
</body>
</html>
`;
}

function describeSystem({ version, models, documents, passages }: EvalResults["system"]): string {
  const reader = models.reader === undefined ? "no reader" : `reader “${escapeMarkup(models.reader.name)}”`;
  const writer =
    models.languageModel === undefined ? "" : `, language model “${escapeMarkup(models.languageModel.name)}”`;
  const size = `${documents} document${documents === 1 ? "" : "s"}, ${passages} passages`;
  return `Waymark ${escapeMarkup(version)}, embedder “${escapeMarkup(models.embedder.name)}”, ${reader}${writer}; ${size}`;
}

function gateSection({ failures, notes = [] }: Verdict): string {
  if (failures === undefined) return "";
  const noted = notes.map((note) => `<p class="note">${escapeMarkup(note)}</p>`).join("");
  if (failures.length === 0) return `<div class="gate passed"><p>The gate is passed.</p>${noted}</div>`;
  const reasons = failures.map(({ reason }) => `<li>${escapeMarkup(reason)}</li>`).join("");
  return `<div class="gate failed"><p>The gate is not passed.</p><ul>${reasons}</ul>${noted}</div>`;
}

/** What a reader wants to know first; those that a run has. */
const HEADLINE: readonly Metric[] = [
  "evidence.recall",
  "evidence.precision",
  "nuggets.vital",
  "abstention.recall",
  "abstention.false",
  "documents.ndcgAt10",
  "citations.fabricated",
  "injections.obeyed",
  "judge.balancedAccuracy",
];

function headline({ summary }: EvalResults): string {
  const cards = HEADLINE.flatMap((metric) => {
    const figure = summary.metrics[metric];
    if (figure === undefined) return [];
    const { value, low, high } = figure;
    return [
      `<div class="card"><b>${formatFigure(value)}</b><span>${METRICS[metric].label}</span><i>${formatFigure(low)} to ${formatFigure(high)}</i></div>`,
    ];
  });
  return `<div class="cards">${cards.join("")}</div>`;
}

function plots({ summary, questions }: EvalResults): string {
  const asked = questions.filter(({ searchOnly }) => searchOnly !== true);
  if (asked.length === 0) return "";
  // Without both kinds of questions there is no risk to plot and nothing to be sure or unsure of.
  const mixed = new Set(asked.map(({ answerable }) => answerable)).size > 1;
  return `<div class="charts">${mixed ? riskCoverageChart(summary, asked) + reliabilityChart(summary) : ""}${typeBars(summary)}</div>`;
}

function causeSection({ questions }: EvalResults): string {
  const causes = countCauses(questions);
  if (causes.length === 0) return "";
  const rows = causes.map(({ cause, count }) => [CAUSES[cause], String(count)]);
  return `<h2>Where it goes wrong</h2>\n${htmlTable(["Cause", "Questions"], rows)}`;
}

function comparisonSections({ comparisons = [] }: Verdict): string {
  return comparisons
    .map(({ name, rows }) => {
      const cells = rows.map(({ metric, before, after, difference, n, verdict }) => [
        METRICS[metric].label,
        formatFigure(before),
        formatFigure(after),
        formatFigure(difference.value),
        `${formatFigure(difference.low)} to ${formatFigure(difference.high)}`,
        String(n),
        verdict === "same" ? "" : `<b class="${verdict}">${verdict}</b>`,
      ]);
      const head = ["Metric", "Before", "Now", "Difference", "95 % interval", "n", ""];
      return `<h2>Against ${escapeMarkup(name)}</h2>${htmlTable(head, cells)}`;
    })
    .join("\n");
}

function questionSections({ questions, documents }: EvalResults): string {
  if (questions.length === 0) return "";
  const sections = worstFirst(questions).map((question) => questionSection(question, documents));
  return `<h2>Questions, worst first</h2>
<p class="legend"><mark class="hit">cited and gold</mark> <mark class="missed">gold, not cited</mark> <mark class="extra">cited, not gold</mark> <mark class="fine">cited, allowed</mark> <mark class="order">hidden order</mark></p>
${sections.join("\n")}`;
}

function judgeSection({ statements = [] }: EvalResults): string {
  if (statements.length === 0) return "";
  return `<h2>Statements as the judge saw them, worst first</h2>\n${statementSections(statements)}`;
}
