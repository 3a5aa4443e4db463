import type { Range } from "../../documents/document.js";

/**
 * The ranges of a set's own sentences in a document's text, where they follow one another; white space may differ.
 * Undefined for one that is not there.
 */
export function locateSentences(text: string, sentences: readonly string[]): (Range | undefined)[] {
  let from = 0;
  return sentences.map((sentence) => {
    const words = sentence.split(/\s+/).filter((word) => word !== "");
    if (words.length === 0) return undefined;
    const pattern = new RegExp(
      words.map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")).join("\\s+"),
      "gu",
    );
    pattern.lastIndex = from;
    const match = pattern.exec(text);
    if (match === null) return undefined;
    from = match.index + match[0].length;
    return { start: match.index, end: from };
  });
}
