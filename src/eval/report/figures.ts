import { METRICS, type Metric } from "../metrics/metric.js";
import type { EvalResults, SummaryFigure } from "../results.js";

/** A row of the table of figures. */
export interface FigureRow extends SummaryFigure {
  metric: Metric;
  label: string;
}

/** The figures that a run has, in the order in which they are reported. */
export function figureRows({ summary }: Pick<EvalResults, "summary">): FigureRow[] {
  return (Object.keys(METRICS) as Metric[]).flatMap((metric) => {
    const figure = summary.metrics[metric];
    return figure === undefined ? [] : [{ metric, label: METRICS[metric].label, ...figure }];
  });
}

/** A share or a score: three decimals without the leading zero; larger numbers with one decimal; "–" for none. */
export function formatFigure(value: number | null): string {
  if (value === null) return "–";
  if (Math.abs(value) >= 10) return value.toFixed(1);
  return value.toFixed(3).replace(/^(-?)0\./, "$1.");
}
