import { childAt, type XmlElement } from "./xml.js";

/** The size of a slide, in EMU. */
export interface SlideSize {
  width: number;
  height: number;
}

/** Something on a slide that may hold words. */
export interface Shape {
  element: XmlElement;
  /** The kind of placeholder it fills: "title", "body", …; undefined for what fills none. */
  placeholder: string | undefined;
  /** Hidden in PowerPoint's list of objects, or outside of the slide. */
  hidden: boolean;
}

/**
 * The shapes of a slide in their order, which is the order that PowerPoint reads them in; groups are opened. It does not
 * recurse. Of alternatives for different programs the first is taken.
 */
export function shapesOf(tree: XmlElement | undefined, size?: SlideSize): Shape[] {
  const shapes: Shape[] = [];
  const stack = [...(tree?.children ?? [])]
    .reverse()
    .map((element) => ({ element, hidden: false, top: true }));
  for (let visit = stack.pop(); visit !== undefined; visit = stack.pop()) {
    const { element, top } = visit;
    const hidden =
      visit.hidden || isHidden(element) || (top && size !== undefined && isOutside(element, size));
    if (element.name === "sp" || element.name === "graphicFrame") {
      shapes.push({ element, placeholder: placeholderOf(element), hidden });
    }
    const inside = insideOf(element).toReversed();
    for (const child of inside) stack.push({ element: child, hidden, top: top && element.name !== "grpSp" });
  }
  return shapes;
}

function insideOf(element: XmlElement): XmlElement[] {
  if (element.name === "grpSp") return element.children;
  if (element.name !== "AlternateContent") return [];
  return (childAt(element, "Choice") ?? childAt(element, "Fallback"))?.children ?? [];
}

/** `nvSpPr`, `nvGraphicFramePr` or `nvGrpSpPr`. */
function nonVisual(element: XmlElement): XmlElement | undefined {
  return element.children.find(({ name }) => /^nv\w+Pr$/.test(name));
}

/** A placeholder that names no type holds the slide's content. */
function placeholderOf(element: XmlElement): string | undefined {
  const placeholder = childAt(nonVisual(element), "nvPr", "ph");
  return placeholder && (placeholder.attributes.type ?? "obj");
}

function isHidden(element: XmlElement): boolean {
  return /^(?:1|true)$/.test(childAt(nonVisual(element), "cNvPr")?.attributes.hidden ?? "");
}

function isOutside(element: XmlElement, { width, height }: SlideSize): boolean {
  const transform =
    childAt(element, "spPr", "xfrm") ?? childAt(element, "grpSpPr", "xfrm") ?? childAt(element, "xfrm");
  const offset = childAt(transform, "off")?.attributes;
  const extent = childAt(transform, "ext")?.attributes;
  if (offset === undefined || extent === undefined) return false;
  const [x, y, cx, cy] = [offset.x, offset.y, extent.cx, extent.cy].map(Number);
  if (x === undefined || y === undefined || cx === undefined || cy === undefined) return false;
  return x >= width || y >= height || x + cx <= 0 || y + cy <= 0;
}
