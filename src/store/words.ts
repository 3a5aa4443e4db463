import { setImmediate as nextTurn } from "node:timers/promises";
import type Database from "libsql";
import { statement } from "./statement.js";
import { allRows, rowsOf } from "./text.js";

/** Words that are common enough to be meant stand in so many passages. */
export const MAX_PASSAGES = 20_000;

/** Passages between two looks at the event loop: about 20 ms. */
const PASSAGES_PER_TURN = 256;

/**
 * The words of the passages in lower case, with how often each occurs; of the first {@link MAX_PASSAGES} passages, so
 * that to count them all takes two seconds at most. What was counted is kept: after an addition the new passages alone are counted, and
 * all of them again only where one that was counted has gone.
 */
export class WordCounts {
  readonly #database: Database.Database;
  #counted: Counted = nothing();

  constructor(database: Database.Database) {
    this.#database = database;
  }

  /**
   * The counts as of now; the same map as before where nothing that is counted has changed. Other work gets its turns in between, so a
   * change that is committed meanwhile may be counted in part.
   * @param read runs its argument in a transaction, or throws where the database has been closed
   */
  async read(read: <T>(work: () => T) => T): Promise<ReadonlyMap<string, number>> {
    const before = this.#counted;
    const isWhole = read(() => this.#passagesUpTo(before.last)) === before.passages;
    let { counts, last, passages } = isWhole ? before : nothing();
    while (passages < MAX_PASSAGES) {
      const rows = read(() => this.#textsAfter(last));
      // Whoever was given the counts before keeps them as they were.
      if (rows.length > 0 && counts === before.counts) counts = new Map(counts);
      for (const [key, ...texts] of rows) {
        countWordsOf(texts.join(" "), counts);
        last = key;
      }
      passages += rows.length;
      if (rows.length < PASSAGES_PER_TURN) break;
      await nextTurn();
    }
    this.#counted = { counts, last, passages };
    return counts;
  }

  /** Keys are never used twice: where the number is the same, so are the passages. The plus: an index has less to read than the table. */
  #passagesUpTo(last: number): number {
    const counted = statement(this.#database, "SELECT count(*) AS count FROM passages WHERE +key <= ?").get(
      last,
    );
    return (counted as { count: number }).count;
  }

  #textsAfter(last: number): [key: number, body: string, headings: string, title: string][] {
    return rowsOf(
      statement(
        this.#database,
        `SELECT ${allRows("key", "body", "headings", "title")} FROM (
           SELECT rowid AS key, body, headings, title FROM passages_text WHERE rowid > ? ORDER BY rowid LIMIT ?
         )`,
      ).get(last, PASSAGES_PER_TURN),
    );
  }
}

interface Counted {
  counts: Map<string, number>;
  /** The highest key among them. */
  last: number;
  passages: number;
}

function nothing(): Counted {
  return { counts: new Map(), last: 0, passages: 0 };
}

/** Counts the words of one text into `counts`. */
export function countWordsOf(text: string, counts: Map<string, number>): void {
  for (const word of text.toLowerCase().match(/\p{L}+/gu) ?? [])
    counts.set(word, (counts.get(word) ?? 0) + 1);
}
