import type Database from "libsql";
import { statement } from "./statement.js";
import { bytesOf, textOf } from "./text.js";

/** A value that an index keeps about itself; undefined where it was never written. */
export function readSetting(database: Database.Database, name: string): string | undefined {
  const row = statement(database, `SELECT ${bytesOf("value")} FROM settings WHERE name = ?`).get(name);
  return row === undefined ? undefined : textOf((row as { value: ArrayBuffer }).value);
}

export function writeSetting(database: Database.Database, name: string, value: string): void {
  statement(database, "REPLACE INTO settings VALUES (?, ?)").run(name, value);
}
