import { WaymarkError } from "../errors.js";
import { DocumentBuilder, type Source } from "./builder.js";
import type { SourceDocument } from "./document.js";
import { appendMessage } from "./eml-body.js";
import { readMessage } from "./eml-message.js";

/**
 * Reads an e-mail: subject, sender, receivers and date, then its words; attachments are named and not read.
 * @throws WaymarkError `unreadable-document` where the file has no headers of a message.
 */
export async function parseEml(bytes: Uint8Array, source: Source): Promise<SourceDocument> {
  const message = await readMessage(bytes);
  if (message.head.length === 0 && message.subject === "") {
    throw new WaymarkError(
      "unreadable-document",
      `${source.uri} is no e-mail: it has neither sender nor date.`,
      {
        hint: "Save the message as a file once more from your mail program.",
      },
    );
  }
  const builder = new DocumentBuilder(source, "message/rfc822");
  appendMessage(builder, message, source, { level: 1 });
  return builder.finish(message.subject);
}
