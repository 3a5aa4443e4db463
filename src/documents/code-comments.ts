import type { BlockShape, Piece } from "./builder.js";

/** A comment's words as a block. */
export interface CommentBlock {
  shape: BlockShape;
  pieces: Piece[];
}

/**
 * The words of a comment without its marks, a paragraph at a time. A new one begins after an empty line, at a tag
 * (`@param`, `:param:`) and at a bullet; what stands between fences is code.
 *
 * @param lines the comment's lines
 * @param firstLine the source's number of the first one, from 1
 */
export function commentBlocks(lines: readonly string[], firstLine: number): CommentBlock[] {
  const blocks: CommentBlock[] = [];
  let open: CommentBlock | undefined;
  let fenced = false;
  for (const [index, line] of lines.entries()) {
    const words = withoutMarks(line);
    const isFence = /^\s*(?:```|~~~)/.test(words);
    if (isFence) fenced = !fenced;
    if (isFence || !/[\p{L}\p{N}]/u.test(words)) {
      open = undefined;
      continue;
    }
    if (open === undefined || (fenced ? open.pieces.length >= MAX_CODE_LINES : BEGINS.test(words))) {
      open = { shape: { type: fenced ? "code" : "paragraph" }, pieces: [] };
      blocks.push(open);
    }
    open.pieces.push({ text: `${words}\n`, line: firstLine + index, verbatim: fenced });
  }
  return blocks;
}

/** An example of more lines is divided, so that its pieces fit the reader. */
const MAX_CODE_LINES = 8;
const BEGINS = /^\s*(?:@\w|:\w+[^:]*:|[-*•] )/;

/** `/**`, `*`, `//!`, `#`, `--`, three quotes; and the few tags of Javadoc and of C#'s XML. */
function withoutMarks(line: string): string {
  return line
    .replace(/^\s*(?:\/\*+!?|\/{2,}!?|#+(?![\w!])|--+|;+|[rRuU]?(?:"""|'''))/, "")
    .replace(/(?:\*+\/|"""|''')\s*$/, "")
    .replace(/^\s*\*+(?=\s|$)/, "")
    .replace(/\{@(?:code|link|linkplain|literal|value)\s+([^}]*)\}/g, "$1")
    .replace(/<\/?(?:p|b|i|em|code|pre|summary|remarks|returns|c|para|see|ul|li)\b[^>]*>/gi, " ")
    .replace(/<(?:param|paramref|typeparam|exception)\s+\w+="([^"]*)"\s*\/?>/g, "$1: ")
    .replace(/<\/(?:param|typeparam|exception)>/g, "");
}
