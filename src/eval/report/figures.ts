import type { Limits } from "../gate.js";
import { METRICS, type Metric } from "../metrics/metric.js";
import type { EvalResults, SummaryFigure } from "../results.js";

/** A row of the table of figures. */
export interface FigureRow extends SummaryFigure {
  metric: Metric;
  label: string;
  /** What the gate asks for, such as "≥ .610"; empty where it asks for nothing. */
  limit: string;
}

/** What the figures tell of, and the first words of the metrics that tell it. */
const GROUPS: Record<string, readonly string[]> = {
  "Evidence and answers": ["evidence", "sentences", "nuggets", "answer", "followup", "variants"],
  "To answer or to abstain": ["decision", "abstention", "calibration"],
  Retrieval: ["documents", "retrieval"],
  "Citations and faults": ["citations", "grounded", "injections", "errors", "judge"],
};

/** The figures that a run has by what they tell of, in the order in which they are reported. */
export function figureGroups(
  { summary }: Pick<EvalResults, "summary">,
  limits: Limits = {},
): { title: string; rows: FigureRow[] }[] {
  const metrics = Object.keys(METRICS) as Metric[];
  return Object.entries(GROUPS)
    .map(([title, prefixes]) => ({
      title,
      rows: prefixes
        .flatMap((prefix) => metrics.filter((metric) => metric.split(".")[0] === prefix))
        .flatMap((metric) => {
          const figure = summary.metrics[metric];
          const { label } = METRICS[metric];
          return figure === undefined
            ? []
            : [{ metric, label, limit: formatLimit(limits[metric]), ...figure }];
        }),
    }))
    .filter(({ rows }) => rows.length > 0);
}

function formatLimit({ min, max }: NonNullable<Limits[Metric]> = {}): string {
  if (min !== undefined) return `≥ ${formatFigure(min)}`;
  return max === undefined ? "" : `≤ ${formatFigure(max)}`;
}

/** A share or a score: three decimals without the leading zero; larger numbers with one decimal; "–" for none. */
export function formatFigure(value: number | null): string {
  if (value === null) return "–";
  if (Math.abs(value) >= 10) return value.toFixed(1);
  return value.toFixed(3).replace(/^(-?)0\./, "$1.");
}
