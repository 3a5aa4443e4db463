import type { Range } from "../../documents/document.js";

/**
 * The ranges of a set's own sentences in a document's text, where they follow one another. White space may differ, and
 * characters without a shape (which the loader leaves out) may be missing. Undefined for a sentence that is not there.
 */
export function locateSentences(text: string, sentences: readonly string[]): (Range | undefined)[] {
  const { shown, offsets } = showOnly(text);
  let from = 0;
  return sentences.map((sentence) => {
    const wanted = showOnly(sentence).shown.trim();
    const at = wanted === "" ? -1 : shown.indexOf(wanted, from);
    if (at < 0) return undefined;
    from = at + wanted.length;
    return { start: offsets[at] ?? 0, end: (offsets[from - 1] ?? 0) + 1 };
  });
}

/** What can be seen, with any white space as one space, and the original offset of each character. */
function showOnly(text: string): { shown: string; offsets: number[] } {
  const offsets: number[] = [];
  let shown = "";
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    const blank = /\s/.test(character);
    if (/\p{Cf}/u.test(character) || (blank && shown.endsWith(" "))) continue;
    shown += blank ? " " : character;
    offsets.push(i);
  }
  return { shown, offsets };
}
