import PostalMime, { type Address, type Email } from "postal-mime";
import { mendWindows1252 } from "./decode.js";

/** What of a message is read. */
export interface Message {
  /** From, To, Date …, as they are shown above a message. */
  head: { name: string; value: string }[];
  subject: string;
  /** At least one of the two, unless the message has no words. */
  text: string;
  html: string;
  /** Names of the files that come with it. */
  attachments: string[];
}

/**
 * Reads one message (RFC 5322, MIME) by postal-mime: encoded words, quoted-printable, base64 and charsets are resolved.
 * @throws Error where it is nested too deeply, or its headers have no end.
 */
export async function readMessage(bytes: Uint8Array): Promise<Message> {
  const email = await PostalMime.parse(bytes, { forceRfc822Attachments: true, maxNestingDepth: 50 });
  const date = email.headers.find(({ key }) => key === "date")?.value;
  const head = [
    { name: "From", value: addresses(email.from ?? email.sender) },
    { name: "To", value: addresses(email.to) },
    { name: "Cc", value: addresses(email.cc) },
    { name: "Date", value: date ?? "" },
  ];
  return {
    head: head.map(({ name, value }) => ({ name, value: plain(value) })).filter(({ value }) => value !== ""),
    subject: plain(email.subject ?? ""),
    text: mendWindows1252(email.text ?? ""),
    html: mendWindows1252(email.html ?? ""),
    attachments: attachmentNames(email),
  };
}

/** Pictures that stand in the text have no name that anyone would look for. */
function attachmentNames({ attachments }: Email): string[] {
  return attachments
    .filter(({ related, mimeType }) => related !== true || !mimeType.startsWith("image/"))
    .map(({ filename, mimeType }) => plain(filename ?? "") || mimeType);
}

function addresses(given: Address | readonly Address[] | undefined): string {
  return [given ?? []]
    .flat()
    .map((one: Address) =>
      one.group === undefined ? mailbox(one.name, one.address) : `${one.name}: ${addresses(one.group)}`,
    )
    .join(", ");
}

function mailbox(name: string, address: string): string {
  if (name === "" || name === address) return address;
  return address === "" ? name : `${name} <${address}>`;
}

function plain(value: string): string {
  return mendWindows1252(value).replace(/\s+/g, " ").trim();
}
