import type Database from "libsql";
import { COLUMN_WEIGHTS, queryWords } from "./full-text.js";
import type { IndexState } from "./graph.js";
import { statement } from "./statement.js";
import { allRows, rowsOf } from "./text.js";

/**
 * Passages that BM25 ranks for a question, and rows that are walked to score what was found. 2,000 rows take 2.6 ms of
 * processor time to rank, 20,000 take 3 ms to walk. All of a small index is within them. SciFact (13,670 passages, of which
 * a claim's words are in 4,478 at the median), fused with cosine, nDCG@10: .7295 without limits, .7295 with 2,000 ranked,
 * .7290 with 1,000; .7286 where the words beyond them were not weighed.
 */
const RANKED_ROWS = 2_000;
const WALKED_ROWS = 20_000;

/**
 * How often a word occurs is remembered for so many words, and for so many changes of the index: which words are the rare ones does not
 * hang on a few documents, and to count a common one of 100,000 passages takes 1 ms. A word that had occurred nowhere is counted anew.
 */
const WORDS_KEPT = 10_000;
const CHANGES_KEPT = 100;

export interface LexicalQuery {
  text: string;
  /** How many of the best. */
  depth: number;
  /** Only these keys. */
  filter: KeyFilter | undefined;
  state: IndexState;
}

/** What was found for the words of a question. */
export interface LexicalMatches {
  /** The keys of the best. */
  best: number[];
  /** What scores them, in FTS5's syntax; undefined where the index has none of the words. */
  expression: string | undefined;
}

/** A query for the keys of passages, with its parameters. */
export interface KeyFilter {
  sql: string;
  parameters: Record<string, string>;
}

/** BM25 by the full-text index of the database, in bounded time however many passages have a question's words. */
export class LexicalSearch {
  readonly #database: Database.Database;
  /** The number of passages that a word stands in. */
  #frequencies = new Map<string, number>();
  #state: IndexState | undefined;

  constructor(database: Database.Database) {
    this.#database = database;
  }

  /**
   * The best by BM25. In a large index they are looked for among the passages that have the question's rarest words; the common ones
   * weigh in their {@link scores}. The caller has begun a transaction.
   */
  find({ text, depth, filter, state }: LexicalQuery): LexicalMatches {
    this.#forgetAfter(state);
    const words = queryWords(text)
      .map((word) => ({ word, rows: this.#frequency(word) }))
      .filter(({ rows }) => rows > 0)
      .sort((a, b) => a.rows - b.rows);
    if (words.length === 0) return { best: [], expression: undefined };
    // The plus keeps SQLite from asking FTS5 row by row.
    const wanted = filter === undefined ? "" : `AND +rowid IN (${filter.sql})`;
    const selected = statement(
      this.#database,
      `WITH best AS MATERIALIZED (
         SELECT rowid AS key FROM passages_text WHERE passages_text MATCH :rare ${wanted}
         ORDER BY ${BM25}, rowid LIMIT :depth
       )
       SELECT ${allRows("key")} FROM best`,
    ).get({ rare: rarest(words, RANKED_ROWS), depth, ...filter?.parameters });
    const best = rowsOf<[key: number]>(selected).map(([key]) => key);
    return { best, expression: rarest(words, WALKED_ROWS) };
  }

  /** BM25 of the best, and of `others` where a word matches; by key. The caller has begun a transaction. */
  scores({ best, expression }: LexicalMatches, others: readonly number[]): Map<number, number> {
    if (expression === undefined) return new Map();
    const selected = statement(
      this.#database,
      `WITH scores AS MATERIALIZED (
         SELECT rowid AS key, -${BM25} AS score FROM passages_text WHERE passages_text MATCH :words
         AND +rowid IN (SELECT value FROM json_each(:keys))
       )
       SELECT ${allRows("key", "format('%!.17g', score)")} FROM scores`,
    ).get({ words: expression, keys: JSON.stringify([...new Set([...best, ...others])]) });
    // With all their digits: JSON in SQLite has 15 of them.
    return new Map(
      rowsOf<[key: number, score: string]>(selected).map(([key, score]) => [key, Number(score)]),
    );
  }

  #frequency(word: string): number {
    const known = this.#frequencies.get(word);
    if (known !== undefined) return known;
    const { rows } = statement(
      this.#database,
      "SELECT count(*) AS rows FROM passages_text WHERE passages_text MATCH ?",
    ).get(`"${word}"`) as { rows: number };
    if (rows > 0) this.#frequencies.set(word, rows);
    return rows;
  }

  #forgetAfter(state: IndexState): void {
    const since =
      this.#state?.index === state.index ? state.generation - this.#state.generation : CHANGES_KEPT;
    if (since < CHANGES_KEPT && this.#frequencies.size < WORDS_KEPT) return;
    this.#state = state;
    this.#frequencies = new Map();
  }
}

const BM25 = `bm25(passages_text, ${COLUMN_WEIGHTS.body}, ${COLUMN_WEIGHTS.headings}, ${COLUMN_WEIGHTS.title})`;

/** The query for as many of the words as stand in so many rows together, but for one at least. They come rarest first. */
function rarest(words: readonly { word: string; rows: number }[], limit: number): string {
  let total = 0;
  const chosen = words.filter(({ rows }, index) => {
    total += rows;
    return index === 0 || total <= limit;
  });
  return chosen.map(({ word }) => `"${word}"`).join(" OR ");
}
