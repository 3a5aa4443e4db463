import type { AnswerSentence } from "../answer/answer.js";
import { citationAddress, describePlace, numberCitations } from "./citations.js";
import { groupSentences, type SentenceGroup } from "./sentence-groups.js";

/** An answer as Markdown: its sentences with numbers in brackets, then the numbered sources with their quotes. */
export function answerAsMarkdown(sentences: readonly AnswerSentence[]): string {
  const citations = numberCitations(sentences);
  const addresses = citations.map(citationAddress);
  const numbers = (sentence: AnswerSentence) =>
    [...new Set(sentence.citations.map((citation) => addresses.indexOf(citationAddress(citation)) + 1))]
      .sort((a, b) => a - b)
      .map((number) => ` [${number}]`)
      .join("");
  const parts = groupSentences(sentences).map((group) => groupMarkdown(group, numbers));
  const sources = citations.map((citation, i) => {
    return `${i + 1}. ${literal(describePlace(citation))} (${literal(citation.uri)}): “${oneLine(citation.quote)}”`;
  });
  return `${[...parts, sources.join("\n")].join("\n\n")}\n`;
}

function groupMarkdown(group: SentenceGroup, numbers: (sentence: AnswerSentence) => string): string {
  const sentences = group.sentences.map(({ sentence }) => sentence);
  const plain = (sentence: AnswerSentence) => oneLine(sentence.text) + numbers(sentence);
  switch (group.type) {
    case "paragraph":
      return sentences.map(plain).join(" ");
    case "list":
      return sentences.map((sentence) => `- ${plain(sentence)}`).join("\n");
    case "code":
      return sentences
        .map((sentence) => `\`\`\`\n${sentence.text}\n\`\`\`\n${numbers(sentence).trim()}`)
        .join("\n");
    case "table": {
      const head = [...group.columns.map(cellText), "Source"];
      const rows = sentences.map((sentence) => {
        return [...(sentence.cells ?? []).map((cell) => cellText(cell.text)), numbers(sentence).trim()];
      });
      return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
    }
  }
}

function cellText(text: string): string {
  return oneLine(text).replaceAll("|", "\\|");
}

/** Text on one line whose characters mean themselves in Markdown. */
function oneLine(text: string): string {
  return literal(text.replace(/\s+/g, " ").trim());
}

function literal(text: string): string {
  return text.replace(/[\\`*_[\]<>]/g, "\\$&");
}
