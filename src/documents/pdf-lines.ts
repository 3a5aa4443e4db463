import { PDFParse } from "pdf-parse";
import { countPrinted } from "./builder.js";
import { type PdfOperators, ShownText } from "./pdf-hidden.js";

/** A line of a page as it is set: lengths in points from the page's top left corner. */
export interface PdfLine {
  /** Stretches of text that wide gaps divide; one in running text. */
  cells: PdfCell[];
  /** The baseline. */
  y: number;
  /** Height of the largest letters. */
  size: number;
  /** pdf.js's name for the font that the line starts in; only good for comparing. */
  font: string;
  /** True where all letters are of one width, as in code. */
  monospace: boolean;
  /** 1-based. */
  page: number;
}

export interface PdfCell {
  text: string;
  left: number;
  right: number;
}

/** A page's lines, and how many characters it has that no one can see. */
export interface PdfPageLines {
  lines: PdfLine[];
  hidden: number;
}

/**
 * pdf-parse's parser for LangChain's `PDFLoader`, with one difference: a page's text is its lines with their
 * positions, as JSON ({@link PdfPageLines}). The plain text that pdf-parse makes has no gaps, sizes or columns, and
 * without them paragraphs, headings and tables cannot be told.
 */
export class PositionedPdfParse extends PDFParse {
  override async getText(): ReturnType<PDFParse["getText"]> {
    const document = await loadedDocument(this);
    const pages: { num: number; text: string }[] = [];
    for (let num = 1; num <= document.numPages; num += 1) {
      const page = await document.getPage(num);
      const content = await page.getTextContent();
      const { transform } = page.getViewport({ scale: 1 });
      const shown = new ShownText(await page.getOperatorList());
      pages.push({ num, text: JSON.stringify(toPage(content, transform, num, shown)) });
      page.cleanup();
    }
    return { pages, text: "", total: document.numPages, getPageText: (num) => pages[num - 1]?.text ?? "" };
  }
}

/** The six numbers of an affine transform, as PDF and canvas write it. */
type Matrix = readonly number[];

/** What is used of pdf.js's document, page and text item. */
interface PdfDocument {
  numPages: number;
  getPage(num: number): Promise<PdfPage>;
}

interface PdfPage {
  getTextContent(): Promise<PdfContent>;
  getOperatorList(): Promise<PdfOperators>;
  getViewport(options: { scale: number }): { transform: Matrix };
  cleanup(): void;
}

interface PdfContent {
  items: readonly PdfItem[];
  /** By font name. */
  styles: Readonly<Record<string, { fontFamily: string }>>;
}

interface PdfItem {
  str?: string;
  width?: number;
  transform?: Matrix;
  fontName?: string;
}

/** pdf-parse opens the document itself and has no public way to it. */
function loadedDocument(parser: PDFParse): Promise<PdfDocument> {
  return (parser as unknown as { load(): Promise<PdfDocument> }).load();
}

/** Gaps in letter heights: a word space, and the space between two columns of a table. */
const WORD_GAP = 0.12;
const CELL_GAP = 1.5;
/** Baselines closer than this share of a letter height are one line (superscripts). */
const SAME_LINE = 0.5;

/** Smaller letters (in points) are for no reader. */
const MIN_SIZE = 1;

/** Puts text items together into lines, in the order in which the page draws them. Turned text is left out. */
function toPage(
  { items, styles }: PdfContent,
  viewport: Matrix,
  page: number,
  shown: ShownText,
): PdfPageLines {
  const lines: PdfLine[] = [];
  let spaced = false;
  let tiny = 0;
  for (const { str: drawn = "", width = 0, transform, fontName: font = "" } of items) {
    const str = shown.next(drawn);
    if (transform === undefined || str.trim() === "") {
      spaced ||= str !== "";
      continue;
    }
    const [a = 1, b = 0, c = 0, d = 1, left = 0, y = 0] = multiply(viewport, transform);
    if (Math.abs(b) > Math.abs(a) * 0.1) continue;
    const size = Math.hypot(c, d);
    if (size < MIN_SIZE) {
      tiny += countPrinted(str);
      continue;
    }
    const right = left + width;
    const monospace = styles[font]?.fontFamily === "monospace";
    const line = lines.at(-1);
    const cell = line?.cells.at(-1);
    const onLine = line !== undefined && Math.abs(line.y - y) < Math.max(size, line.size) * SAME_LINE;
    if (line === undefined || cell === undefined || !onLine || left < cell.right - size) {
      lines.push({ cells: [{ text: str, left, right }], y, size, font, monospace, page });
    } else if (left - cell.right > size * CELL_GAP) {
      line.cells.push({ text: str, left, right });
    } else {
      cell.text += spaced || left - cell.right > size * WORD_GAP ? ` ${str}` : str;
      cell.right = right;
      line.size = Math.max(line.size, size);
      line.monospace &&= monospace;
    }
    spaced = false;
  }
  return { lines, hidden: shown.hidden + tiny };
}

function multiply(m: Matrix, n: Matrix): number[] {
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = m;
  const [p = 1, q = 0, r = 0, s = 1, t = 0, u = 0] = n;
  return [a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * t + c * u + e, b * t + d * u + f];
}
