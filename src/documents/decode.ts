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
      const decoder = new TextDecoder(encoding, { fatal: true });
      return decoder.encoding === "windows-1252" ? decodeWindows1252(bytes) : decoder.decode(bytes);
    } catch {
      // not this encoding (or none that is known): the next one
    }
  }
  return decodeWindows1252(bytes);
}

/** The bytes 0x80 to 0x9f. Node 20's own decoder takes them for control characters, against the Encoding Standard. */
const WINDOWS_1252 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ";

function decodeWindows1252(bytes: Uint8Array): string {
  return mendWindows1252(Buffer.from(bytes).toString("latin1"));
}

/** A text that was decoded as windows-1252 by Node, with quotes and dashes in place of control characters. */
export function mendWindows1252(text: string): string {
  return text.replace(/[\u0080-\u009F]/g, (control) => WINDOWS_1252.charAt(control.charCodeAt(0) - 0x80));
}

function startsWith(bytes: Uint8Array, prefix: readonly number[]): boolean {
  return prefix.every((byte, index) => bytes[index] === byte);
}
