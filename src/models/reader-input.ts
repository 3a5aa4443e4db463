import { contextText, type Unit } from "../passages/passage.js";
import type { ReadablePassage } from "./model.js";
import type { Tokenizer } from "./tokenizer.js";

/**
 * Positions of one pass over question and passage, special tokens included: what the reader was trained on. It has 512,
 * but reading longer passages in windows of 192 is the better for it. ClapNQ with titles: answerable AUROC .840 (in
 * windows of 256 .831, of 512 .834), evidence at threshold .3 precision .71, recall .42 (.69, .38; .72, .37).
 */
export const WINDOW_TOKENS = 192;

/** Of a longer question the reader sees the first and the last half of so many tokens; a search question has about 12. */
export const MAX_QUESTION_TOKENS = 64;

/** The same for the headings above a passage. */
export const MAX_CONTEXT_TOKENS = 64;

/** What the reader sees before the units: the passage's context and a line's end. */
export function readerContext(passage: Omit<ReadablePassage, "units">): string {
  const context = contextText(passage);
  return context === ""
    ? ""
    : `${context}
`;
}

/** A token of the second text: where it belongs, and where in the document it is, if it is the document's own text. */
export interface ReaderToken {
  id: number;
  /** The index of its unit in the passage; undefined in the heading path. */
  unit?: number;
  /** The index of its piece in the unit; undefined where the piece has no range. */
  piece?: number;
  /** Range in the document's canonical text of the word (or punctuation mark) that the token is part of. */
  start?: number;
  end?: number;
  /** What bestSpan must know of a punctuation mark: no short answer starts or ends with one, and brackets pair. */
  mark?: "edge" | "open" | "close";
}

/** The input of one forward pass. */
export interface ReaderWindow {
  ids: number[];
  typeIds: number[];
  /** The tokens of the second text, the first at position `offset` of `ids`. */
  tokens: ReaderToken[];
  offset: number;
}

/**
 * Encodes a question with a passage. What fits within {@link WINDOW_TOKENS} is one window; a longer passage is split
 * between units (a unit that is too long by itself, inside), each window with the question and the heading path.
 */
export function readerWindows(
  tokenizer: Tokenizer,
  question: string,
  passage: ReadablePassage,
): ReaderWindow[] {
  const { before, between, after } = tokenizer.frame;
  const first = [...before, ...headAndTail(tokenizer.encode(question), MAX_QUESTION_TOKENS), ...between];
  const context = headAndTail(tokenizer.encode(readerContext(passage)), MAX_CONTEXT_TOKENS).map((id) => ({
    id,
  }));
  const size = WINDOW_TOKENS - first.length - context.length - after.length;
  const units = passage.units.map((unit, index) => unitTokens(tokenizer, unit, index));
  return packUnits(units, size).map((packed) => {
    const tokens = [...context, ...packed];
    const second = [...tokens.map(({ id }) => id), ...after];
    return {
      ids: [...first, ...second],
      typeIds: [...first.map(() => 0), ...second.map(() => 1)],
      tokens,
      offset: first.length,
    };
  });
}

function unitTokens(tokenizer: Tokenizer, unit: Unit, index: number): ReaderToken[] {
  return unit.pieces.flatMap((piece, pieceIndex) =>
    tokenizer.words(piece.text).flatMap(({ word, offset }) =>
      word.ids.map((id, position): ReaderToken => {
        if (piece.start === undefined) return { id, unit: index };
        const start = offset + (word.starts[position] ?? 0);
        const end = offset + (word.ends[position] ?? 0);
        const mark = MARKS.get(piece.text.slice(start, end));
        const token = {
          id,
          unit: index,
          piece: pieceIndex,
          start: piece.start + start,
          end: piece.start + end,
        };
        return mark === undefined ? token : { ...token, mark };
      }),
    ),
  );
}

const MARKS = new Map<string, NonNullable<ReaderToken["mark"]>>([
  ...[...".,;:!?…\"'`“”‘’„‚«»‹›–—"].map((character) => [character, "edge"] as const),
  ...[..."([{"].map((character) => [character, "open"] as const),
  ...[...")]}"].map((character) => [character, "close"] as const),
]);

/** Puts units together, in order, into runs of at most `size` tokens; at least one run, which may be empty. */
function packUnits(units: readonly ReaderToken[][], size: number): ReaderToken[][] {
  const windows: ReaderToken[][] = [[]];
  for (const unit of units) {
    if ((windows.at(-1)?.length ?? 0) + unit.length > size && windows.at(-1)?.length !== 0) windows.push([]);
    for (let start = 0; start < unit.length; start += size) {
      if (start > 0) windows.push([]);
      windows.at(-1)?.push(...unit.slice(start, start + size));
    }
  }
  return windows;
}

function headAndTail(ids: readonly number[], limit: number): readonly number[] {
  return ids.length <= limit ? ids : [...ids.slice(0, limit / 2), ...ids.slice(-limit / 2)];
}
