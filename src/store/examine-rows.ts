import type Database from "libsql";
import type { SourceDocument } from "../documents/document.js";
import type { Passage } from "../passages/passage.js";
import { textKey } from "../passages/text-key.js";
import { isUnit, recordChecksum, searchedText } from "./records.js";
import { bytesOf, DamagedText, withTexts } from "./text.js";
import { decodeVector } from "./vectors.js";

export interface DamagedDocument {
  /** The bytes of its id, which may be no UTF-8. */
  key: Buffer;
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
    `SELECT CAST(id AS BLOB) AS key, ${bytesOf(...DOCUMENT_TEXTS)} FROM documents ORDER BY documents.uri`,
  );
  const damaged: DamagedDocument[] = [];
  for (const row of documents.all() as { key: ArrayBuffer; uri: ArrayBuffer }[]) {
    const key = Buffer.from(row.key);
    const problem = problemOf(database, key, row);
    if (problem !== undefined) damaged.push({ key, uri: Buffer.from(row.uri).toString(), problem });
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

const DOCUMENT_TEXTS = ["id", "uri", "collection", "title", "media_type", "source", "checksum"] as const;

interface DocumentRow {
  id: string;
  uri: string;
  collection: string;
  title: string;
  media_type: string;
  source: string;
  /** Empty where an older version of Waymark stored the document. */
  checksum: string;
}

interface PassageRow {
  id: string;
  ordinal: number;
  text_key: number;
  body: string;
  vector: ArrayBuffer | null;
  tokens: ArrayBuffer | null;
  text: string | null;
  headings: string | null;
  title: string | null;
}

function problemOf(database: Database.Database, key: Buffer, row: object): string | undefined {
  try {
    return mismatch(database, key, withTexts<DocumentRow>(row, DOCUMENT_TEXTS));
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof DamagedText)) throw error;
    return "its text or a passage cannot be read";
  }
}

const PASSAGE_TEXTS = ["id", "body", "text", "headings", "title"] as const;

function mismatch(database: Database.Database, key: Buffer, document: DocumentRow): string | undefined {
  const rows = database
    .prepare(
      `SELECT ${bytesOf("p.id")}, ordinal, text_key, CAST(p.body AS BLOB) AS body, vector, tokens,
         CAST(t.body AS BLOB) AS text, ${bytesOf("t.headings", "t.title")}
       FROM passages p LEFT JOIN vectors USING (key) LEFT JOIN token_vectors USING (key)
         LEFT JOIN passages_text t ON t.rowid = p.key
       WHERE document_id = CAST(? AS TEXT) ORDER BY ordinal`,
    )
    .all([key])
    .map((row) => withTexts<PassageRow>(row, PASSAGE_TEXTS));
  if (!rows.every(({ ordinal }, index) => ordinal === index)) return "a passage is missing";
  if (rows.some(({ vector }) => vector === null)) return "a passage has no vector";
  const whole = rows.map(({ body, vector, tokens }) => ({
    body,
    vector: new Uint8Array(vector ?? []),
    tokens: tokens === null ? undefined : new Uint8Array(tokens),
  }));
  const { source, collection, checksum } = document;
  if (checksum !== "" && recordChecksum(source, whole, collection) !== checksum) {
    return "its rows do not have the checksum that they were stored with";
  }
  const { id, uri, title, mediaType } = JSON.parse(document.source) as SourceDocument;
  if (!sameText({ id, uri, title, media_type: mediaType }, { ...document })) {
    return "its name or title is not what its text says";
  }
  for (const row of rows) {
    const passage = JSON.parse(row.body) as Passage;
    const expected = { id: passage.id, ...searchedText(passage, document.title) };
    const found = { id: row.id, body: row.text, headings: row.headings, title: row.title };
    const sameKey = row.text_key === textKey(passage);
    if (!sameKey || !sameText(expected, found)) return "a passage and its text for the search differ";
  }
  if (!whole.every(({ vector }) => isUnit(decodeVector(vector)))) return "a vector is not of length 1";
  return undefined;
}

function sameText(expected: Record<string, string>, found: Record<string, string | null>): boolean {
  return Object.entries(expected).every(([name, text]) => found[name] === Buffer.from(text).toString());
}
