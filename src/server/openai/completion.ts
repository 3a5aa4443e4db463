import type { Answer, AnswerSentence, Citation } from "../../answer/answer.js";
import { positionOf } from "../../answer/position.js";

/** A citation in the shape that OpenAI's clients know, with Waymark's own beside it. */
export interface Annotation {
  type: "url_citation";
  url_citation: {
    /** Where the cited sentence is in the message's content, in UTF-16 units. */
    start_index: number;
    end_index: number;
    /** Opens the page at the marked place. */
    url: string;
    title: string;
  };
  /** The number of the source in the content. */
  number: number;
  citation: Citation;
}

/** What stands between an answer and its sources. */
export const SOURCES = "\n\nSources:\n";

/** An answer as a chat client shows it. */
export interface ChatText {
  /** The sentences with [1] marks, then the numbered sources. */
  content: string;
  annotations: Annotation[];
}

/**
 * Makes the text of a chat message from an answer; an abstention has no sources.
 * @param origin where the page is, such as `http://127.0.0.1:4100`
 */
export function toChatText(answer: Answer, origin = ""): ChatText {
  if (answer.status === "abstained") return { content: answer.answer, annotations: [] };
  const numbers = new Map<string, number>();
  const sources: Citation[] = [];
  const annotations: Annotation[] = [];
  let content = "";
  for (const [index, sentence] of answer.sentences.entries()) {
    content += separator(answer.sentences[index - 1], sentence);
    const start = content.length;
    content += sentence.kind === "table-row" ? sentence.text.replaceAll("\t", " | ") : sentence.text;
    const end = content.length;
    for (const citation of sentence.citations) {
      const key = `${citation.documentId}:${citation.start}:${citation.end}`;
      if (!numbers.has(key)) numbers.set(key, sources.push(citation));
      const number = numbers.get(key) ?? 0;
      content += ` [${number}]`;
      annotations.push({
        type: "url_citation",
        url_citation: {
          start_index: start,
          end_index: end,
          url: addressOf(citation, origin),
          title: citation.title,
        },
        number,
        citation,
      });
    }
  }
  const list = sources.map((citation, index) => `[${index + 1}] ${placeOf(citation)}`);
  return { content: `${content}${SOURCES}${list.join("\n")}`, annotations };
}

function separator(before: AnswerSentence | undefined, { kind }: AnswerSentence): string {
  const bullet = kind === "list-item" || kind === "table-row" ? "- " : "";
  if (before === undefined) return bullet;
  if (before.kind === kind) return bullet === "" ? " " : `\n${bullet}`;
  return `\n\n${bullet}`;
}

function placeOf(citation: Citation): string {
  const path = [citation.title, ...citation.headings].join(" › ");
  const within = [citation.uri, positionOf(citation)].filter((part) => part !== undefined).join(", ");
  return `${path} (${within})`.replace(/\s+/g, " ");
}

/** The page's address of a place, as src/web/route.ts reads it. */
function addressOf({ documentId, start, end }: Citation, origin: string): string {
  return `${origin}/#/d/${encodeURIComponent(documentId)}/${start}-${end}`;
}
