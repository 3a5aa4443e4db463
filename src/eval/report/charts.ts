import type { Summary } from "../results.js";
import { escapeMarkup } from "./escape.js";
import { formatFigure } from "./figures.js";

/** The plots' size in user units; the page scales them. */
const SIZE = 260;
const MARGIN = 34;
const INNER = SIZE - 2 * MARGIN;

/** The risk-coverage curve as SVG: the share of wrong answers if only the surest questions are answered. */
export function riskCoverageChart({ riskCoverage }: Summary): string {
  const points = riskCoverage.map(({ coverage, risk }) => `${x(coverage)},${y(risk)}`);
  return frame(
    "Risk by coverage",
    { x: "coverage", y: "risk" },
    points.length === 0 ? "" : `<polyline class="curve" points="${points.join(" ")}"/>`,
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
  return frame("Reliability", { x: "confidence", y: "answerable" }, diagonal + dots.join(""));
}

const BAR = { height: 11, row: 32, label: 110, length: 220 };

/** A pair of bars for each type as SVG: right decisions, and evidence recall where there is evidence. */
export function typeBars({ byType }: Summary): string {
  const rows = byType.map(({ type, n, correct, recall }, index) => {
    const top = index * BAR.row + 18;
    return [
      `<text class="label" x="${BAR.label - 8}" y="${top + 13}" text-anchor="end">${escapeMarkup(type)} (${n})</text>`,
      bar("decision", correct, top),
      bar("recall", recall, top + BAR.height + 1),
    ].join("");
  });
  const width = BAR.label + BAR.length + 40;
  return [
    `<svg class="bars" viewBox="0 0 ${width} ${byType.length * BAR.row + 24}" role="img" aria-label="Figures by type">`,
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
    `<text class="value" x="${BAR.label + value * BAR.length + 4}" y="${top + 9}">${formatFigure(value)}</text>`
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
