import type { AnswerSentence, Citation } from "../answer/answer.js";
import { citationAddress, describePlace, numberCitations } from "./citations.js";
import { groupSentences, type SentenceGroup } from "./sentence-groups.js";

/** An answer in one of the forms that it can be taken away in. */
export interface AnswerForm {
  group(group: SentenceGroup, numbers: (sentence: AnswerSentence) => string): string;
  source(citation: Citation, number: number): string;
}

/** An answer's sentences with numbers in brackets, then the numbered sources with their quotes; ends with a line feed. */
export function answerAs(form: AnswerForm, sentences: readonly AnswerSentence[]): string {
  const citations = numberCitations(sentences);
  const addresses = citations.map(citationAddress);
  const numbers = (sentence: AnswerSentence) =>
    [...new Set(sentence.citations.map((citation) => addresses.indexOf(citationAddress(citation)) + 1))]
      .sort((a, b) => a - b)
      .map((number) => ` [${number}]`)
      .join("");
  const groups = groupSentences(sentences).map((group) => form.group(group, numbers));
  const sources = citations.map((citation, i) => form.source(citation, i + 1)).join("\n");
  return `${[...groups, sources].filter((part) => part !== "").join("\n\n")}\n`;
}

/** An answer as plain text. */
export function answerAsText(sentences: readonly AnswerSentence[]): string {
  return answerAs(PLAIN, sentences);
}

const PLAIN: AnswerForm = {
  group({ type, sentences }, numbers) {
    const plain = sentences.map(({ sentence }) => {
      const { text, cells } = sentence;
      const words =
        cells === undefined ? text : cells.map((cell) => `${cell.column}: ${cell.text}`).join("; ");
      return (type === "code" ? text : oneLine(words)) + numbers(sentence);
    });
    if (type === "paragraph") return plain.join(" ");
    return type === "code" ? plain.join("\n") : plain.map((line) => `• ${line}`).join("\n");
  },
  source: (citation, number) =>
    `[${number}] ${describePlace(citation)} (${citation.uri}): “${oneLine(citation.quote)}”`,
};

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
