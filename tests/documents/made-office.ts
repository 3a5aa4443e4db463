import { zip } from "./hostile.js";

const RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships";

/** A `.rels` part: by id, the type's last word and the target. */
export function relations(targets: Record<string, [type: string, target: string]>): string {
  const list = Object.entries(targets).map(([id, [type, target]]) => {
    const base = type === "core-properties" ? `${PACKAGE}/metadata` : RELATIONS;
    return `<Relationship Id="${id}" Type="${base}/${type}" Target="${target}"/>`;
  });
  return `<?xml version="1.0"?><Relationships xmlns="${PACKAGE}">${list.join("")}</Relationships>`;
}

const coreProperties = (title: string) =>
  `<cp:coreProperties xmlns:cp="c" xmlns:dc="d"><dc:title>${title}</dc:title></cp:coreProperties>`;

/** An Office file around its main part. */
export function office(main: string, parts: Record<string, string>, title?: string): Buffer {
  const properties: Record<string, [string, string]> =
    title === undefined ? {} : { rId2: ["core-properties", "docProps/core.xml"] };
  return zip({
    "[Content_Types].xml": "<Types/>",
    "_rels/.rels": relations({ rId1: ["officeDocument", main], ...properties }),
    ...(title === undefined ? {} : { "docProps/core.xml": coreProperties(title) }),
    ...parts,
  });
}

export interface MadeSheet {
  name: string;
  /** The content of `<sheetData>`. */
  rows: string;
  state?: "hidden" | "veryHidden";
  /** What stands before and after the data. */
  before?: string;
  /** The range of a table on it. */
  table?: string;
}

export interface MadeWorkbook {
  sheets: MadeSheet[];
  strings?: string[];
  /** The content of `styles.xml`. */
  styles?: string;
  from1904?: boolean;
  title?: string;
}

const SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

/** A workbook, put together by hand. */
export function workbook({ sheets, strings = [], styles = "", from1904, title }: MadeWorkbook): Buffer {
  const list = sheets.map(
    ({ name, state }, index) =>
      `<sheet name="${name}" sheetId="${index + 1}" r:id="rId${index + 1}"${state ? ` state="${state}"` : ""}/>`,
  );
  const targets = sheets.map((_, index) => [
    `rId${index + 1}`,
    ["worksheet", `worksheets/sheet${index + 1}.xml`] as [string, string],
  ]);
  const sheetParts = sheets.flatMap(({ rows, before = "", table }, index) => [
    [
      `xl/worksheets/sheet${index + 1}.xml`,
      `<worksheet xmlns="${SPREADSHEET}">${before}<sheetData>${rows}</sheetData></worksheet>`,
    ],
    ...(table === undefined
      ? []
      : [
          [
            `xl/worksheets/_rels/sheet${index + 1}.xml.rels`,
            relations({ rId1: ["table", `../tables/table${index + 1}.xml`] }),
          ],
          [`xl/tables/table${index + 1}.xml`, `<table xmlns="${SPREADSHEET}" ref="${table}"/>`],
        ]),
  ]);
  return office(
    "xl/workbook.xml",
    {
      "xl/workbook.xml": `<workbook xmlns="${SPREADSHEET}" xmlns:r="${RELATIONS}">${from1904 ? '<workbookPr date1904="1"/>' : ""}<sheets>${list.join("")}</sheets></workbook>`,
      "xl/_rels/workbook.xml.rels": relations({
        ...Object.fromEntries(targets),
        rId98: ["sharedStrings", "sharedStrings.xml"],
        rId99: ["styles", "/xl/styles.xml"],
      }),
      "xl/sharedStrings.xml": `<sst xmlns="${SPREADSHEET}">${strings.map((text) => `<si>${text}</si>`).join("")}</sst>`,
      "xl/styles.xml": `<styleSheet xmlns="${SPREADSHEET}">${styles}</styleSheet>`,
      ...Object.fromEntries(sheetParts),
    },
    title,
  );
}

/** A row of cells with their texts or numbers in them; by column letters. A cell given as XML stays as it is. */
export function row(number: number, cells: Record<string, string | number>, attributes = ""): string {
  const list = Object.entries(cells).map(([column, value]) => {
    if (typeof value === "number") return `<c r="${column}${number}"><v>${value}</v></c>`;
    if (value.startsWith("<c")) return value.replace("<c", `<c r="${column}${number}"`);
    return `<c r="${column}${number}" t="inlineStr"><is><t>${value}</t></is></c>`;
  });
  return `<row r="${number}" ${attributes}>${list.join("")}</row>`;
}

