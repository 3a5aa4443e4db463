import { STOP_WORDS } from "../store/stop-words.js";
import { typoDistance, UNLIKELY } from "./typo-distance.js";
import { WordIndex } from "./word-index.js";

export interface SpellingWords {
  /** The words of the indexed documents in lower case, with how often each occurs. */
  words: ReadonlyMap<string, number>;
  /** Words of the language in lower case, the most frequent first. Without any, nothing is corrected. */
  generalWords: readonly string[];
}

/**
 * Puts a question's typing errors right before it is searched for. A word that neither the documents nor the language
 * has is replaced by the nearest one that they have, if it is near; the documents' own words are preferred. All else
 * stays as it was typed: known words and their inflections, numbers, abbreviations, names, code, paths and addresses,
 * other scripts, and a question of which most unknown words resemble nothing (another language).
 *
 * Figures, with MiniLM's 21,358 whole words as the language. Changes to well-spelled texts: {@link budget}. One random
 * slip in each word of 5 and more letters of ClapNQ's and SciFact's questions, with their own passages' words: of 100
 * slips in words of the passages 90 and 94 were put right, 3 and 2 became another word, and 4 and 3 were words
 * themselves. Of general words that the passages lack, 61 were put right and 8 became another word. With 200,000 words a
 * question takes .02 ms without unknown words, and about 1 ms for each unknown word that resembles nothing.
 *
 * @example
 * const corrector = new SpellingCorrector({ words: new Map([["drift", 4]]), generalWords: ["what", "is"] });
 * corrector.correct("Waht is drfit?"); // "What is drift?"
 */
export class SpellingCorrector {
  /** The documents' words that it was made with. */
  readonly words: ReadonlyMap<string, number>;
  /** General words with their place by frequency. */
  readonly #ranks: ReadonlyMap<string, number>;
  /** Built when the first unknown word comes: some 150 ms for 200,000 words. */
  #index: WordIndex | undefined;

  constructor({ words, generalWords }: SpellingWords) {
    this.words = words;
    this.#ranks = new Map(generalWords.map((word, rank) => [word, rank]));
  }

