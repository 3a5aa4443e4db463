import { parseFragment, type DefaultTreeAdapterTypes as Tree } from "parse5";
import { countPrinted } from "./builder.js";
import { attribute, findAll, isElement, type Test, textOf, walk } from "./html-tree.js";
import { hides, isConcealed, isHidden } from "./html-visibility.js";

/**
 * {@link isHidden} with what the page's own style sheets hide by a tag, class or id, and what the given selectors of
 * other sheets do. Rules for a medium, a state or a place in another element are left alone: whether they hold here, only
 * a browser can say.
 */
export function hiddenOn(
  page: Tree.ParentNode,
  hiding: readonly string[] = [],
): { isHidden: Test; isConcealed: Test } {
  const own = findAll(page, ({ tagName }) => tagName === "style");
  const selectors = new Set([...hiding, ...own.flatMap((sheet) => hidingSelectors(textOf(sheet)))]);
  const bySheet: Test = (element) =>
    selectors.size > 0 &&
    [element.tagName, `#${attribute(element, "id") ?? ""}`, ...classesOf(element)].some((name) =>
      selectors.has(name),
    );
  return {
    isHidden: (element) => isHidden(element) || bySheet(element),
    isConcealed: (element) => isConcealed(element) || bySheet(element),
  };
}

/** Characters of the comments and of the concealed elements below `root`, white space left out. */
export function countHidden(root: Tree.ParentNode, concealed: Test): number {
  let count = 0;
  const skip: Test = (element) => {
    if (!concealed(element)) return isHidden(element);
    count += countPrinted(textOf(element, isHiddenTag));
    return true;
  };
  for (const node of walk(root, skip)) if ("data" in node) count += countPrinted(node.data);
  return count;
}

/** Follows the tags of HTML that stands in Markdown in pieces, with the words that they hide between the pieces. */
export class OpenTags {
  readonly #open: { name: string; hides: boolean }[] = [];

  /** True inside an element that a browser would not show. */
  get hidden(): boolean {
    return this.#open.some((tag) => tag.hides);
  }

  /** Takes in the next piece of HTML. */
  read(html: string): void {
    for (const [tag, closing, given = ""] of html.replace(/<!--[\s\S]*?(?:-->|$)/g, "").matchAll(TAG)) {
      const name = given.toLowerCase();
      if (closing === "/") {
        const index = this.#open.findLastIndex((open) => open.name === name);
        if (index !== -1) this.#open.splice(index);
      } else if (!VOID_TAGS.has(name) && !tag.endsWith("/>")) {
        const element = parseFragment(tag).childNodes.find(isElement);
        this.#open.push({ name, hides: element !== undefined && isHidden(element) });
      }
    }
  }
}

const TAG = /<(\/?)([a-z][\w:-]*)(?:[^"'>]|"[^"]*"|'[^']*')*>/gi;
const VOID_TAGS = new Set("area base br col embed hr img input link meta source track wbr".split(" "));

const isHiddenTag: Test = ({ tagName }) => tagName === "script" || tagName === "style";

/** The selectors of one tag, class or id whose rules in a style sheet hide. */
export function hidingSelectors(sheet: string): string[] {
  const rules = withoutAtRules(sheet.replace(/\/\*[\s\S]*?\*\//g, ""));
  return [...rules.matchAll(/([^{}]+)\{([^{}]*)\}/g)].flatMap(([, selectors = "", declarations = ""]) =>
    hides(declarations)
      ? selectors.split(",").flatMap((selector) => /^\s*([.#]?[\w-]+)\s*$/.exec(selector)?.[1] ?? [])
      : [],
  );
}

/** Rules such as `@media` hold other rules in braces of their own. */
function withoutAtRules(sheet: string): string {
  let depth = 0;
  let at: number | undefined;
  let kept = "";
  for (const character of sheet) {
    if (character === "@" && depth === 0) at = depth;
    if (at === undefined) kept += character;
    if (character === "{") depth += 1;
    if (character === "}") depth = Math.max(0, depth - 1);
    if ((character === "}" || character === ";") && depth === 0) at = undefined;
  }
  return kept;
}

function classesOf(element: Tree.Element): string[] {
  return (attribute(element, "class") ?? "").split(/\s+/).map((name) => `.${name}`);
}