export interface MadeSlide {
  /** The shapes of the slide, see {@link shape}. */
  shapes: string;
  /** The paragraphs of its notes. */
  notes?: string;
  hidden?: boolean;
  /** The words of a diagram, which the shapes refer to as `rId5`. */
  diagram?: string[];
}

const NAMESPACES = `xmlns:p="p" xmlns:a="a" xmlns:r="${RELATIONS}" xmlns:mc="mc" xmlns:dgm="dgm"`;

/** A presentation, put together by hand; a slide is 100 wide and 100 high. */
export function presentation(slides: readonly MadeSlide[], title?: string): Buffer {
  const parts = slides.flatMap(({ shapes, notes, hidden, diagram }, index) => {
    const number = index + 1;
    return [
      [
        `ppt/slides/slide${number}.xml`,
        `<p:sld ${NAMESPACES}${hidden ? ' show="0"' : ""}><p:cSld><p:spTree>${shapes}</p:spTree></p:cSld></p:sld>`,
      ],
      [
        `ppt/slides/_rels/slide${number}.xml.rels`,
        relations({
          ...(notes === undefined ? {} : { rId1: ["notesSlide", `../notesSlides/notes${number}.xml`] }),
          ...(diagram === undefined ? {} : { rId5: ["diagramData", `../diagrams/data${number}.xml`] }),
        }),
      ],
      [
        `ppt/notesSlides/notes${number}.xml`,
        `<p:notes ${NAMESPACES}><p:cSld><p:spTree>${shape(notes ?? "", { placeholder: "body" })}${shape(paragraph("7"), { placeholder: "sldNum" })}</p:spTree></p:cSld></p:notes>`,
      ],
      [
        `ppt/diagrams/data${number}.xml`,
        `<dgm:dataModel ${NAMESPACES}><dgm:ptLst>${(diagram ?? []).map((text) => `<dgm:pt><dgm:t>${paragraph(text)}</dgm:t></dgm:pt>`).join("")}</dgm:ptLst></dgm:dataModel>`,
      ],
    ];
  });
  const ids = slides.map((_, index) => `<p:sldId id="${256 + index}" r:id="rId${index + 1}"/>`);
  const targets = slides.map((_, index): [string, [string, string]] => [
    `rId${index + 1}`,
    ["slide", `slides/slide${index + 1}.xml`],
  ]);
  return office(
    "ppt/presentation.xml",
    {
      "ppt/presentation.xml": `<p:presentation ${NAMESPACES}><p:sldIdLst>${ids.join("")}</p:sldIdLst><p:sldSz cx="100" cy="100"/></p:presentation>`,
      "ppt/_rels/presentation.xml.rels": relations(Object.fromEntries(targets)),
      ...Object.fromEntries(parts),
    },
    title,
  );
}

export interface MadeShape {
  placeholder?: string;
  hidden?: boolean;
  /** Left edge; it is 10 wide. */
  x?: number;
}

/** A shape with text: `paragraphs` is XML, see {@link paragraph}. */
export function shape(paragraphs: string, { placeholder, hidden, x = 0 }: MadeShape = {}): string {
  const type = placeholder === undefined || placeholder === "obj" ? "" : ` type="${placeholder}"`;
  const fills = placeholder === undefined ? "" : `<p:ph${type}/>`;
  return `<p:sp><p:nvSpPr><p:cNvPr id="1" name="n"${hidden ? ' hidden="1"' : ""}/><p:nvPr>${fills}</p:nvPr></p:nvSpPr><p:spPr><a:xfrm><a:off x="${x}" y="0"/><a:ext cx="10" cy="10"/></a:xfrm></p:spPr><p:txBody><a:bodyPr/><a:lstStyle/>${paragraphs}</p:txBody></p:sp>`;
}

/** A paragraph of one run; `properties` is the content of its `a:pPr`, `run` that of its `a:rPr`. */
export function paragraph(text: string, level = 0, properties = "", run = "<a:rPr/>"): string {
  return `<a:p><a:pPr lvl="${level}">${properties}</a:pPr><a:r>${run}<a:t>${text}</a:t></a:r></a:p>`;
}
