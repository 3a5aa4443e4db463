import type { QuestionResult, Summary } from "../results.js";
import { escapeMarkup } from "./escape.js";
import { formatFigure } from "./figures.js";

/** The plots' size in user units; the page scales them. */
const SIZE = 260;
const MARGIN = 34;
const INNER = SIZE - 2 * MARGIN;

/**
 * The risk-coverage curve as SVG: if only the surest questions were answered, the share of them that the documents do not
 * answer. A dot shows where the run's own decisions are.
 */
export function riskCoverageChart(
  { riskCoverage }: Summary,
  asked: readonly Pick<QuestionResult, "answerable" | "answer">[],
): string {
  const points = riskCoverage.map(({ coverage, risk }) => `${x(coverage)},${y(risk)}`);
  const curve = points.length === 0 ? "" : `<polyline class="curve" points="${points.join(" ")}"/>`;
  const answered = asked.filter(({ answer }) => answer.status === "answered");
  const risk = answered.filter(({ answerable }) => !answerable).length / Math.max(1, answered.length);
  const coverage = answered.length / Math.max(1, asked.length);
  const now =
    `<circle class="now" cx="${x(coverage)}" cy="${y(risk)}" r="4">` +
    `<title>as decided: ${formatFigure(coverage)} answered, ${formatFigure(risk)} of these wrongly</title></circle>`;
  return frame(
    "Risk by coverage",
    { x: "share of questions answered", y: "not in the documents" },
    curve + now,
  );
}

/** The reliability diagram as SVG: how often the documents answer, by confidence; on the diagonal the confidence is true. */
export function reliabilityChart({ reliability }: Summary): string {
  const most = Math.max(1, ...reliability.map(({ count }) => count));
  const dots = reliability.map(({ count, meanProbability, frequency }) =>
    meanProbability === null || frequency === null
      ? ""
      : `<circle class="dot" cx="${x(meanProbability)}" cy="${y(frequency)}" r="${(2 + 6 * Math.sqrt(count / most)).toFixed(1)}">` +
        `<title>${count} questions: confidence ${formatFigure(meanProbability)}, answerable ${formatFigure(frequency)}</title></circle>`,
  );
  const diagonal = `<line class="guide" x1="${x(0)}" y1="${y(0)}" x2="${x(1)}" y2="${y(1)}"/>`;
  return frame("Reliability", { x: "confidence", y: "share that is answerable" }, diagonal + dots.join(""));
}

const BAR = { height: 8, row: 23, label: 140, length: 200 };

/** A pair of bars for each type as SVG: right decisions, and evidence recall where there is evidence. */
export function typeBars({ byType }: Summary): string {
  const shown = byType.filter(({ correct, recall }) => correct !== null || recall !== null);
  const rows = shown.map(({ type, n, correct, recall }, index) => {
    const top = index * BAR.row + 20;
    return [
      `<text class="label" x="${BAR.label - 8}" y="${top + 12}" text-anchor="end">${escapeMarkup(type)} (${n})</text>`,
      bar("decision", correct, top),
      bar("recall", recall, top + BAR.height + 1),
    ].join("");
  });
  const width = BAR.label + BAR.length + 40;
  return [
    `<svg class="bars" viewBox="0 0 ${width} ${shown.length * BAR.row + 24}" role="img" aria-label="Figures by type">`,
    `<text class="title" x="${BAR.label}" y="11"><tspan class="decision">right decision</tspan> · <tspan class="recall">evidence recall</tspan></text>`,
    ...rows,
    "</svg>",
  ].join("");
}

function bar(name: string, value: number | null, top: number): string {
  if (value === null) return "";
  const length = (value * BAR.length).toFixed(1);
  return (
    `<rect class="${name}" x="${BAR.label}" y="${top}" width="${length}" height="${BAR.height}"/>` +
    `<text class="value" x="${BAR.label + value * BAR.length + 4}" y="${top + 8}">${formatFigure(value)}</text>`
  );
}

function frame(title: string, axes: { x: string; y: string }, content: string): string {
  const ticks = [0, 0.5, 1].flatMap((value) => [
    `<text class="tick" x="${x(value)}" y="${SIZE - MARGIN + 13}" text-anchor="middle">${value}</text>`,
    `<text class="tick" x="${MARGIN - 5}" y="${y(value)}" dy="3" text-anchor="end">${value}</text>`,
  ]);
  return [
    `<svg viewBox="0 0 ${SIZE} ${SIZE}" role="img" aria-label="${title}">`,
    `<text class="title" x="${MARGIN}" y="16">${title}</text>`,
    `<rect class="plot" x="${MARGIN}" y="${MARGIN}" width="${INNER}" height="${INNER}"/>`,
    ...ticks,
    `<text class="axis" x="${SIZE / 2}" y="${SIZE - 4}" text-anchor="middle">${axes.x}</text>`,
    `<text class="axis" transform="translate(9 ${SIZE / 2}) rotate(-90)" text-anchor="middle">${axes.y}</text>`,
    content,
    "</svg>",
  ].join("");
}

function x(share: number): string {
  return (MARGIN + share * INNER).toFixed(1);
}

function y(share: number): string {
  return (SIZE - MARGIN - share * INNER).toFixed(1);
}
