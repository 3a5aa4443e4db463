import type { EvalResults } from "../results.js";
import { escapeMarkup } from "./escape.js";
import { type FigureRow, figureGroups, formatFigure } from "./figures.js";
import type { Verdict } from "./summary.js";

/** The figures as HTML tables by what they tell of, each with its interval drawn. */
export function figureTables(results: EvalResults, { limits, failures = [] }: Verdict): string {
  const broken = new Set(failures.map(({ metric }) => metric));
  return figureGroups(results, limits)
    .map(
      ({ title, rows }) => `<section class="group"><h3>${escapeMarkup(title)}</h3>
<table class="figures"><thead><tr><th>Metric</th><th>Value</th><th class="range">95 % interval, 0 to 1</th><th>n</th><th>Gate</th></tr></thead>
<tbody>
${rows.map((row) => figureRow(row, broken.has(row.metric))).join("\n")}
</tbody></table></section>`,
    )
    .join("\n");
}

function figureRow(row: FigureRow, broken: boolean): string {
  const { label, metric, value, low, high, n, limit } = row;
  const interval = `${formatFigure(low)} to ${formatFigure(high)}`;
  return `<tr${broken ? ' class="broken"' : ""}><td>${escapeMarkup(label)} <code>${metric}</code></td><td>${formatFigure(value)}</td><td class="range">${intervalBar(row)}<span>${interval}</span></td><td>${n}</td><td>${limit}</td></tr>`;
}

const BAR = { width: 100, height: 10 };

/** The interval on a line from 0 to 1; nothing where the figure is not a share. */
function intervalBar({ value, low, high }: FigureRow): string {
  if (low < 0 || high > 1) return "";
  const x = (share: number) => (share * BAR.width).toFixed(1);
  return (
    `<svg class="interval" viewBox="-4 0 ${BAR.width + 8} ${BAR.height}" aria-hidden="true">` +
    `<line class="guide" x1="0" y1="5" x2="${BAR.width}" y2="5"/>` +
    `<line class="spread" x1="${x(low)}" y1="5" x2="${x(high)}" y2="5"/><circle class="dot" cx="${x(value)}" cy="5" r="3"/></svg>`
  );
}
