import Papa from "papaparse";
import { WaymarkError } from "../errors.js";
import { DocumentBuilder, type Source } from "./builder.js";
import { decodeText } from "./decode.js";
import type { SourceDocument } from "./document.js";
import { addSheetRows, type SheetRow } from "./table-rows.js";

/**
 * Reads comma-separated values (RFC 4180, with what is found in the wild: semicolons, tabs and bars between the fields,
 * rows of different lengths, Excel's `sep=` line) with PapaParse. Places are the rows as a spreadsheet numbers them.
 * LangChain's `CSVLoader` makes a document of its own of each row, with the column names in the text, so no place of the
 * file could be quoted.
 * @throws WaymarkError `unreadable-document` when there is no text, or a quoted field does not end.
 */
export async function parseCsv(bytes: Uint8Array, source: Source): Promise<SourceDocument> {
  return parseSeparated(bytes, source, { mediaType: "text/csv" });
}

/** {@link parseCsv} for tab-separated values. */
export async function parseTsv(bytes: Uint8Array, source: Source): Promise<SourceDocument> {
  return parseSeparated(bytes, source, { mediaType: "text/tab-separated-values", usual: "\t" });
}

const SEPARATOR_LINE = /^\uFEFF?sep=(.)\n/i;

function parseSeparated(
  bytes: Uint8Array,
  source: Source,
  { mediaType, usual }: { mediaType: string; usual?: string },
): SourceDocument {
  const text = decodeText(bytes, source);
  const separatorLine = SEPARATOR_LINE.exec(text);
  const delimiter = separatorLine?.[1] ?? (usual !== undefined && text.includes(usual) ? usual : "");
  const body = text.slice(separatorLine?.[0].length ?? 0);
  const { data, errors } = Papa.parse<string[]>(body, { delimiter, newline: "\n" });
  const open = errors.find(({ code }) => code === "MissingQuotes");
  if (open !== undefined) throw openQuote(source, (open.row ?? 0) + 1);
  const builder = new DocumentBuilder(source, mediaType);
  addSheetRows(builder, rowsOf(data), "always");
  return builder.finish();
}

function rowsOf(records: readonly string[][]): SheetRow[] {
  const rows: SheetRow[] = [];
  let apart = false;
  for (const [index, record] of records.entries()) {
    const cells = new Map<number, string>();
    for (const [column, field] of record.entries()) {
      const text = field.trim();
      if (text !== "") cells.set(column, text);
    }
    if (cells.size > 0) rows.push({ cells, place: `row ${index + 1}`, apart });
    apart = cells.size === 0;
  }
  return rows;
}

function openQuote({ uri }: Source, row: number): WaymarkError {
  return new WaymarkError(
    "unreadable-document",
    `${uri} is damaged: a quotation mark in row ${row} is never closed.`,
    {
      hint: "Close it, or double it where it is meant as a character.",
    },
  );
}
