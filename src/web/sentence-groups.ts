import type { AnswerSentence } from "../answer/answer.js";

/** A sentence with its position in the answer. */
export interface PlacedSentence {
  index: number;
  sentence: AnswerSentence;
}

/** Sentences that are shown as one thing: a paragraph, a list, a table or a block of code. */
export type SentenceGroup =
  | { type: "paragraph" | "list" | "code"; sentences: PlacedSentence[] }
  | { type: "table"; columns: string[]; sentences: PlacedSentence[] };

/**
 * Gathers neighbouring sentences of one kind; table rows stay together only while they have the same columns. A table
 * row without cells is shown as a list item. No sentence is lost and the order stays.
 */
export function groupSentences(sentences: readonly AnswerSentence[]): SentenceGroup[] {
  const groups: SentenceGroup[] = [];
  for (const [index, sentence] of sentences.entries()) {
    const fresh = startGroup(sentence);
    const last = groups.at(-1);
    const group = last !== undefined && goTogether(last, fresh) ? last : fresh;
    if (group === fresh) groups.push(fresh);
    group.sentences.push({ index, sentence });
  }
  return groups;
}

function startGroup(sentence: AnswerSentence): SentenceGroup {
  switch (sentence.kind) {
    case "sentence":
      return { type: "paragraph", sentences: [] };
    case "code":
      return { type: "code", sentences: [] };
    case "list-item":
      return { type: "list", sentences: [] };
    case "table-row":
      if (sentence.cells === undefined || sentence.cells.length === 0) return { type: "list", sentences: [] };
      return { type: "table", columns: sentence.cells.map((cell) => cell.column), sentences: [] };
  }
}

function goTogether(a: SentenceGroup, b: SentenceGroup): boolean {
  if (a.type === "table" && b.type === "table") {
    return a.columns.length === b.columns.length && a.columns.every((column, i) => column === b.columns[i]);
  }
  return a.type === b.type;
}
