import { posix } from "node:path";
import { countPrinted, DocumentBuilder, type Source } from "./builder.js";
import type { SourceDocument } from "./document.js";
import { OfficePackage, relationId } from "./office.js";
import { addSheetRows } from "./table-rows.js";
import { type CellContext, readSheet, type Sheet, unescapeText } from "./xlsx-sheet.js";
import { readStyles } from "./xlsx-styles.js";
import { childAt, childrenOf, readXml, type XmlElement } from "./xml.js";

/**
 * Reads an Excel workbook: each sheet is a heading with its rows below it, dates and numbers as Excel shows them. Places
 * are "Budget, row 12". Charts, notes and text boxes are left out. The parts are read with saxen, and numbers shown by
 * numfmt: no maintained reader of workbooks tells which rows are hidden or what a number looks like (read-excel-file gives
 * bare values, exceljs has stood still since 2023, npm's xlsx has known holes), and LangChain has no loader for them.
 * @throws WaymarkError `unreadable-document` for a file that is protected, in the old format, damaged, or without text.
 */
export async function parseXlsx(bytes: Uint8Array, source: Source): Promise<SourceDocument> {
  const file = new OfficePackage(bytes, source, ".xls");
  const { main } = file;
  const workbook = file.tree(main);
  if (workbook?.name !== "workbook") throw new Error("It is no workbook");
  const relations = file.relations(main);
  const partOf = (type: string) => relations.find((relation) => relation.type === type)?.target;
  const strings = partOf("sharedStrings");
  const cells: CellContext = {
    strings: strings === undefined ? [] : readStrings(file.xml(strings)),
    styles: readStyles(file.tree(partOf("styles"))),
    from1904: /^(?:1|true)$/.test(childAt(workbook, "workbookPr")?.attributes.date1904 ?? ""),
  };
  const builder = new DocumentBuilder(source, MEDIA_TYPE);
  for (const entry of childrenOf(childAt(workbook, "sheets"), "sheet")) {
    const relation = relations.find(({ id }) => id === relationId(entry));
    if (relation?.type !== "worksheet") continue;
    const name = entry.attributes.name ?? "";
    const { rows, hidden } = sheetOf(file, relation.target, name, cells);
    builder.leaveOut(hidden);
    if (entry.attributes.state === "hidden" || entry.attributes.state === "veryHidden") {
      for (const row of rows) builder.leaveOut(countCharacters(row.cells.values()));
    } else if (rows.length > 0) {
      builder.add({ type: "heading", level: 2 }, [{ text: name, place: name }]);
      addSheetRows(builder, rows, "often");
    }
  }
  return builder.finish(file.title?.trim() || posix.basename(source.uri, posix.extname(source.uri)));
}

const MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

function sheetOf(file: OfficePackage, part: string, name: string, cells: CellContext): Sheet {
  const tables = file.relations(part).filter(({ type }) => type === "table");
  const headers = tables.flatMap(({ target }) => headerRow(file.tree(target)));
  return readSheet(file.xml(part), {
    ...cells,
    headers: new Set(headers),
    hasTables: tables.length > 0,
    placeOf: (row) => `${name}, row ${row}`,
  });
}

/** The number of a table's header row, where it has one. */
function headerRow(table: XmlElement | undefined): number[] {
  const { ref = "", headerRowCount = "1" } = table?.attributes ?? {};
  const row = /^\$?[A-Z]+\$?(\d+)/.exec(ref)?.[1];
  return row === undefined || headerRowCount === "0" ? [] : [Number(row)];
}

/** The texts that cells name by their number; how they sound (phonetic runs) is no part of them. */
function readStrings(xml: string): string[] {
  const strings: string[] = [];
  let text = "";
  let collects = false;
  let phonetic = 0;
  readXml(xml, {
    open(name) {
      if (name === "si") text = "";
      else if (name === "rPh") phonetic += 1;
      else if (name === "t") collects = phonetic === 0;
    },
    text(value) {
      if (collects) text += value;
    },
    close(name) {
      if (name === "si") strings.push(unescapeText(text));
      else if (name === "rPh") phonetic -= 1;
      else if (name === "t") collects = false;
    },
  });
  return strings;
}

function countCharacters(texts: Iterable<string>): number {
  return [...texts].reduce((sum, text) => sum + countPrinted(text), 0);
}
