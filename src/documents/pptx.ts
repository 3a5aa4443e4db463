import { DocumentBuilder, type Source } from "./builder.js";
import type { SourceDocument } from "./document.js";
import { OfficePackage, relationId } from "./office.js";
import { type Shape, type SlideSize, shapesOf } from "./pptx-shapes.js";
import { addTextBody, linePieces, type Scene } from "./pptx-text.js";
import { childAt, childrenOf, descendantsOf, type XmlElement } from "./xml.js";

/**
 * Reads a PowerPoint presentation with saxen: each slide in order, its title as a heading, bullets as list items, tables as
 * rows, the words of diagrams, then the speaker's notes. Places are "slide 3" and "slide 3, notes". Slide numbers, dates and
 * footers are left out, and so are charts and pictures. LangChain's `PPTXLoader` gives one text of all slides, without
 * where one ends.
 * @throws WaymarkError `unreadable-document` for a file that is protected, in the old format, damaged, or without text.
 */
export async function parsePptx(bytes: Uint8Array, source: Source): Promise<SourceDocument> {
  const file = new OfficePackage(bytes, source, ".ppt");
  const presentation = file.tree(file.main);
  if (presentation?.name !== "presentation") throw new Error("It is no presentation");
  const builder = new DocumentBuilder(source, MEDIA_TYPE);
  const relations = file.relations(file.main);
  const first = Number(presentation.attributes.firstSlideNum ?? 1);
  const size = sizeOf(presentation);
  let named = false;
  for (const [index, entry] of childrenOf(childAt(presentation, "sldIdLst"), "sldId").entries()) {
    const part = relations.find(({ id }) => id === relationId(entry))?.target;
    if (part === undefined) continue;
    const slide = { part, place: `slide ${first + index}`, opens: index === 0, size };
    named = addSlide(builder, file, slide) || named;
  }
  const title = file.title?.trim();
  return builder.finish(named || title === UNNAMED ? undefined : title);
}

const MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation";
/** What PowerPoint calls a presentation that nobody has named. */
const UNNAMED = "PowerPoint Presentation";

/** What stands on every slide. */
const CHROME = new Set(["dt", "ftr", "hdr", "sldNum"]);
const TITLES = new Set(["title", "ctrTitle"]);
/** Placeholders whose paragraphs have bullets unless they say otherwise. */
const LISTS = new Set(["obj", "body"]);

interface Slide {
  part: string;
  place: string;
  /** It is the first one; its title, where it is set as one of the whole, names the presentation. */
  opens: boolean;
  size: SlideSize;
}

/** True where the slide names the presentation. */
function addSlide(
  builder: DocumentBuilder,
  file: OfficePackage,
  { part, place, opens, size }: Slide,
): boolean {
  const slide = file.tree(part);
  const relations = file.relations(part);
  const hidden = /^(?:0|false)$/.test(slide?.attributes.show ?? "");
  const shapes = shapesOf(childAt(slide, "cSld", "spTree"), size).filter(
    ({ placeholder }) => !CHROME.has(placeholder ?? ""),
  );
  const notes = shapesOf(
    childAt(file.tree(relations.find(({ type }) => type === "notesSlide")?.target), "cSld", "spTree"),
  ).filter(({ placeholder }) => placeholder === "body");
  const title = shapes.find(({ placeholder }) => TITLES.has(placeholder ?? ""));
  const names = opens && title?.placeholder === "ctrTitle";
  const titled = builder.add(
    { type: "heading", level: names ? 1 : 2 },
    linePieces(
      childAt(title?.element, "txBody"),
      { place, hidden: hidden || title?.hidden === true },
      builder,
    ),
  );
  // A slide without a title is told from the one before it by its number.
  if (!titled && !hidden && [...shapes, ...notes].some(hasWords)) {
    builder.add({ type: "heading", level: 2 }, [{ text: place.replace(/^s/, "S"), place }]);
  }
  for (const shape of shapes) {
    if (shape === title) continue;
    const scene = { place, hidden: hidden || shape.hidden };
    const bullets = LISTS.has(shape.placeholder ?? "") ? "usual" : "own";
    addTextBody(builder, childAt(shape.element, "txBody"), { ...scene, bullets });
    const data = childAt(shape.element, "graphic", "graphicData");
    addTable(builder, childAt(data, "tbl"), scene);
    addDiagram(builder, file.tree(relations.find(({ id }) => id === diagramId(data))?.target), scene);
  }
  for (const { element } of notes) {
    addTextBody(builder, childAt(element, "txBody"), { place: `${place}, notes`, hidden, bullets: "own" });
  }
  return titled && names;
}

function hasWords({ element, hidden }: Shape): boolean {
  return !hidden && descendantsOf(element, "t").some(({ text }) => text.trim() !== "");
}

function addTable(builder: DocumentBuilder, table: XmlElement | undefined, scene: Scene): void {
  if (table === undefined) return;
  const group = builder.newGroup();
  const headed = /^(?:1|true)$/.test(childAt(table, "tblPr")?.attributes.firstRow ?? "");
  for (const [index, row] of childrenOf(table, "tr").entries()) {
    const cells = childrenOf(row, "tc").map((cell) => linePieces(childAt(cell, "txBody"), scene, builder));
    builder.addRow(group, headed && index === 0, cells);
  }
}

/** The relation to the words of a diagram (SmartArt). */
function diagramId(data: XmlElement | undefined): string | undefined {
  const ids = childAt(data, "relIds");
  return ids && relationId(ids, "dm");
}

function addDiagram(builder: DocumentBuilder, data: XmlElement | undefined, scene: Scene): void {
  if (data === undefined) return;
  const group = builder.newGroup();
  for (const point of descendantsOf(data, "pt")) {
    builder.add({ type: "list-item", depth: 0, group }, linePieces(childAt(point, "t"), scene, builder));
  }
}

function sizeOf(presentation: XmlElement): SlideSize {
  const { cx, cy } = childAt(presentation, "sldSz")?.attributes ?? {};
  return { width: Number(cx ?? Number.POSITIVE_INFINITY), height: Number(cy ?? Number.POSITIVE_INFINITY) };
}
