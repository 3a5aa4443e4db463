import { format, getFormatFromId, isDateFormat } from "numfmt";
import { childAt, childrenOf, type XmlElement } from "./xml.js";

/** How a cell of a workbook is shown. */
export interface CellStyle {
  /** A number format as Excel writes them: "0.0%", "d mmm yyyy". */
  pattern: string;
  bold: boolean;
  /** White letters on no other ground: there to be found by a machine alone. */
  unseen: boolean;
}

/** The cell styles of a workbook, by the number that cells name; `part` is its `styles.xml`. */
export function readStyles(part: XmlElement | undefined): CellStyle[] {
  const patterns = new Map(
    childrenOf(childAt(part, "numFmts"), "numFmt").map(({ attributes }) => [
      Number(attributes.numFmtId),
      attributes.formatCode ?? "General",
    ]),
  );
  const fonts = childrenOf(childAt(part, "fonts"), "font");
  const fills = childrenOf(childAt(part, "fills"), "fill");
  return childrenOf(childAt(part, "cellXfs"), "xf").map(({ attributes }) => {
    const id = Number(attributes.numFmtId ?? 0);
    const font = fonts[Number(attributes.fontId ?? 0)];
    return {
      pattern: LOCAL_DATES[id] ?? patterns.get(id) ?? getFormatFromId(id) ?? "General",
      bold: isOn(childAt(font, "b")),
      unseen: isWhite(childAt(font, "color")) && !isFilled(fills[Number(attributes.fillId ?? 0)]),
    };
  });
}

/** Excel shows these as the system of its user writes dates: 4/3 may be in March or in April, so none is taken here. */
const LOCAL_DATES: Record<number, string> = { 14: "yyyy-mm-dd", 22: "yyyy-mm-dd h:mm" };

/** Days from Excel's usual first day to the one of workbooks that count from 1904. */
const DAYS_TO_1904 = 1462;

/** A number as Excel shows it; one that no date can be, and a pattern that is none, is shown as a plain number. */
export function showNumber(value: number, pattern: string, from1904: boolean): string {
  try {
    const serial = from1904 && isDateFormat(pattern) ? value + DAYS_TO_1904 : value;
    return format(pattern, serial).trim();
  } catch {
    return format("General", value);
  }
}

/** A text as Excel shows it: a pattern may put words around it, or hide it. */
export function showText(text: string, pattern: string): string {
  if (pattern === "General" || pattern === "@") return text;
  try {
    return format(pattern, text);
  } catch {
    return text;
  }
}

function isOn(property: XmlElement | undefined): boolean {
  return property !== undefined && !/^(?:0|false)$/.test(property.attributes.val ?? "");
}

/** By its value, or as the first color of the theme, which is the ground's. */
function isWhite(color: XmlElement | undefined): boolean {
  const { rgb = "", theme, tint } = color?.attributes ?? {};
  return /^(?:[0-9a-f]{2})?f[b-f]f[b-f]f[b-f]$/i.test(rgb) || (theme === "0" && tint === undefined);
}

function isFilled(fill: XmlElement | undefined): boolean {
  const pattern = childAt(fill, "patternFill");
  if (childAt(fill, "gradientFill") !== undefined) return true;
  if (pattern === undefined || (pattern.attributes.patternType ?? "none") === "none") return false;
  return !isWhite(childAt(pattern, "fgColor"));
}
