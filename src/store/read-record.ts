import type Database from "libsql";
import type { SourceDocument } from "../documents/document.js";
import type { Passage } from "../passages/passage.js";
import { statement } from "./statement.js";
import type { DocumentRecord, DocumentVersion } from "./store.js";
import { bytesOf, textOf, withTexts } from "./text.js";
import { decodeVector } from "./vectors.js";

/** See `Store.record`. The caller has begun a transaction. */
export function readRecord(database: Database.Database, id: string): DocumentRecord | undefined {
  const found = database.prepare(`SELECT ${bytesOf(...TEXTS)} FROM documents WHERE id = ?`).get(id);
  if (found === undefined) return undefined;
  const row = withTexts<DocumentRow>(found, TEXTS);
  const rows = database
    .prepare(
      `SELECT ${bytesOf("body")}, vector, tokens FROM passages JOIN vectors USING (key) LEFT JOIN token_vectors USING (key)
       WHERE document_id = ? ORDER BY ordinal`,
    )
    .all(id) as { body: ArrayBuffer; vector: ArrayBuffer; tokens: ArrayBuffer | null }[];
  const tokens = rows.flatMap(({ tokens }) => (tokens === null ? [] : [new Uint8Array(tokens)]));
  return {
    document: JSON.parse(row.source) as SourceDocument,
    contentHash: row.content_hash,
    collection: row.collection,
    indexedAt: row.indexed_at,
    passages: rows.map(({ body }) => JSON.parse(textOf(body)) as Passage),
    vectors: rows.map(({ vector }) => decodeVector(new Uint8Array(vector))),
    ...(tokens.length === rows.length && rows.length > 0 ? { tokens } : {}),
  };
}

/** See `Store.versions`. A document of an older schema has no checksum; then it is known by what it was made from. */
export function readVersions(
  database: Database.Database,
  known: ReadonlyMap<string, string | undefined>,
): Map<string, DocumentVersion> {
  const columns = bytesOf("checksum", "content_hash", "fingerprint", "indexed_at", "source");
  const select = statement(database, `SELECT ${columns} FROM documents WHERE id = ?`);
  const versions = new Map<string, DocumentVersion>();
  for (const [id, earlier] of known) {
    const row = select.get(id);
    if (row === undefined) continue;
    const { checksum, content_hash, fingerprint, indexed_at, source } = row as Record<string, ArrayBuffer>;
    const parts = [checksum, content_hash, fingerprint, indexed_at];
    const revision = parts.map((part) => textOf(part as ArrayBuffer)).join(" ");
    const document = () => JSON.parse(textOf(source as ArrayBuffer)) as SourceDocument;
    versions.set(id, revision === earlier ? { revision } : { revision, document: document() });
  }
  return versions;
}

const TEXTS = ["source", "content_hash", "collection", "indexed_at"] as const;

interface DocumentRow {
  source: string;
  content_hash: string;
  collection: string;
  indexed_at: string;
}
