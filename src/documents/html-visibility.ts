import type { DefaultTreeAdapterTypes as Tree } from "parse5";
import { attribute, type Test } from "./html-tree.js";

/** True for what a browser does not show as words: scripts, styles, pictures, controls, hidden elements. */
export const isHidden: Test = (element) =>
  INVISIBLE_TAGS.has(element.tagName) ||
  attribute(element, "hidden") !== undefined ||
  attribute(element, "aria-hidden") === "true" ||
  HIDING_STYLE.test(attribute(element, "style") ?? "") ||
  HIDING_CLASS.test(names(element));

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
const HIDING_STYLE =
  /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*0(?:\.0*)?[a-z%]*\s*(?:!|;|$))/i;
const HIDING_CLASS =
  /(?:^|\s)(?:sr-only|visually-hidden|screen-reader-text|skip-(?:link|nav|to-content))(?:\s|$)/i;

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
