import Database from "libsql";
import type { Passage } from "../passages/passage.js";
import { textKey } from "../passages/text-key.js";
import { bytesOf, textOf } from "./text.js";
import { inTransaction } from "./transaction.js";

/** Marks a SQLite file as an index of Waymark (`PRAGMA application_id`): "Wymk" in ASCII. */
export const APPLICATION_ID = 0x57796d6b;

/**
 * The steps from an empty file to today's tables. `PRAGMA user_version` counts the steps that a file has behind it,
 * so a step that has been released is never edited; a change is a new step at the end.
 */
const MIGRATIONS: readonly (string | ((database: Database.Database) => void))[] = [
  `
  CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) WITHOUT ROWID;

  -- source: the SourceDocument as JSON, which brings every UTF-16 string back as it was; SQLite's own text would not.
  CREATE TABLE documents (
    id TEXT PRIMARY KEY,
    uri TEXT NOT NULL,
    title TEXT NOT NULL,
    media_type TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    indexed_at TEXT NOT NULL,
    characters INTEGER NOT NULL,
    pages INTEGER,
    source TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX documents_by_uri ON documents (uri);

  -- key: never used twice (AUTOINCREMENT), so whatever was derived from a passage can tell that the passage has gone.
  CREATE TABLE passages (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    body TEXT NOT NULL
  );
  CREATE UNIQUE INDEX passages_by_document ON passages (document_id, ordinal);

  -- vector: Float32, little-endian, L2-normalised.
  CREATE TABLE vectors (
    key INTEGER PRIMARY KEY REFERENCES passages (key) ON DELETE CASCADE,
    vector BLOB NOT NULL
  );

  -- The table keeps its text. Without it (contentless_delete) SQLite 3.45 forgets to take deleted rows out of its
  -- totals, and BM25 drifts with each replaced document; an external-content table needs the same text elsewhere.
  CREATE VIRTUAL TABLE passages_text USING fts5 (
    body, headings, title,
    tokenize = 'porter unicode61 remove_diacritics 2'
  );
  CREATE TRIGGER passages_text_delete AFTER DELETE ON passages BEGIN
    DELETE FROM passages_text WHERE rowid = old.key;
  END;

  INSERT INTO settings VALUES ('generation', '0'), ('index', lower(hex(randomblob(16))));
  PRAGMA application_id = ${APPLICATION_ID};
  `,
  // checksum: see `recordChecksum`; empty where an older version of Waymark stored the document.
  `
  ALTER TABLE documents ADD COLUMN checksum TEXT NOT NULL DEFAULT '';
  `,
  // Apart from the vectors, which are all read when an index is opened: these are read of some passages a question.
  `
  -- tokens: see packedTokenVectors.
  CREATE TABLE token_vectors (
    key INTEGER PRIMARY KEY REFERENCES passages (key) ON DELETE CASCADE,
    tokens BLOB NOT NULL
  );
  `,
  // collection: the named set that the document is in; all that an older version of Waymark stored is in the default one.
  `
  ALTER TABLE documents ADD COLUMN collection TEXT NOT NULL DEFAULT 'default';
  CREATE INDEX documents_by_collection ON documents (collection);
  `,
  // text_key: see `textKey`.
  (database) => {
    database.exec("ALTER TABLE passages ADD COLUMN text_key INTEGER NOT NULL DEFAULT 0");
    const rows = database.prepare(`SELECT key, ${bytesOf("body")} FROM passages`).all();
    const update = database.prepare("UPDATE passages SET text_key = ? WHERE key = ?");
    for (const { key, body } of rows as { key: number; body: ArrayBuffer }[]) {
      update.run(textKey(JSON.parse(textOf(body)) as Passage), key);
    }
    database.exec("CREATE INDEX passages_by_text ON passages (text_key)");
  },
];

/** The schema that this version of Waymark reads and writes. */
export const SCHEMA_VERSION = MIGRATIONS.length;

/** Brings a database up to {@link SCHEMA_VERSION}, all steps or none. The caller has refused newer ones. */
export function migrate(database: Database.Database): void {
  if (schemaVersion(database) >= SCHEMA_VERSION) return;
  inTransaction(database, "IMMEDIATE", () => {
    const done = schemaVersion(database);
    for (const step of MIGRATIONS.slice(done)) {
      if (typeof step === "string") database.exec(step);
      else step(database);
    }
    database.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
  });
}

/** The name of a table, index or trigger that is not there as {@link migrate} makes it; undefined where all of them are. */
export function changedDefinition(database: Database.Database): string | undefined {
  const fresh = new Database(":memory:");
  try {
    migrate(fresh);
    const own = definitions(database);
    return [...definitions(fresh)].find(([name, sql]) => own.get(name) !== sql)?.[0];
  } finally {
    fresh.close();
  }
}

/** By name, as they were written. Bytes that are no text are as good as any other difference. */
function definitions(database: Database.Database): Map<string, string> {
  const rows = database.prepare(`SELECT ${bytesOf("name", "sql")} FROM sqlite_master`).all();
  return new Map(
    (rows as { name: ArrayBuffer; sql: ArrayBuffer | null }[]).map(({ name, sql }) => [
      Buffer.from(name).toString(),
      sql === null ? "" : Buffer.from(sql).toString(),
    ]),
  );
}

/** The number of migrations that a database has behind it. */
export function schemaVersion(database: Database.Database): number {
  const row = database.prepare("PRAGMA user_version").get() as { user_version: number };
  return row.user_version;
}
