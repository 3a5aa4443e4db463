import { WaymarkError } from "../errors.js";
import type { Source } from "./builder.js";

/** Deeper than any text for people, shallow enough that the parser, which is cubic in the depth, stays quick. */
const MAX_DEPTH = 100;

/** A quotation mark or list marker at the start of a line, with the white space after it. */
const MARKER = /(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t]))[ \t]*/y;
const THEMATIC_BREAK = /^[ \t]*([-*_])(?:[ \t]*\1)*[ \t]*$/;
const TAB_WIDTH = 4;

/**
 * Refuses Markdown whose lists and quotations are nested so deeply that to parse it would take minutes.
 * It looks at the markers only, so it may count a little more than CommonMark would.
 * @throws WaymarkError `unreadable-document`
 */
export function checkNesting(markdown: string, { uri }: Source): void {
  /** The columns of the markers that the current line is inside of. */
  const columns: number[] = [];
  for (const line of markdown.split("\n")) {
    const indent = line.search(/\S/);
    if (indent === -1 || THEMATIC_BREAK.test(line)) continue;
    let column = indent + (TAB_WIDTH - 1) * countTabs(line.slice(0, indent));
    MARKER.lastIndex = indent;
    for (let marker = MARKER.exec(line); marker !== null; marker = MARKER.exec(line)) {
      while ((columns.at(-1) ?? -1) >= column) columns.pop();
      columns.push(column);
      column += marker[0].length;
    }
    if (columns.length > MAX_DEPTH) {
      throw new WaymarkError(
        "unreadable-document",
        `${uri} nests lists or quotations more than ${MAX_DEPTH} deep.`,
        { hint: "Leave the file out, or make its lists flatter." },
      );
    }
  }
}

function countTabs(text: string): number {
  return text.split("\t").length - 1;
}
