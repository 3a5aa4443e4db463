import { setImmediate as nextTurn } from "node:timers/promises";
import type Database from "libsql";
import { bytesOf, withTexts } from "./text.js";

/** Words that are common enough to be meant stand in so many passages. */
export const MAX_PASSAGES = 20_000;

/** Passages between two looks at the event loop: about 20 ms. */
const PASSAGES_PER_TURN = 256;

/**
 * The words of the passages in lower case, with how often each occurs; of the first {@link MAX_PASSAGES} passages, so
 * that it takes two seconds at most. Other work gets its turns in between, so a change that is committed meanwhile may
 * be counted in part.
 *
 * @param read runs its argument in a transaction, or throws where the database has been closed
 */
export async function countWords(
  database: Database.Database,
  read: <T>(work: () => T) => T,
): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const statement = database.prepare(
    `SELECT rowid AS key, ${bytesOf(...TEXTS)} FROM passages_text WHERE rowid > ? ORDER BY rowid LIMIT ?`,
  );
  let last = -1;
  for (let passages = 0; passages < MAX_PASSAGES; passages += PASSAGES_PER_TURN) {
    const rows = read(() =>
      statement.all(last, PASSAGES_PER_TURN).map((row) => withTexts<TextRow>(row, TEXTS)),
    );
    for (const row of rows) countWordsOf(`${row.body} ${row.headings} ${row.title}`, counts);
    if (rows.length < PASSAGES_PER_TURN) break;
    last = rows.at(-1)?.key ?? last;
    await nextTurn();
  }
  return counts;
}

const TEXTS = ["body", "headings", "title"] as const;

interface TextRow {
  key: number;
  body: string;
  headings: string;
  title: string;
}

/** Counts the words of one text into `counts`. */
export function countWordsOf(text: string, counts: Map<string, number>): void {
  for (const word of text.toLowerCase().match(/\p{L}+/gu) ?? [])
    counts.set(word, (counts.get(word) ?? 0) + 1);
}
