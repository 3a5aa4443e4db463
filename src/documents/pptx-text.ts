import { type BlockShape, countPrinted, type DocumentBuilder, LINE_BREAK, type Piece } from "./builder.js";
import { childAt, childrenOf, type XmlElement } from "./xml.js";

/** Where words stand: the name of the place, and whether anybody sees it. */
export interface Scene {
  place: string;
  hidden: boolean;
}

/** A text body's paragraphs: items of a list by themselves, or only where they have a bullet of their own. */
export type Bullets = "usual" | "own";

/** Appends the paragraphs of a text body; those with bullets or numbers are list items as deep as their level. */
export function addTextBody(
  builder: DocumentBuilder,
  body: XmlElement | undefined,
  { place, hidden, bullets }: Scene & { bullets: Bullets },
): void {
  const style = childAt(body, "lstStyle");
  const numbers: number[] = [];
  let group: number | undefined;
  for (const paragraph of childrenOf(body, "p")) {
    const pieces = paragraphPieces(paragraph, { place, hidden }, builder);
    if (pieces.every(({ text }) => text.trim() === "")) continue;
    const properties = childAt(paragraph, "pPr");
    const depth = Number(properties?.attributes.lvl ?? 0);
    const bullet = bulletOf(properties, childAt(style, `lvl${depth + 1}pPr`), bullets);
    numbers.length = Math.min(numbers.length, depth + 1);
    if (bullet === undefined) {
      group = undefined;
      builder.add({ type: "paragraph" }, pieces);
      continue;
    }
    group ??= builder.newGroup();
    const shape: BlockShape = { type: "list-item", depth, group };
    if (bullet.name === "buAutoNum") {
      numbers[depth] = (numbers[depth] ?? Number(bullet.attributes.startAt ?? 1) - 1) + 1;
      shape.ordinal = numbers[depth];
    } else {
      numbers.length = Math.min(numbers.length, depth);
    }
    builder.add(shape, pieces);
  }
}

/** The words of a text body on one line, for a heading or a cell. */
export function linePieces(body: XmlElement | undefined, scene: Scene, builder: DocumentBuilder): Piece[] {
  return childrenOf(body, "p").flatMap((paragraph) => [
    ...paragraphPieces(paragraph, scene, builder),
    { text: " " },
  ]);
}

/** The shown words of a paragraph; those that are not are counted. The numbers and dates that change are no words of it. */
function paragraphPieces(paragraph: XmlElement, { place, hidden }: Scene, builder: DocumentBuilder): Piece[] {
  return paragraph.children.flatMap((part): Piece[] => {
    if (part.name === "br") return [LINE_BREAK];
    const changes = part.name === "fld" && /^(?:slidenum|datetime)/.test(part.attributes.type ?? "");
    if ((part.name !== "r" && part.name !== "fld") || changes) return [];
    const text = childAt(part, "t")?.text ?? "";
    if (!hidden && !isUnseen(childAt(part, "rPr"))) return [{ text, place }];
    builder.leaveOut(countPrinted(text));
    return [];
  });
}

/** Hundredths of a point: letters of that size or less are for no reader. */
const MAX_UNREADABLE_SIZE = 200;

/** Without color, transparent, or too small. White letters may stand on a dark ground, which only a drawing would tell. */
function isUnseen(properties: XmlElement | undefined): boolean {
  if (properties === undefined) return false;
  if (Number(properties.attributes.sz ?? Number.POSITIVE_INFINITY) <= MAX_UNREADABLE_SIZE) return true;
  if (childAt(properties, "noFill") !== undefined) return true;
  const color = childAt(properties, "solidFill")?.children[0];
  return childAt(color, "alpha")?.attributes.val === "0";
}

/** What a paragraph's own properties say, else those of its level; undefined where it has no bullet. */
function bulletOf(
  own: XmlElement | undefined,
  level: XmlElement | undefined,
  bullets: Bullets,
): XmlElement | undefined {
  for (const properties of [own, level]) {
    const bullet = properties?.children.find(({ name }) => BULLETS.has(name));
    if (bullet !== undefined) return bullet.name === "buNone" ? undefined : bullet;
  }
  return bullets === "usual" ? USUAL : undefined;
}

const BULLETS = new Set(["buNone", "buChar", "buAutoNum", "buBlip"]);
const USUAL: XmlElement = { name: "buChar", attributes: {}, children: [], text: "" };
