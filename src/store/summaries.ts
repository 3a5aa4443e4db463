import type Database from "libsql";
import type { DocumentSummary } from "./store.js";
import { bytesOf, withTexts } from "./text.js";

/** See `Store.documents`. Those that were stored under another fingerprint than the one given are stale. */
export function readSummaries(
  database: Database.Database,
  ids: readonly string[] | undefined,
  fingerprint: string | undefined,
): DocumentSummary[] {
  const statement = database.prepare(
    `SELECT ${bytesOf(...TEXTS)}, characters, pages,
       (SELECT count(*) FROM passages WHERE document_id = documents.id) AS passages
     FROM documents ${ids === undefined ? "" : "WHERE documents.id IN (SELECT value FROM json_each(?))"} ORDER BY documents.uri`,
  );
  const rows = statement.all(ids === undefined ? [] : [JSON.stringify(ids)]);
  return rows.map((row) => toSummary(withTexts<SummaryRow>(row, TEXTS), fingerprint));
}

const TEXTS = [
  "id",
  "uri",
  "collection",
  "title",
  "media_type",
  "content_hash",
  "fingerprint",
  "indexed_at",
] as const;

interface SummaryRow {
  id: string;
  uri: string;
  collection: string;
  title: string;
  media_type: string;
  content_hash: string;
  fingerprint: string;
  indexed_at: string;
  passages: number;
  characters: number;
  pages: number | null;
}

function toSummary(row: SummaryRow, fingerprint: string | undefined): DocumentSummary {
  return {
    id: row.id,
    uri: row.uri,
    collection: row.collection,
    title: row.title,
    mediaType: row.media_type,
    contentHash: row.content_hash,
    indexedAt: row.indexed_at,
    passages: row.passages,
    characters: row.characters,
    ...(row.pages === null ? {} : { pages: row.pages }),
    ...(fingerprint !== undefined && row.fingerprint !== fingerprint ? { stale: true } : {}),
  };
}
