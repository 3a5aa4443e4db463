import { STOP_WORDS } from "./stop-words.js";

/**
 * Turns any text into an FTS5 query that cannot fail: its {@link queryWords}, quoted, joined by OR. Undefined where there
 * is no word at all.
 *
 * A quoted string in FTS5 has no syntax but the doubled quote, and words of letters and digits have no quote
 * (https://www.sqlite.org/fts5.html#fts5_strings).
 *
 * @example fullTextQuery("What is a p-value?") // '"p" OR "value"'
 */
export function fullTextQuery(text: string): string | undefined {
  const words = queryWords(text);
  return words.length === 0 ? undefined : words.map((word) => `"${word}"`).join(" OR ");
}

/**
 * The words of a question, in lower case, each once. Those that say nothing about the subject ("what", "is", "the") are
 * left out while others remain.
 */
export function queryWords(text: string): string[] {
  const words = new Set<string>();
  const content = new Set<string>();
  for (const [word] of text.slice(0, MAX_CHARACTERS).matchAll(WORD)) {
    const lower = word.toLowerCase();
    if (words.size < MAX_TERMS) words.add(lower);
    if (!STOP_WORDS.has(lower)) content.add(lower);
    if (content.size === MAX_TERMS) break;
  }
  return [...(content.size > 0 ? content : words)];
}

/** How texts and queries are cut into words, as the schema has it for `passages_text`. */
export const TOKENIZER = "porter unicode61 remove_diacritics 2";

/**
 * Weights of the columns of `passages_text` in BM25. nDCG@10 on SciFact by the title's weight: .683 at 1, .689 at 2,
 * .691 at 3. Reciprocal rank on the roadmap's questions by the headings' weight: .500 at 0, .533 at 1, .533 at 2.
 */
export const COLUMN_WEIGHTS = { body: 1, headings: 1, title: 2 };

/** A question has fewer; a page pasted into the box is cut. Each term costs a pass over its postings. */
const MAX_TERMS = 64;
const MAX_CHARACTERS = 20_000;

/** Letters, digits and their accents: what the tokenizer unicode61 makes tokens of. */
const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu;
