import { z } from "zod";
import { WaymarkError } from "../errors.js";
import { appendDocument } from "./append-document.js";
import { DocumentBuilder, type Piece, type Source } from "./builder.js";
import { codePieces } from "./code.js";
import { decodeText } from "./decode.js";
import type { SourceDocument } from "./document.js";
import { parseMarkdownText } from "./markdown.js";

/**
 * Reads a Jupyter notebook (nbformat 3 and 4): its Markdown as Markdown, its code as code, and of each output that is text
 * the first lines, as code. `places` are the cells as a person counts them ("cell 3"). Pictures are left out.
 * See https://nbformat.readthedocs.io.
 * @throws WaymarkError `unreadable-document` where the file is no notebook.
 */
export async function parseNotebook(bytes: Uint8Array, source: Source): Promise<SourceDocument> {
  const { cells, metadata } = readNotebook(decodeText(bytes, source), source);
  const builder = new DocumentBuilder(source, "application/x-ipynb+json");
  let broken = 0;
  for (const [index, cell] of cells.entries()) {
    const place = `cell ${index + 1}`;
    if (cell === undefined) {
      broken += 1;
      continue;
    }
    const text = cell.source || cell.input;
    if (cell.cell_type === "code") {
      for (const piece of await codePieces(text, metadata.language_info.file_extension))
        builder.add({ type: "code" }, [{ text: piece.text, place, verbatim: true }]);
      for (const output of cell.outputs) builder.add({ type: "code" }, [outputPiece(output, place)]);
    } else if (cell.cell_type === "heading") {
      builder.add({ type: "heading", level: cell.level }, [{ text, place }]);
    } else if (text.trim() !== "") {
      appendCell(builder, text, source, place);
    }
  }
  const document = builder.finish();
  if (broken === 0) return document;
  return {
    ...document,
    unread: `${broken} of ${cells.length} cells could not be read and ${broken === 1 ? "is" : "are"} left out`,
  };
}

/** A cell without words, such as one that only shows a picture, adds nothing. */
function appendCell(builder: DocumentBuilder, markdown: string, source: Source, place: string): void {
  try {
    appendDocument(builder, parseMarkdownText(markdown, source), { from: { place } });
  } catch (error) {
    if (!WaymarkError.isInstance(error)) throw error;
    if (!/has no text/.test(error.message)) builder.add({ type: "paragraph" }, [{ text: markdown, place }]);
  }
}

/** Text is a string, or the lines of one. */
const text = z
  .union([z.string(), z.array(z.string()).transform((lines) => lines.join(""))])
  .optional()
  .catch(undefined)
  .transform((value) => value ?? "");
const outputSchema = z.object({
  text,
  data: z.object({ "text/plain": text }).optional().catch(undefined),
  ename: text,
  evalue: text,
});
const cellSchema = z.object({
  cell_type: z.string(),
  source: text,
  /** nbformat 3: the code. */
  input: text,
  level: z.number().int().min(1).max(6).catch(1),
  outputs: z.array(outputSchema).catch([]),
});
const cellsSchema = z.array(cellSchema.optional().catch(undefined));
const metadataSchema = z.object({ language_info: z.object({ file_extension: z.string().catch(".py") }) });
const PYTHON = { language_info: { file_extension: ".py" } };
const notebookSchema = z.object({
  cells: cellsSchema.optional(),
  /** nbformat 3. */
  worksheets: z.array(z.object({ cells: cellsSchema })).optional(),
  metadata: metadataSchema.catch(PYTHON).default(PYTHON),
});

type Cell = z.infer<typeof cellSchema>;
type Output = z.infer<typeof outputSchema>;

function readNotebook(
  json: string,
  { uri }: Source,
): { cells: (Cell | undefined)[]; metadata: z.infer<typeof metadataSchema> } {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    if (cause instanceof RangeError) throw cause;
    throw noNotebook(uri, cause);
  }
  const { data } = notebookSchema.safeParse(value);
  const cells = data?.cells ?? data?.worksheets?.flatMap((sheet) => sheet.cells);
  if (data === undefined || cells === undefined) throw noNotebook(uri);
  return { cells, metadata: data.metadata };
}

function noNotebook(uri: string, cause?: unknown): WaymarkError {
  return new WaymarkError("unreadable-document", `${uri} is no notebook that can be read.`, {
    hint: "Open it in Jupyter to see whether it is whole, and save it again.",
    cause,
  });
}

/** Of an output: its first lines are what is spoken of, the others are data. */
const MAX_OUTPUT = { lines: 12, characters: 400 };
/** The colours of a terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with one
const ESCAPES = /\u001B\[[\d;]*[A-Za-z]/g;

function outputPiece({ text: stream, data, ename, evalue }: Output, place: string): Piece {
  const whole = stream || data?.["text/plain"] || [ename, evalue].filter((part) => part !== "").join(": ");
  const lines = whole.replace(ESCAPES, "").split("\n").slice(0, MAX_OUTPUT.lines);
  while (lines.length > 1 && lines.join("\n").length > MAX_OUTPUT.characters) lines.pop();
  return { text: lines.join("\n").slice(0, MAX_OUTPUT.characters), place, verbatim: true };
}
