import { posix } from "node:path";
import { WaymarkError } from "../errors.js";
import { DocumentBuilder, type Piece, type Source } from "./builder.js";
import { decodeText } from "./decode.js";
import type { SourceDocument } from "./document.js";
import { readCues, type SpokenLine } from "./subtitle-cues.js";

/**
 * Reads subtitles (SubRip, WebVTT) as running text: cues follow each other in a paragraph, and a new one begins where
 * someone else speaks or nobody does for a while. `places` are the times as a person says them ("0:01:23"), a cue each, so
 * that a sentence has the time of the cue that it begins in. Voices stand before their words ("Mary: …").
 * @throws WaymarkError `unreadable-document` where there are no cues.
 */
export async function parseSubtitles(bytes: Uint8Array, source: Source): Promise<SourceDocument> {
  const { cues, title, hidden } = readCues(decodeText(bytes, source));
  if (cues.length === 0) {
    throw new WaymarkError(
      "unreadable-document",
      `${source.uri} has no subtitles: no line has times in it.`,
      {
        hint: "A cue begins with a line such as 00:01:23,000 --> 00:01:25,500.",
      },
    );
  }
  const isWebVtt = posix.extname(source.uri).toLowerCase() === ".vtt";
  const builder = new DocumentBuilder(source, isWebVtt ? "text/vtt" : "application/x-subrip");
  builder.leaveOut(hidden);
  const paragraphs = new Paragraphs(builder);
  let silentFrom = Number.POSITIVE_INFINITY;
  for (const { start, end, lines } of cues) {
    if (start - silentFrom >= MIN_PAUSE) paragraphs.close();
    for (const line of lines) paragraphs.add(line, clock(start));
    if (lines.length > 0) silentFrom = end;
  }
  paragraphs.close();
  return builder.finish(title);
}

/** So many seconds without a word are a pause between two thoughts. */
const MIN_PAUSE = 3;
/** Captions without full stops would be one sentence: after so many characters a paragraph ends with the cue. */
const MAX_WITHOUT_STOP = 320;

class Paragraphs {
  readonly #builder: DocumentBuilder;
  #pieces: Piece[] = [];
  #speaker: string | undefined;
  /** Characters since the last full stop. */
  #running = 0;

  constructor(builder: DocumentBuilder) {
    this.#builder = builder;
  }

  add({ words, speaker, turn, line }: SpokenLine, place: string): void {
    if (turn || speaker !== this.#speaker || this.#running > MAX_WITHOUT_STOP) this.close();
    const isFirst = this.#pieces.length === 0 && speaker !== undefined;
    this.#speaker = speaker;
    this.#pieces.push({ text: `${isFirst ? `${speaker}: ` : ""}${words} `, line, place });
    this.#running = /[.!?…]["'”’)\]]*$/.test(words) ? 0 : this.#running + words.length;
  }

  close(): void {
    if (this.#pieces.length > 0) this.#builder.add({ type: "paragraph" }, this.#pieces);
    this.#pieces = [];
    this.#running = 0;
  }
}

/** `83.4` is "0:01:23". */
function clock(time: number): string {
  const whole = Math.floor(time);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}
