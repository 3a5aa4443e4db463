import { parseFragment } from "parse5";
import { countPrinted } from "./builder.js";
import { textOf } from "./html-tree.js";

/** A line of a cue as it is read out: who speaks, where that is said, and the words without styling. */
export interface SpokenLine {
  words: string;
  speaker?: string;
  /** A dash or `>>` before the words: someone else speaks. */
  turn: boolean;
  /** 1-based, of the source. */
  line: number;
}

export interface Cue {
  /** Seconds. */
  start: number;
  end: number;
  lines: SpokenLine[];
}

export interface CueFile {
  cues: Cue[];
  /** The words after `WEBVTT`. */
  title?: string;
  /** Characters of notes, style sheets and what else is never shown. */
  hidden: number;
}

/**
 * Reads SubRip (.srt) and WebVTT (.vtt): both are cues with a line of times above their text. What no time stands above
 * is a note or the head in WebVTT; in SubRip it goes on with the cue before, because empty lines inside cues are common.
 * Own code, because what parses subtitles for Node gives no lines, and neither cares for voices nor for rolling captions.
 * See https://www.w3.org/TR/webvtt1/.
 */
export function readCues(text: string): CueFile {
  const isWebVtt = /^WEBVTT(?:[ \t\n]|$)/.test(text);
  const lines = text.split("\n");
  const cues: Cue[] = [];
  let hidden = 0;
  let open: Cue | undefined;
  for (const [index, line] of lines.entries()) {
    const times = TIMES.exec(line);
    if (times !== null) {
      open = { start: seconds(times[1]), end: seconds(times[2]), lines: [] };
      cues.push(open);
      // What stands directly above is the number (or name) of the cue, not a line of the one before.
    } else if (line.trim() === "") {
      if (isWebVtt) open = undefined;
    } else if (open === undefined) {
      if (index > 0 && !isAboveTimes(lines, index)) hidden += countPrinted(line);
    } else if (!isAboveTimes(lines, index) || !/^\s*\d+\s*$/.test(line)) {
      open.lines.push(...spokenLines(line, index + 1, open.lines.at(-1)?.speaker));
    }
  }
  const title = isWebVtt ? /^WEBVTT[ \t]+-?[ \t]*(\S.*)$/.exec(lines[0] ?? "")?.[1] : undefined;
  const shown = isRolling(text) ? withoutRepeats(cues) : cues;
  return { cues: shown, hidden, ...(title === undefined ? {} : { title }) };
}

const TIME = "(?:(?:\\d+:)?\\d{1,2}:)?\\d{1,2}[.,]\\d{1,3}|\\d+:\\d{1,2}:\\d{1,2}";
const TIMES = new RegExp(`^\\s*(${TIME})\\s*-->\\s*(${TIME})`);

function seconds(time = ""): number {
  return time
    .replace(",", ".")
    .split(":")
    .reduce((sum, part) => sum * 60 + Number(part), 0);
}

function isAboveTimes(lines: readonly string[], index: number): boolean {
  return TIMES.test(lines[index + 1] ?? "");
}

/** `<v Mary>` begins what Mary says, to the end of the cue; there may be several in a line. */
function spokenLines(line: string, number: number, before: string | undefined): SpokenLine[] {
  let speaker = before;
  return line.split(/(?=<v[.\s])/).flatMap((part) => {
    const voice = /^<v[^\s>]*\s+([^>]*)>/.exec(part)?.[1];
    if (voice !== undefined) speaker = withoutStyling(voice).trim();
    const plain = withoutStyling(part);
    const words = plain.replace(TURN, "").trim();
    if (words === "") return [];
    const spoken = { words, line: number, turn: TURN.test(plain) || SPEAKER.test(words) };
    return [speaker === undefined || speaker === "" ? spoken : { ...spoken, speaker }];
  });
}

/** What captions for the deaf begin a change of speakers with. */
const TURN = /^\s*(?:>>+|[-–—](?=\s?\S))\s*/;
/** `MARY: Come in!` */
const SPEAKER = /^\p{Lu}[\p{Lu}\d .'-]{1,30}:\s/u;

/** Tags, times inside a line, and the commands in braces of other formats; character references are resolved. */
function withoutStyling(text: string): string {
  const plain = text.replace(/<\d[\d:.]*>/g, "").replace(/\{\\[^}]*\}/g, "");
  return /[<&]/.test(plain) ? textOf(parseFragment(plain)) : plain;
}

/** Captions that a machine made as it heard: each line is shown a second time while the next one grows below it. */
function isRolling(text: string): boolean {
  return /<\d\d:\d\d:\d\d\.\d{3}>/.test(text);
}

function withoutRepeats(cues: readonly Cue[]): Cue[] {
  const last: string[] = [];
  return cues.map((cue) => {
    const fresh = cue.lines.filter(({ words }) => !last.includes(words));
    last.splice(0, last.length, ...cue.lines.map(({ words }) => words));
    return { ...cue, lines: fresh };
  });
}
