import { WaymarkError } from "../errors.js";
import { type AppendOptions, appendDocument } from "./append-document.js";
import { countPrinted, type DocumentBuilder, type Piece, type Source } from "./builder.js";
import type { Message } from "./eml-message.js";
import { parseHtmlText } from "./html.js";
import { parsePlainText } from "./text.js";

/** How a message stands in its document. */
export interface MessageOptions {
  /** The level of the subject's heading. */
  level: number;
  place?: string;
}

/**
 * Appends a message: its subject as a heading, sender, receivers and date as a list, then its words. What is quoted of
 * earlier messages are quotations. The part in plain text is read where it says as much as the one in HTML.
 */
export function appendMessage(
  builder: DocumentBuilder,
  message: Message,
  source: Source,
  { level, place }: MessageOptions,
): void {
  const from = place === undefined ? {} : { place };
  const { head, subject, attachments } = message;
  if (subject !== "") builder.add({ type: "heading", level }, [{ text: subject, ...from }]);
  const group = builder.newGroup();
  const items = [...head, ...attachments.map((value) => ({ name: "Attachment", value }))];
  for (const { name, value } of items)
    builder.add({ type: "list-item", depth: 0, group }, [{ text: `${name}: ${value}`, ...from }]);
  if (isTextPreferred(message)) appendText(builder, message.text, source, from);
  else append(builder, () => parseHtmlText(message.html, source), { headings: level, from });
}

/** A text part of less than this share of the words says "see the HTML part". */
const MIN_SHARE = 0.3;

function isTextPreferred({ text, html }: Message): boolean {
  if (html.trim() === "") return true;
  const words = html.replace(/<(style|script|head)\b[\s\S]*?<\/\1>/gi, "").replace(/<[^>]*>/g, "");
  return countPrinted(text) > countPrinted(words) * MIN_SHARE;
}

function appendText(
  builder: DocumentBuilder,
  text: string,
  source: Source,
  from: Pick<Piece, "place">,
): void {
  for (const { quoted, lines } of runsOf(text.replace(/\r\n?/g, "\n").split("\n"))) {
    const own = lines.map((line) => (quoted ? line.replace(QUOTE, "") : line)).join("\n");
    if (!quoted) {
      append(builder, () => parsePlainText(own, source), { headings: "none", from });
      continue;
    }
    for (const paragraph of own.split(/\n\s*\n/))
      builder.add({ type: "quote" }, [{ text: paragraph, ...from }]);
  }
}

/** `>` and `> >` before the lines of earlier messages. */
const QUOTE = /^(?:>[ \t]?)+/;

function runsOf(lines: readonly string[]): { quoted: boolean; lines: string[] }[] {
  const runs: { quoted: boolean; lines: string[] }[] = [];
  for (const line of lines) {
    const quoted = line.startsWith(">");
    const last = runs.at(-1);
    if (last?.quoted === quoted) last.lines.push(line);
    else runs.push({ quoted, lines: [line] });
  }
  return runs;
}

/** A part without words adds nothing. */
function append(
  builder: DocumentBuilder,
  parse: () => Parameters<typeof appendDocument>[1],
  options: AppendOptions,
): void {
  try {
    appendDocument(builder, parse(), options);
  } catch (error) {
    if (!WaymarkError.isInstance(error)) throw error;
  }
}
