import type { PreTrainedTokenizer } from "@xenova/transformers";

/** The tokens of a stretch of text without white space, each with the place in the stretch that it comes from. */
export interface Word {
  ids: readonly number[];
  /** For each token, the range (UTF-16, in the word) of the run of letters or the punctuation mark that it is part of. */
  starts: readonly number[];
  ends: readonly number[];
}

/** A {@link Word} and where it begins in the text that was encoded. */
export interface PlacedWord {
  word: Word;
  offset: number;
}

/**
 * A model's own tokenizer, made fast and given offsets by going word by word. A word-piece tokenizer (BERT) never looks
 * across white space, so the tokens of a text are the tokens of its words; and words repeat, so they are remembered.
 * A tokenizer that is found not to work that way counts and encodes whole texts.
 *
 * A special token that is spelled out in a text ("[SEP]") is encoded as the characters that it is, so no document can
 * put a control token into a model's input.
 */
export class Tokenizer {
  /** The special tokens before one or two texts, between two, and at the end. */
  readonly frame: { before: number[]; between: number[]; after: number[] };
  readonly #tokenizer: PreTrainedTokenizer;
  readonly #special: RegExp;
  readonly #wordwise: boolean;
  readonly #ids = new Map<string, readonly number[]>();
  readonly #words = new Map<string, Word>();
  /** The ids of the texts that were counted last: what is counted is soon encoded. */
  readonly #counted = new Map<string, readonly number[]>();

  constructor(tokenizer: PreTrainedTokenizer) {
    this.#tokenizer = tokenizer;
    this.#special = new RegExp(tokenizer.all_special_tokens.map(escapeRegExp).join("|"), "g");
    this.#wordwise = PROBES.every((text) => sameIds(this.#encodeWords(text), this.#encodeWhole(text)));
    this.frame = findFrame(tokenizer);
  }

  /** The number of tokens, without special tokens: the length of what {@link encode} gives. */
  count(text: string): number {
    return remembered(this.#counted, text, TEXTS_REMEMBERED, this.#encode).length;
  }

  /** Token ids without special tokens. */
  encode(text: string): readonly number[] {
    return this.#counted.get(text) ?? this.#encode(text);
  }

  readonly #encode = (text: string): number[] =>
    this.#wordwise ? this.#encodeWords(text) : this.#encodeWhole(text);

  /** The words of a text in order; their ids one after another are the text's. */
  words(text: string): PlacedWord[] {
    return Array.from(text.matchAll(WORD), (match) => ({ word: this.#word(match[0]), offset: match.index }));
  }

  /**
   * The words of the vocabulary, lower case, the most frequent first (as word-piece vocabularies are made): what the
   * language has, whatever the documents hold. Empty for a vocabulary of another kind.
   */
  generalWords(): string[] {
    if (!this.#wordwise) return [];
    const vocabulary: ReadonlyMap<string, number> = this.#tokenizer.get_vocab();
    return [...vocabulary]
      .filter(([token]) => /^\p{Ll}{3,}$/u.test(token))
      .sort(([, a], [, b]) => a - b)
      .map(([token]) => token);
  }

  #encodeWords(text: string): number[] {
    const ids: number[] = [];
    for (const word of wordsOf(text)) ids.push(...this.#idsOf(word));
    return ids;
  }

  readonly #encodeWhole = (text: string): number[] => {
    const ids: number[] = [];
    let done = 0;
    for (const match of text.matchAll(this.#special)) {
      // Cut after its first character, the special token is no longer seen as one.
      ids.push(...this.#encodePlain(text.slice(done, match.index + 1)));
      done = match.index + 1;
    }
    return ids.concat(this.#encodePlain(text.slice(done)));
  };

  #encodePlain(text: string): number[] {
    return this.#tokenizer.encode(text, { add_special_tokens: false });
  }

  #idsOf(word: string): readonly number[] {
    return remembered(this.#ids, word, WORDS_REMEMBERED, this.#encodeWhole);
  }

  #word(text: string): Word {
    return remembered(this.#words, text, WORDS_REMEMBERED, this.#placedWord);
  }

  /** Finer ranges than the whole word are given only where cutting it at its punctuation leaves its tokens the same. */
  readonly #placedWord = (text: string): Word => {
    const ids = this.#idsOf(text);
    const parts = Array.from(text.matchAll(WORD_PART), ({ 0: part, index }) => {
      const range = { start: index, end: index + part.length };
      return part === text
        ? ids.map((id) => ({ id, ...range }))
        : this.#idsOf(part).map((id) => ({ id, ...range }));
    }).flat();
    const exact = sameIds(
      parts.map(({ id }) => id),
      ids,
    );
    return {
      ids,
      starts: exact ? parts.map(({ start }) => start) : ids.map(() => 0),
      ends: exact ? parts.map(({ end }) => end) : ids.map(() => text.length),
    };
  };
}

/**
 * Words are cut at ASCII white space only. What else counts as a space, or vanishes, is left to the tokenizer: BERT's
 * drops a zero-width no-break space, which JavaScript calls white space.
 */
const WORD = /[^ \t\r\n]+/g;
const SPACE = /[ \t\r\n]+/;

/** To cut a text takes little more than half as long as to look for each {@link WORD}; for where their places are not wanted. */
function wordsOf(text: string): string[] {
  return text.split(SPACE).filter((word) => word !== "");
}

/** A punctuation mark, a symbol or a Chinese character by itself, or a run of anything else. */
const WORD_PART = /[\p{P}\p{S}\p{Script=Han}]|[^\p{P}\p{S}\p{Script=Han}]+/gu;

/** Texts that a tokenizer which looks across white space encodes otherwise than word by word. */
const PROBES = ["one of two", "Hello,  world (again)!", "naïve\nAI's"];

/** How many are remembered, of up to how many characters. */
interface Remembered {
  most: number;
  longest: number;
}

/** Enough for the vocabulary of a large corpus; some 20 MB at most. */
const WORDS_REMEMBERED: Remembered = { most: 50_000, longest: 40 };

/** The sentences of a thousand passages: more than wait to be embedded. */
const TEXTS_REMEMBERED: Remembered = { most: 4_000, longest: 1_000 };

/** What `make` gives, kept in `known`, which begins anew where it is full. */
function remembered<Value>(
  known: Map<string, Value>,
  text: string,
  { most, longest }: Remembered,
  make: (text: string) => Value,
): Value {
  const before = known.get(text);
  if (before !== undefined) return before;
  const made = make(text);
  if (text.length <= longest) {
    if (known.size >= most) known.clear();
    known.set(text, made);
  }
  return made;
}

function findFrame(tokenizer: PreTrainedTokenizer): Tokenizer["frame"] {
  const bare = (text: string) => tokenizer.encode(text, { add_special_tokens: false });
  const [first, second] = [bare("a"), bare("b")];
  const framed = tokenizer.encode("a", { text_pair: "b" });
  const atFirst = framed.indexOf(first[0] ?? Number.NaN);
  const atSecond = framed.lastIndexOf(second[0] ?? Number.NaN);
  return {
    before: framed.slice(0, atFirst),
    between: framed.slice(atFirst + first.length, atSecond),
    after: framed.slice(atSecond + second.length),
  };
}

function sameIds(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index]);
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
