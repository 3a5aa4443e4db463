import type { AnswerSentence } from "../answer/answer.js";
import type { Range } from "../documents/document.js";
import { intersect, segmentRange } from "./marks.js";

/** A piece of text to show, emphasised or not. */
export interface EmphasisedText {
  text: string;
  strong: boolean;
}

/** A sentence's text with its short answer emphasised. */
export function emphasise(text: string, highlight: Range | undefined): EmphasisedText[] {
  const whole = { start: 0, end: text.length };
  return segmentRange(whole, highlight === undefined ? [] : [highlight]).map(({ start, end, marked }) => ({
    text: text.slice(start, end),
    strong: marked,
  }));
}

/**
 * The cells of a table-row sentence, each with its part of the short answer emphasised. A cell is found in the sentence's
 * text from left to right; one that is not there verbatim stays plain.
 */
export function emphasiseCells({ text, cells = [], highlight }: AnswerSentence): EmphasisedText[][] {
  let from = 0;
  return cells.map((cell) => {
    const start = text.indexOf(cell.text, from);
    if (start < 0) return emphasise(cell.text, undefined);
    from = start + cell.text.length;
    const part = highlight && intersect({ start, end: from }, highlight);
    return emphasise(cell.text, part && { start: part.start - start, end: part.end - start });
  });
}
