import type Database from "libsql";

/** Runs `work` in a transaction: what it throws takes back all that it did. */
export function inTransaction<T>(
  database: Database.Database,
  mode: "DEFERRED" | "IMMEDIATE",
  work: () => T,
): T {
  database.exec(`BEGIN ${mode}`);
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    // SQLite has already rolled back by itself where, say, the disk was full.
    if (database.inTransaction) database.exec("ROLLBACK");
    throw error;
  }
}
