import { readListMarker } from "./list-marker.js";
import type { Chunk } from "./text-lines.js";

/** A heading at the start of a chunk. */
export interface TextHeading {
  level: number;
  /** Lines of the chunk that belong to it: 2 with an underline. */
  lines: 1 | 2;
}

/**
 * Finds the chunks of a plain text that start with a heading: underlined, in capitals, numbered, or a short line set
 * apart. In doubt a line is no heading, because a wrong one would misplace all the text below it.
 */
export function findTextHeadings(chunks: readonly Chunk[]): Map<Chunk, TextHeading> {
  const kinds = chunks.map(kindOf);
  const hasStrong = kinds.slice(MAX_TITLE_INDEX + 1).some((kind) => kind in STRONG_LEVELS);
  const headings = new Map<Chunk, TextHeading>();
  for (const [index, chunk] of chunks.entries()) {
    const kind = kinds[index] ?? "body";
    if (!isHeading(kinds, index)) continue;
    const isTitle = headings.size === 0 && index <= MAX_TITLE_INDEX && kind !== "numbered";
    const level = STRONG_LEVELS[kind] ?? (kind === "question" || hasStrong ? 3 : 2);
    headings.set(chunk, { level: isTitle ? 1 : level, lines: kind.startsWith("underlined") ? 2 : 1 });
  }
  return headings;
}

type Kind =
  | "underlined="
  | "underlined-"
  | "capitals"
  | "numbered"
  | "subnumbered"
  | "question"
  | "short"
  | "body";

const STRONG_LEVELS: Partial<Record<Kind, number>> = {
  "underlined=": 1,
  "underlined-": 2,
  capitals: 2,
  numbered: 2,
  subnumbered: 3,
};

/** The title is the first chunk, or the one after a line of another kind. */
const MAX_TITLE_INDEX = 1;
const MAX_LENGTH = 90;
const MAX_WORDS = 14;
/** Longer than that nothing is a heading, not even what is underlined over half its length. */
const MAX_UNDERLINED_LENGTH = 200;

/** What a chunk's first line looks like by itself. */
function kindOf([first, second, ...more]: Chunk): Kind {
  const text = first.text.trim();
  if (!/\p{L}/u.test(text)) return "body";
  const isShort = text.length <= MAX_LENGTH && text.split(/\s+/).length <= MAX_WORDS;
  const underline = /^\s*(={3,}|-{3,})\s*$/.exec(second?.text ?? "")?.[1];
  const isUnderlined = underline !== undefined && (isShort || underline.length >= text.length / 2);
  if (isUnderlined && text.length <= MAX_UNDERLINED_LENGTH) {
    return underline.startsWith("=") ? "underlined=" : "underlined-";
  }
  if (!isShort) return "body";
  if (/^\s/.test(first.text) || /[|\t]/.test(text)) return "body";
  if (isCapitals(text) && !/[.,;!]$/.test(text) && (second === undefined || !isCapitals(second.text))) {
    return "capitals";
  }
  if (second !== undefined || more.length > 0 || /[.,;:!…]["'”’)]*$/.test(text)) return "body";
  if (/^\d{1,2}\.\d{1,2}(\.\d{1,2})*\.?\s+\p{Lu}/u.test(text)) return "subnumbered";
  if (/^\d{1,2}\.\s+\p{Lu}/u.test(text)) return "numbered";
  if (readListMarker(text) !== undefined || !/^["'“‘(¿]*[\p{Lu}\p{Lo}\d]/u.test(text)) return "body";
  return text.endsWith("?") ? "question" : "short";
}

/** Short lines, numbers and questions are headings only by the company that they keep. */
function isHeading(kinds: readonly Kind[], index: number): boolean {
  const at = (offset: number): Kind | undefined => kinds[index + offset];
  switch (at(0)) {
    case "underlined=":
    case "underlined-":
    case "capitals":
      return true;
    case "numbered":
      return at(1) !== undefined && at(1) !== "numbered" && at(-1) !== "numbered";
    case "subnumbered":
      return at(1) !== undefined && at(1) !== "subnumbered";
    case "question":
      return at(1) === "body" && [at(2), at(-2)].includes("question");
    case "short":
      return at(1) !== undefined && runLength(kinds, index) <= 2;
    default:
      return false;
  }
}

/** How many short lines stand together: verses, addresses and lists without markers come in threes and more. */
function runLength(kinds: readonly Kind[], index: number): number {
  let start = index;
  let end = index + 1;
  while (kinds[start - 1] === "short") start -= 1;
  while (kinds[end] === "short") end += 1;
  return end - start;
}

function isCapitals(text: string): boolean {
  return /\p{Lu}.*\p{Lu}.*\p{Lu}.*\p{Lu}/u.test(text) && !/\p{Ll}/u.test(text);
}
