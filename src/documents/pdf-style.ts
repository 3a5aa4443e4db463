import type { PdfLine } from "./pdf-lines.js";

/** What is usual in a PDF; lengths in points. */
export interface PdfStyle {
  /** Letter height of the running text. */
  size: number;
  /** Font of the running text. */
  font: string;
  /** True where the running text is typewritten. */
  monospace: boolean;
  /** From baseline to baseline in a paragraph. */
  pitch: number;
  /** Width of a full line. */
  width: number;
  /** Letter heights of headings, largest first. */
  headingSizes: number[];
}

/** Letters of a heading are larger than the text's by this factor. */
const HEADING_SIZE = 1.12;
const MAX_HEADING_SIZES = 5;
const MAX_HEADING = 150;
const FULL_LINE_QUANTILE = 0.9;

/** Measures a document's lines, in reading order. */
export function measureStyle(lines: readonly PdfLine[]): PdfStyle {
  const size = heaviest(lines, (line) => roundSize(line.size)) ?? 0;
  const body = lines.filter((line) => roundSize(line.size) === size);
  const gaps = body.map((line, index) => gapAbove(body[index - 1], line));
  const pitches = gaps.filter((gap) => gap > size * 0.8 && gap < size * 2.5);
  const widths = body.map(lineWidth).sort((a, b) => a - b);
  const larger = lines.filter(
    (line) => line.size >= size * HEADING_SIZE && lineText(line).length <= MAX_HEADING,
  );
  const font = heaviest(body, (line) => line.font) ?? "";
  return {
    size,
    font,
    monospace: body.some((line) => line.font === font && line.monospace),
    pitch: pitches.sort((a, b) => a - b)[Math.floor(pitches.length / 3)] ?? size * 1.2,
    width: widths[Math.floor(widths.length * FULL_LINE_QUANTILE)] ?? 0,
    headingSizes: [...new Set(larger.map((line) => roundSize(line.size)))]
      .sort((a, b) => b - a)
      .slice(0, MAX_HEADING_SIZES),
  };
}

/** The text of a line; a tab between its cells. */
export function lineText({ cells }: PdfLine): string {
  return cells.map(({ text }) => text).join("\t");
}

/** To half points. */
export function roundSize(size: number): number {
  return Math.round(size * 2) / 2;
}

/** From the baseline of the line before; not a number across a page, negative where a new column starts. */
export function gapAbove(previous: PdfLine | undefined, line: PdfLine): number {
  return previous?.page === line.page ? line.y - previous.y : Number.NaN;
}

export function leftEdge({ cells }: PdfLine): number {
  return cells[0]?.left ?? 0;
}

export function lineWidth(line: PdfLine): number {
  return (line.cells.at(-1)?.right ?? 0) - leftEdge(line);
}

/** The value under which most letters stand. */
function heaviest<T>(lines: readonly PdfLine[], property: (line: PdfLine) => T): T | undefined {
  const weights = new Map<T, number>();
  for (const line of lines)
    weights.set(property(line), (weights.get(property(line)) ?? 0) + lineText(line).length);
  return [...weights].sort(([, one], [, other]) => other - one)[0]?.[0];
}
