import { setImmediate as nextTurn } from "node:timers/promises";
import type Database from "libsql";
import { readSetting, writeSetting } from "./settings.js";
import { statement } from "./statement.js";
import { reached } from "./steps.js";

/**
 * FTS5 keeps what each transaction adds in a piece of its own and merges them by and by; 100,000 passages were in ten. In one piece a
 * search of them takes .8 ms less, of 15. To merge them takes .7 s, so it is done when the passages that have come since are at least
 * this share of all.
 */
const SHARE = 0.2;

/** Pages that are merged between two looks at the event loop: about 5 ms. */
const PAGES_PER_TURN = 64;

/** The setting that holds the highest key of a passage that was there at the last merge. */
const MERGED = "merged";

/**
 * Merges the full-text index into one piece where many passages have come; what was stopped goes on with the next call. The event loop
 * gets its turns.
 * @param run runs its argument and explains what it throws; undefined where it is time to stop
 */
export async function mergeWords(
  database: Database.Database,
  run: <T>(work: () => T) => T | undefined,
): Promise<void> {
  const newest = run(() => keyToMergeUpTo(database));
  if (newest === undefined) return;
  // The minus makes one task of all pieces, which the next steps go on with (https://www.sqlite.org/fts5.html#the_merge_command).
  let isDone = run(() => mergeSome(database, -PAGES_PER_TURN));
  while (isDone === false) {
    await nextTurn();
    isDone = run(() => mergeSome(database, PAGES_PER_TURN));
  }
  if (isDone === true) run(() => writeSetting(database, MERGED, String(newest)));
}

/** The newest passage's key; undefined where few have come since the last merge. */
function keyToMergeUpTo(database: Database.Database): number | undefined {
  const { passages, newest } = statement(
    database,
    "SELECT count(*) AS passages, max(key) AS newest FROM passages",
  ).get() as { passages: number; newest: number | null };
  const merged = Number(readSetting(database, MERGED) ?? 0);
  return newest !== null && newest - merged >= passages * SHARE ? newest : undefined;
}

/** True where there was nothing left to do. */
function mergeSome(database: Database.Database, pages: number): boolean {
  const before = changes(database);
  statement(database, "INSERT INTO passages_text (passages_text, rank) VALUES ('merge', ?)").run(pages);
  reached("optimize: words are merged");
  return changes(database) - before < LEAST_CHANGES;
}

/** Fewer rows are changed by a step that had nothing left to do. */
const LEAST_CHANGES = 2;

function changes(database: Database.Database): number {
  return (statement(database, "SELECT total_changes() AS changes").get() as { changes: number }).changes;
}
