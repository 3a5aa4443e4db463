import type { AnswerSentence, Citation } from "../../src/answer/answer.js";

/** A citation of `quote` at `start` of a document, for the tests of the page's pure parts. */
export function citation(start: number, quote: string, more: Partial<Citation> = {}): Citation {
  const place = { documentId: "notes-1", title: "Notes", uri: "notes.md", start, end: start + quote.length };
  return { ...place, quote, headings: ["Tools"], score: 0.9, ...more };
}

/** A sentence that cites itself as found at `start`. */
export function sentence(text: string, start: number, more: Partial<AnswerSentence> = {}): AnswerSentence {
  return { text, kind: "sentence", citations: [citation(start, text)], ...more };
}

/** A table row with these cells, `{ column: text }`; its text has a tab between two cells. */
export function tableRow(cells: Record<string, string>, start: number): AnswerSentence {
  const text = Object.values(cells).join("\t");
  const columns = Object.entries(cells).map(([column, cell]) => ({ column, text: cell }));
  return sentence(text, start, { kind: "table-row", cells: columns });
}
