import { posix } from "node:path";
import { WaymarkError } from "../errors.js";
import { DocumentBuilder, type Source } from "./builder.js";
import type { SourceDocument } from "./document.js";
import { appendMessage } from "./eml-body.js";
import { readMessage } from "./eml-message.js";

/**
 * Reads a mailbox (mbox, as Thunderbird, Apple Mail and Gmail's export make it), one message after the other. `places`
 * are the messages: "message 4: Re: The gate". A message that cannot be read is left out, and the document says so.
 * @throws WaymarkError `unreadable-document` where no message begins with a line "From …", or none can be read.
 */
export async function parseMbox(bytes: Uint8Array, source: Source): Promise<SourceDocument> {
  const builder = new DocumentBuilder(source, "application/mbox");
  let count = 0;
  const damaged: number[] = [];
  for (const raw of splitMbox(bytes)) {
    count += 1;
    try {
      const message = await readMessage(raw);
      const place = `message ${count}${message.subject === "" ? "" : `: ${message.subject}`}`;
      if (message.head.length === 0 && message.subject === "") damaged.push(count);
      else appendMessage(builder, message, source, { level: 2, place });
    } catch {
      damaged.push(count);
    }
  }
  if (count === damaged.length) {
    throw new WaymarkError(
      "unreadable-document",
      `${source.uri} is no mailbox: no message in it can be read.`,
      {
        hint: "Each message begins with a line such as: From ana@willow.example Mon Mar  3 09:00:00 2025.",
      },
    );
  }
  const document = builder.finish(posix.basename(source.uri, posix.extname(source.uri)));
  if (damaged.length === 0) return document;
  return { ...document, unread: `${damaged.length} of ${count} messages could not be read and are left out` };
}

/**
 * The messages of a mailbox, one at a time, each without the line "From …" above it and without the `>` that mailboxes put
 * before such lines inside a message.
 */
export function* splitMbox(bytes: Uint8Array): Generator<Uint8Array> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let start = isSeparator(buffer, 0) ? endOfLine(buffer, 0) : undefined;
  for (let at = buffer.indexOf("\nFrom "); at !== -1; at = buffer.indexOf("\nFrom ", at + 1)) {
    if (!isSeparator(buffer, at + 1)) continue;
    if (start !== undefined && at >= start) yield unquoted(buffer.subarray(start, at + 1));
    start = endOfLine(buffer, at + 1);
  }
  if (start !== undefined && start < buffer.length) yield unquoted(buffer.subarray(start));
}

/** `From `, something without spaces, and a time: a line of a letter that begins with "From" has none. */
const SEPARATOR = /^From (?:\S+|".*?"\S*) .*\d{1,2}:\d{2}/;
const MAX_SEPARATOR = 300;

function isSeparator(buffer: Buffer, start: number): boolean {
  return SEPARATOR.test(
    buffer.toString("latin1", start, Math.min(endOfLine(buffer, start), start + MAX_SEPARATOR)),
  );
}

function endOfLine(buffer: Buffer, start: number): number {
  const end = buffer.indexOf("\n", start);
  return end === -1 ? buffer.length : end + 1;
}

function unquoted(message: Buffer): Uint8Array {
  if (!message.includes(">From ")) return message;
  return Buffer.from(message.toString("latin1").replace(/^>(>*From )/gm, "$1"), "latin1");
}
