import type Database from "libsql";

/** The statements of each connection, by their text. */
const prepared = new WeakMap<Database.Database, Map<string, Database.Statement>>();

/**
 * A prepared statement, made the first time that a connection needs it: to prepare one takes longer than most of them take to run. For
 * texts of which there are few; each is always used in the same mode (`raw`, `pluck`).
 */
export function statement(database: Database.Database, text: string): Database.Statement {
  const statements = prepared.get(database) ?? new Map<string, Database.Statement>();
  prepared.set(database, statements);
  const found = statements.get(text) ?? database.prepare(text);
  statements.set(text, found);
  return found;
}
