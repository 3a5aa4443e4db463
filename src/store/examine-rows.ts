import type Database from "libsql";
import type { SourceDocument } from "../documents/document.js";
import type { Passage } from "../passages/passage.js";
import { isUnit, recordChecksum, searchedText } from "./records.js";
import { decodeVector } from "./vectors.js";

export interface DamagedDocument {
  id: string;
  uri: string;
  /** Without a full stop. */
  problem: string;
}

/** A row that nothing owns. `key` is its key, or its rowid in the full-text table. */
export interface Orphan {
  table: "passages" | "vectors" | "token_vectors" | "passages_text";
  key: number;
}

/** Compares all rows with each other and with the checksums. The caller has begun a transaction. */
export function examineRows(database: Database.Database): { damaged: DamagedDocument[]; orphans: Orphan[] } {
  const documents = database.prepare(
    "SELECT id, uri, title, media_type, source, checksum FROM documents ORDER BY uri",
  );
  const damaged: DamagedDocument[] = [];
  for (const row of documents.all() as DocumentRow[]) {
    const problem = problemOf(database, row);
    if (problem !== undefined) damaged.push({ id: row.id, uri: row.uri, problem });
  }
  const orphans = ORPHANS.flatMap(([table, query]) =>
    (database.prepare(query).pluck().all() as number[]).map((key) => ({ table, key })),
  );
  return { damaged, orphans };
}

const ORPHANS: readonly [Orphan["table"], string][] = [
  ["passages", "SELECT key FROM passages WHERE document_id NOT IN (SELECT id FROM documents)"],
  ["vectors", "SELECT key FROM vectors WHERE key NOT IN (SELECT key FROM passages)"],
  ["token_vectors", "SELECT key FROM token_vectors WHERE key NOT IN (SELECT key FROM passages)"],
  ["passages_text", "SELECT rowid FROM passages_text WHERE rowid NOT IN (SELECT key FROM passages)"],
];

interface DocumentRow {
  id: string;
  uri: string;
  title: string;
  media_type: string;
  source: string;
  /** Empty where an older version of Waymark stored the document. */
  checksum: string;
}

interface PassageRow {
  ordinal: number;
  body: string;
  vector: ArrayBuffer | null;
  tokens: ArrayBuffer | null;
  text: string | null;
  headings: string | null;
  title: string | null;
}

function problemOf(database: Database.Database, document: DocumentRow): string | undefined {
  const rows = database
    .prepare(
      `SELECT ordinal, p.body, vector, tokens, t.body AS text, t.headings, t.title
       FROM passages p LEFT JOIN vectors USING (key) LEFT JOIN token_vectors USING (key)
         LEFT JOIN passages_text t ON t.rowid = p.key
       WHERE document_id = ? ORDER BY ordinal`,
    )
    .all(document.id) as PassageRow[];
  if (!rows.every(({ ordinal }, index) => ordinal === index)) return "a passage is missing";
  if (rows.some(({ vector }) => vector === null)) return "a passage has no vector";
  const whole = rows.map(({ body, vector, tokens }) => ({
    body,
    vector: new Uint8Array(vector ?? []),
    tokens: tokens === null ? undefined : new Uint8Array(tokens),
  }));
  if (document.checksum !== "" && recordChecksum(document.source, whole) !== document.checksum) {
    return "its rows do not have the checksum that they were stored with";
  }
  try {
    const { id, uri, title, mediaType } = JSON.parse(document.source) as SourceDocument;
    if (!sameText({ id, uri, title, media_type: mediaType }, { ...document })) {
      return "its name or title is not what its text says";
    }
    for (const row of rows) {
      const expected = searchedText(JSON.parse(row.body) as Passage, document.title);
      const found = { body: row.text, headings: row.headings, title: row.title };
      if (!sameText(expected, found)) return "a passage and its text for the search differ";
    }
  } catch {
    return "its text or a passage cannot be read";
  }
  if (!whole.every(({ vector }) => isUnit(decodeVector(vector)))) return "a vector is not of length 1";
  return undefined;
}

function sameText(expected: Record<string, string>, found: Record<string, string | null>): boolean {
  return Object.entries(expected).every(([name, text]) => found[name] === Buffer.from(text).toString());
}
