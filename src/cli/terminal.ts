import { stripVTControlCharacters } from "node:util";

/** Where a command writes. Results go to `out`, all that is about the work (progress, notes, errors) to `err`. */
export interface Terminal {
  out: Output;
  err: Output;
}

/** One of the two streams, with the means to emphasise, which leave the text as it is where the stream has no colours. */
export interface Output {
  /** Writes a line. */
  line(text?: string): void;
  /** Replaces the line that the last `redraw` left; only where `interactive`. */
  redraw(text: string): void;
  /** A person is watching: the stream is a terminal that can redraw. */
  interactive: boolean;
  /** Characters in a line. */
  columns: number;
  bold: Style;
  dim: Style;
}

export type Style = (text: string) => string;

/** What {@link createOutput} needs to know of a stream; `process.stdout` and `process.stderr` satisfy it. */
export interface OutputStream {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
  /** Present on terminals; knows NO_COLOR, FORCE_COLOR and TERM=dumb. */
  hasColors?(): boolean;
}

/** The process's own standard output and error. */
export function createTerminal(): Terminal {
  return { out: createOutput(process.stdout), err: createOutput(process.stderr) };
}

/** An {@link Output} on any stream. */
export function createOutput(stream: OutputStream): Output {
  const interactive = stream.isTTY === true;
  const coloured = interactive && stream.hasColors?.() === true;
  const style = (on: number, off: number): Style =>
    coloured ? (text) => `\u001b[${on}m${text}\u001b[${off}m` : (text) => text;
  return {
    line: (text = "") => void stream.write(`${text}\n`),
    redraw: (text) => void stream.write(`\r\u001b[2K${text}`),
    interactive,
    columns: stream.columns || 80,
    bold: style(1, 22),
    dim: style(2, 22),
  };
}

/**
 * Text from a document, safe to print: without escape sequences, control characters (line feed and tab stay) and the
 * characters that reorder what is displayed (bidirectional overrides and isolates).
 */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replace(UNPRINTABLE, "");
}

const UNPRINTABLE = /(?![\n\t])[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** {@link printable} text with its white space run together: for a line of prose. */
export function printableLine(text: string): string {
  return printable(text).replace(/\s+/g, " ");
}
