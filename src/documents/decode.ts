import { WaymarkError } from "../errors.js";
import type { Source } from "./builder.js";

/**
 * The text of a file: UTF-8, UTF-16 with a byte order mark, the encoding that the file names (`declared`), else
 * windows-1252. Line ends become `\n`; a byte order mark is dropped.
 * @throws WaymarkError `unreadable-document` for binary content.
 */
export function decodeText(bytes: Uint8Array, { uri }: Source, declared?: string): string {
  const text = decode(bytes, declared).replace(/\r\n?/g, "\n");
  if (text.includes("\0")) {
    throw new WaymarkError("unreadable-document", `${uri} is not a text file: it has binary content.`, {
      hint: "Check that the file's extension says what is in it, or save it as UTF-8 text.",
    });
  }
  return text;
}

function decode(bytes: Uint8Array, declared: string | undefined): string {
  if (startsWith(bytes, [0xff, 0xfe])) return new TextDecoder("utf-16le").decode(bytes);
  if (startsWith(bytes, [0xfe, 0xff])) return new TextDecoder("utf-16be").decode(bytes);
  for (const encoding of ["utf-8", ...(declared === undefined ? [] : [declared])]) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes);
    } catch {
      // not this encoding (or none that is known): the next one
    }
  }
  return new TextDecoder("windows-1252").decode(bytes);
}

function startsWith(bytes: Uint8Array, prefix: readonly number[]): boolean {
  return prefix.every((byte, index) => bytes[index] === byte);
}