  /** The question with its typing errors put right; the same string where there are none. Never throws. */
  correct(question: string): string {
    if (this.#ranks.size === 0 || question.length > MAX_CHARACTERS) return question;
    const unknown = typedWords(question)
      .filter(({ word }) => !this.knows(word))
      .map((typed) => ({ ...typed, meant: this.#nearest(typed) }));
    const corrected = unknown.filter(({ meant }) => meant !== undefined);
    if (corrected.length < unknown.length * LEAST_CORRECTABLE) return question;
    let text = "";
    let done = 0;
    for (const { start, word, meant = "", capitalised } of corrected) {
      text += question.slice(done, start) + (capitalised ? capitalise(meant) : meant);
      done = start + word.length;
    }
    return text + question.slice(done);
  }

  /** Is a lower-case word one of the documents or the language, or a plain inflection of one? */
  knows(word: string): boolean {
    return (
      this.#isWord(word) ||
      CONTRACTIONS.has(word) ||
      ENDINGS.some(([ending, replacements]) => {
        if (!word.endsWith(ending)) return false;
        const stem = word.slice(0, -ending.length);
        if (stem.length < MIN_STEM || (ending === "s" && stem.endsWith("s"))) return false;
        // "stopped" is of "stop".
        const doubled = ending !== "s" && stem.at(-1) === stem.at(-2);
        return (
          replacements.some((replacement) => this.#isWord(stem + replacement)) ||
          (doubled && this.#isWord(stem.slice(0, -1)))
        );
      })
    );
  }

  /**
   * Whether a text has anything to look up: a known word that is no stop word, or a number of two digits. False for keys hit at random,
   * for stop words alone and for languages that the index does not hold.
   */
  recognises(text: string): boolean {
    if (this.#ranks.size === 0 || /\p{N}{2}/u.test(text)) return true;
    const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
    const isTopic = (word: string) => !STOP_WORDS.has(word) && this.knows(word);
    // A letter alone may be a name ("what is R?"), among other words.
    return words.some(
      (word) => isTopic(word) && (word.length > 1 || words.some((other) => other.length > 1)),
    );
  }

  #isWord(word: string): boolean {
    return this.words.has(word) || this.#ranks.has(word);
  }

  /** The known word that was most likely meant: within one slip, or else within two. */
  #nearest(typed: TypedWord): string | undefined {
    return this.#best(typed, 1) ?? (budget(typed.word.length, true) < 2 ? undefined : this.#best(typed, 2));
  }

  #best({ word, name }: TypedWord, slips: number): string | undefined {
    this.#index ??= new WordIndex(new Set([...this.words.keys(), ...this.#ranks.keys()]));
    let best: { word: string; score: number } | undefined;
    for (const candidate of this.#index.near(word, slips)) {
      const count = this.words.get(candidate);
      const rank = this.#ranks.get(candidate) ?? this.#ranks.size;
      if (count === undefined && (name || (word.length < LONG && rank > COMMON_RANKS))) continue;
      const limit = Math.min(budget(word.length, count !== undefined), slips * UNLIKELY);
      const score =
        typoDistance(word, candidate, limit) +
        RARITY_WEIGHT * (rank / this.#ranks.size) -
        (count === undefined ? 0 : DOCUMENT_BONUS + COUNT_WEIGHT * Math.log2(1 + count));
      if (score < (best?.score ?? Number.POSITIVE_INFINITY)) best = { word: candidate, score };
    }
    return best?.word;
  }
}

/**
 * How far a correction may be from a word of so many letters (see `typoDistance`): one likely slip, and only into a
 * word of the documents one unlikely slip from 6 letters, two slips from 8.
 *
 * Changes to what was asked: 1 word of 657 in the roadmap's questions (tune split, without those about typing errors), 6
 * of 1,559 in ClapNQ's 300 with their own passages ("junu" among them), 51 of 9,681 in SciFact's claims with their own
 * abstracts (most of them misspelled there, as "reponse"; 6 wrong, as "Lice" to "Like"). Off the subject, with the
 * roadmap's words alone: 6 of ClapNQ, 32 of SciFact, 7 of the 4,745 in WiCE's claims. Two slips for general words as
 * well: SciFact off the subject 96. Every slip counted as likely: 64, and nearly twice as many slips become another word.
 */
function budget(letters: number, inDocuments: boolean): number {
  if (!inDocuments || letters < 6) return 1;
  return letters < 8 ? UNLIKELY : 2;
}

/** A shorter word is corrected into a general word only if that is among the {@link COMMON_RANKS} most frequent. */
const LONG = 7;
const COMMON_RANKS = 8_000;

/**
 * What decides between words at nearly the same distance: of the slips in words of the roadmap, 1.8 % for .9 % become
 * another word without the bonus, and of those in words of SciFact's abstracts 2.8 % for 2.2 % without the count.
 */
const DOCUMENT_BONUS = 0.35;
const COUNT_WEIGHT = 0.05;
const RARITY_WEIGHT = 0.3;

/**
 * Where fewer of the unknown words can be corrected, they are of another language or another field: without this limit
 * SciFact's claims off the subject have 79 changes for 32.
 */
const LEAST_CORRECTABLE = 0.5;

/** A page pasted into the box is not a question. */
const MAX_CHARACTERS = 2_000;

const MIN_STEM = 3;

/** Endings of plain inflections, with what the word may end in without them. */
const ENDINGS: readonly (readonly [ending: string, replacements: readonly string[]])[] = [
  ["s", [""]],
  ["es", [""]],
  ["ies", ["y"]],
  ["ing", ["", "e"]],
  ["ings", ["", "e"]],
  ["ed", ["", "e"]],
  ["ied", ["y"]],
  ["er", ["", "e"]],
  ["ers", ["", "e"]],
  ["or", ["", "e"]],
  ["ors", ["", "e"]],
  ["ier", ["y"]],
  ["est", ["", "e"]],
  ["iest", ["y"]],
  ["ly", ["", "le"]],
  ["ily", ["y"]],
];

/** Typed without the apostrophe. Those that are words or plurals otherwise ("well", "whats") need no mention. */
const CONTRACTIONS = new Set(
  `arent cant couldnt didnt doesnt dont hadnt hasnt havent isnt itll mustnt shouldnt theyll theyre theyve wasnt werent
  weve wont wouldnt youd youll youre youve`.split(/\s+/),
);

/** A word of a question that may be corrected. */
interface TypedWord {
  /** In lower case, without a possessive ending. */
  word: string;
  /** UTF-16 offset in the question. */
  start: number;
  capitalised: boolean;
  /** Capitalised inside the question: very likely a name. */
  name: boolean;
}

function typedWords(question: string): TypedWord[] {
  const firstLetter = question.search(/\p{L}/u);
  return Array.from(question.matchAll(CODE_OR_STRETCH))
    .filter(([stretch]) => !NO_PROSE.test(stretch))
    .flatMap((stretch) =>
      Array.from(stretch[0].matchAll(WORD), (match) => ({
        text: match[0],
        start: stretch.index + match.index,
      })),
    )
    .flatMap(({ text, start }) => {
      const typed = CORRECTABLE.exec(text)?.[1];
      if (typed === undefined) return [];
      const word = typed.toLowerCase();
      const capitalised = !typed.startsWith(word.charAt(0));
      return [{ word, start, capitalised, name: capitalised && start > firstLetter }];
    });
}

/** Code between backticks, or a stretch without white space. */
const CODE_OR_STRETCH = /`[^`]*`|[^\s`]+/g;

/** Digits, the signs of code, addresses and paths, an option; a full stop, colon or bracket between letters; a call. */
const NO_PROSE = /[\p{N}`_@#$%&*+=<>|~^{}/\\]|^-|\p{L}(?:[.:(]+\p{L}|\(\))/u;

const WORD = /[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*/gu;

/** Four letters or more, none but the first a capital; a possessive ending is not part of the word. */
const CORRECTABLE = /^([A-Za-z][a-z]{3,})(?:['’]s)?$/;

function capitalise(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
