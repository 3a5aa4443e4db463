import { PDFLoader } from "@langchain/community/document_loaders/fs/pdf";
import { WaymarkError } from "../errors.js";
import { DocumentBuilder, type Piece, type Source } from "./builder.js";
import type { SourceDocument } from "./document.js";
import { ListPlaces } from "./list-places.js";
import { dropPageChrome } from "./pdf-chrome.js";
import { lineJoiner } from "./pdf-hyphens.js";
import { layOut } from "./pdf-layout.js";
import { type PdfLine, type PdfPageLines, PositionedPdfParse } from "./pdf-lines.js";
import { leftEdge, lineText, lineWidth } from "./pdf-style.js";

/**
 * Reads a PDF through LangChain's `PDFLoader`, page by page. Lines are put together into headings, paragraphs, list
 * items, table rows and code; running headers, footers and page numbers are left out. `pages` are the page numbers.
 * @throws WaymarkError `unreadable-document` for a file that is damaged, protected by a password or has only pictures.
 */
export async function parsePdf(bytes: Uint8Array, source: Source): Promise<SourceDocument> {
  const { lines, title, hidden } = await loadLines(bytes, source);
  const builder = new DocumentBuilder(source, "application/pdf");
  builder.leaveOut(hidden);
  const lists = new ListPlaces(builder);
  const join = lineJoiner(lines.map(printed));
  const parts = layOut(lines);
  for (const part of parts) {
    if (part.type !== "list-item") lists.close();
    switch (part.type) {
      case "heading":
        builder.add({ type: "heading", level: part.level }, join(part.lines.map(printed)));
        break;
      case "paragraph":
        builder.add({ type: "paragraph" }, join(part.lines.map(printed)));
        break;
      case "list-item": {
        const [first, ...rest] = part.lines.map(printed);
        const words = first === undefined ? [] : [{ ...first, text: first.text.slice(part.markerLength) }];
        builder.add(lists.place({ ...part, indent: Math.round(part.indent) }), join([...words, ...rest]));
        break;
      }
      case "code":
        builder.add({ type: "code" }, codePieces(part.lines));
        break;
      case "table":
        addTable(builder, part.rows, part.header);
        break;
    }
  }
  const isTitled = parts.some((part) => part.type === "heading" && part.level === 1);
  return builder.finish(isTitled ? undefined : title);
}

async function loadLines(
  bytes: Uint8Array,
  { uri }: Source,
): Promise<{ lines: PdfLine[]; title: string | undefined; hidden: number }> {
  // A copy, because pdf.js takes the memory that it is given away from its owner.
  const blob = new Blob([bytes.slice()], { type: "application/pdf" });
  const loader = new PDFLoader(blob, { pdfjs: async () => ({ isV2: true, PDFParse: PositionedPdfParse }) });
  const pages = await loader.load().catch((cause: unknown) => {
    throw unreadable(uri, cause);
  });
  const drawn = pages.map(({ pageContent }) => JSON.parse(pageContent) as PdfPageLines);
  const lines = dropPageChrome(drawn.flatMap((page) => page.lines));
  const hidden = drawn.reduce((sum, page) => sum + page.hidden, 0);
  if (lines.length === 0) {
    throw new WaymarkError("unreadable-document", `${uri} has pages but no text: it seems to be scanned.`, {
      hint: "Run a text recognition (OCR) program over it first.",
    });
  }
  const title: unknown = pages[0]?.metadata.pdf?.info?.Title;
  const isReal = typeof title === "string" && !UNREAL_TITLE.test(title);
  return { lines, title: isReal ? title : undefined, hidden };
}

/** Titles that programs fill in by themselves. */
const UNREAL_TITLE =
  /^(?:untitled|microsoft word|document\d*$|slide 1$)|\.(?:docx?|pdf|tex|dvi|indd|odt|pptx?)$/i;

function unreadable(uri: string, cause: unknown): WaymarkError {
  const isProtected = cause instanceof Error && cause.name === "PasswordException";
  return isProtected
    ? new WaymarkError("unreadable-document", `${uri} is protected by a password.`, {
        hint: "Save a copy without the password.",
        cause,
      })
    : new WaymarkError(
        "unreadable-document",
        `${uri} is not a PDF that can be read: it is damaged or cut off.`,
        {
          hint: "Open it in a PDF viewer to see whether it is whole, or leave it out.",
          cause,
        },
      );
}

function printed(line: PdfLine): { text: string; page: number } {
  return { text: lineText(line), page: line.page };
}

/** Code keeps its lines, and the indents that the width of its letters gives. */
function codePieces(lines: readonly PdfLine[]): Piece[] {
  const margin = lines.reduce((least, line) => Math.min(least, leftEdge(line)), Number.POSITIVE_INFINITY);
  return lines.map((line, index) => {
    const text = lineText(line);
    const column = Math.round(((leftEdge(line) - margin) * text.length) / Math.max(1, lineWidth(line)));
    return {
      text: `${index === 0 ? "" : "\n"}${" ".repeat(column)}${text}`,
      page: line.page,
      verbatim: true,
    };
  });
}

function addTable(builder: DocumentBuilder, rows: readonly PdfLine[], hasHeader: boolean): void {
  const group = builder.newGroup();
  for (const [index, { cells, page }] of rows.entries()) {
    builder.addRow(
      group,
      hasHeader && index === 0,
      cells.map(({ text }) => [{ text, page }]),
    );
  }
}
