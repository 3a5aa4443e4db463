import { SCHEMA_VERSION } from "../../dist/store/schema.js";

/** What takes a step of the schema back again, from the last one on. */
const BACK = [
  "DROP INDEX passages_by_text; ALTER TABLE passages DROP COLUMN text_key",
  "DROP INDEX documents_by_collection; ALTER TABLE documents DROP COLUMN collection",
  "DROP TABLE token_vectors",
  "ALTER TABLE documents DROP COLUMN checksum",
];

/**
 * Makes an index look as an older version of Waymark left it.
 *
 * @param {{ exec(sql: string): unknown }} database
 * @param {number} version of the schema
 */
export function makeOlder(database, version) {
  for (const sql of BACK.slice(0, SCHEMA_VERSION - version)) database.exec(sql);
  database.exec(`PRAGMA user_version = ${version}`);
}
