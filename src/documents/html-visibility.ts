import type { DefaultTreeAdapterTypes as Tree } from "parse5";
import { attribute, type Test } from "./html-tree.js";

/** True for what a browser does not show as words: scripts, styles, pictures, controls, hidden elements. */
export const isHidden: Test = (element) => INVISIBLE_TAGS.has(element.tagName) || isConcealed(element);

/**
 * True for an element that would hold words to read if its own attributes did not hide them: not displayed, transparent,
 * too small, out of the page, white on nothing dark.
 */
export const isConcealed: Test = (element) => {
  const style = attribute(element, "style") ?? "";
  return (
    attribute(element, "hidden") !== undefined ||
    attribute(element, "aria-hidden") === "true" ||
    hides(style) ||
    HIDING_CLASS.test(names(element)) ||
    ((isWhite(style) || WHITE.test(attribute(element, "color") ?? "")) && !isBacked(element))
  );
};

/** True for declarations of a style that hide an element's words. */
export function hides(declarations: string): boolean {
  return HIDING_STYLE.test(declarations) || (ZERO_SIZE.test(declarations) && CLIPPED.test(declarations));
}

/** True for what stands around the content: navigation, page header and footer, side notes, forms, banners. */
export const isChrome: Test = (element) =>
  CHROME_TAGS.has(element.tagName) ||
  CHROME_ROLES.has(attribute(element, "role") ?? "") ||
  BANNER_CLASS.test(names(element)) ||
  (PAGE_PARTS.has(element.tagName) && !isInsideContent(element));

const INVISIBLE_TAGS = new Set(
  (
    "head script style template noscript svg math canvas iframe object embed audio video map " +
    "input button select textarea datalist meter progress dialog rp"
  ).split(" "),
);
const HIDING_STYLE = new RegExp(
  `(?:^|;)\\s*(?:${[
    "display\\s*:\\s*none",
    "visibility\\s*:\\s*(?:hidden|collapse)",
    "opacity\\s*:\\s*0?(?:\\.0\\d*)?%?\\s*(?:!|;|$)",
    "font-size\\s*:\\s*(?:0(?:\\.0\\d*)?[a-z%]*|0?\\.\\d+p[xt]|1p[xt])\\s*(?:!|;|$)",
    "(?:left|top|right|bottom|text-indent|margin-left)\\s*:\\s*-(?:\\d{4,}px|\\d{3,}(?:em|rem|pt|vw|vh|%))",
    "transform\\s*:\\s*scale\\(0",
    "color\\s*:\\s*transparent",
  ].join("|")})`,
  "i",
);
const ZERO_SIZE = /(?:^|;)\s*(?:max-)?(?:width|height)\s*:\s*[01](?:px)?\s*(?:!|;|$)/i;
const CLIPPED = /(?:^|;)\s*(?:overflow\s*:\s*hidden|clip(?:-path)?\s*:)/i;
const HIDING_CLASS =
  /(?:^|\s)(?:sr-only|visually-hidden|screen-reader-text|skip-(?:link|nav|to-content))(?:\s|$)/i;

/** White, or as good as white. */
const WHITE =
  /^\s*(?:white|#f[b-f]f[b-f]f[b-f](?:ff)?|#fff|rgba?\(\s*25[0-5]\s*[, ]\s*25[0-5]\s*[, ]\s*25[0-5])/i;

function isWhite(style: string): boolean {
  const color = /(?:^|;)\s*color\s*:\s*([^;]+)/i.exec(style)?.[1];
  return color !== undefined && WHITE.test(color);
}

/**
 * True where something dark may lie behind an element: it or one around it has a background, or a class or id, by which a
 * style sheet may give it one.
 */
function isBacked(element: Tree.Element): boolean {
  for (let at: Tree.ParentNode | null = element; at !== null && "tagName" in at; at = at.parentNode) {
    const background = /(?:^|;)\s*background(?:-color|-image)?\s*:\s*([^;]+)/i.exec(
      attribute(at, "style") ?? "",
    )?.[1];
    if (background !== undefined)
      return !(WHITE.test(background) || /^\s*(?:none|transparent)/i.test(background));
    const color = attribute(at, "bgcolor");
    if (color !== undefined) return !WHITE.test(color);
    if (attribute(at, "background") !== undefined || names(at).trim() !== "") return true;
  }
  return false;
}

const CHROME_TAGS = new Set(["nav", "aside", "form"]);
const CHROME_ROLES = new Set(
  "navigation banner contentinfo search complementary dialog alertdialog form menu menubar toolbar".split(
    " ",
  ),
);
const BANNER_CLASS =
  /(?:^|[\s_-])(?:cookies?|consent|gdpr)[\w-]{0,40}?(?:banner|bar|notice|popup|modal|dialog|overlay|consent)(?![a-z])/i;

/** The header and footer of a page are chrome; those of an article belong to it. */
const PAGE_PARTS = new Set(["header", "footer"]);
const CONTENT_TAGS = new Set(["main", "article", "section"]);

function isInsideContent(element: Tree.Element): boolean {
  let parent = element.parentNode;
  while (parent !== null && "tagName" in parent) {
    if (CONTENT_TAGS.has(parent.tagName)) return true;
    parent = parent.parentNode;
  }
  return false;
}

function names(element: Tree.Element): string {
  return `${attribute(element, "id") ?? ""} ${attribute(element, "class") ?? ""}`;
}
