import type { AnswerSentence } from "../answer/answer.js";
import { type AnswerForm, answerAs } from "./answer-text.js";
import { describePlace } from "./citations.js";
import type { Exchange } from "./conversation.js";
import type { SentenceGroup } from "./sentence-groups.js";

/** An answer as Markdown: its sentences with numbers in brackets, then the numbered sources with their quotes. */
export function answerAsMarkdown(sentences: readonly AnswerSentence[]): string {
  return answerAs(MARKDOWN, sentences);
}

/** A whole conversation as Markdown: each question is a heading, with its answer or abstention below. */
export function conversationAsMarkdown(title: string, exchanges: readonly Exchange[]): string {
  const parts = exchanges.map(({ question, sentences, answer, problem }) => {
    const said =
      sentences.length > 0 ? answerAsMarkdown(sentences) : oneLine(answer?.answer ?? problem?.detail ?? "");
    return `## ${oneLine(question)}\n\n${said.trimEnd()}\n`;
  });
  return [`# ${oneLine(title)}\n`, ...parts].join("\n");
}

const MARKDOWN: AnswerForm = {
  group: groupMarkdown,
  source: (citation, number) =>
    `${number}. ${literal(describePlace(citation))} (${literal(citation.uri)}): “${oneLine(citation.quote)}”`,
};

function groupMarkdown(group: SentenceGroup, numbers: (sentence: AnswerSentence) => string): string {
  const sentences = group.sentences.map(({ sentence }) => sentence);
  const plain = (sentence: AnswerSentence) => oneLine(sentence.text) + numbers(sentence);
  switch (group.type) {
    case "paragraph":
      return sentences.map(plain).join(" ");
    case "list":
      return sentences.map((sentence) => `- ${plain(sentence)}`).join("\n");
    case "code":
      return sentences.map((sentence) => `${fenced(sentence.text)}\n${numbers(sentence).trim()}`).join("\n");
    case "table": {
      const head = [...group.columns.map(cellText), "Source"];
      const rows = sentences.map((sentence) => {
        return [...(sentence.cells ?? []).map((cell) => cellText(cell.text)), numbers(sentence).trim()];
      });
      return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
    }
  }
}

/** In a fence that is longer than any run of backticks in the code. */
function fenced(code: string): string {
  const longest = Math.max(2, ...(code.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${code}\n${fence}`;
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
