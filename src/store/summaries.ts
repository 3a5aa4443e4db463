import type Database from "libsql";
import { statement } from "./statement.js";
import type { DocumentSummary } from "./store.js";
import { allRows, rowsOf } from "./text.js";

/** See `Store.documents`. Those that were stored under another fingerprint than the one given are stale. */
export function readSummaries(
  database: Database.Database,
  ids: readonly string[] | undefined,
  fingerprint: string | undefined,
): DocumentSummary[] {
  const wanted = ids === undefined ? "" : "WHERE documents.id IN (SELECT value FROM json_each(?))";
  const selected = statement(
    database,
    `SELECT ${allRows(...COLUMNS, "passages")} FROM (
       SELECT ${COLUMNS.join(", ")}, (SELECT count(*) FROM passages WHERE document_id = documents.id) AS passages
       FROM documents ${wanted} ORDER BY uri
     )`,
  ).get(ids === undefined ? [] : [JSON.stringify(ids)]);
  return rowsOf<SummaryRow>(selected).map((row) => toSummary(row, fingerprint));
}

const COLUMNS = [
  "id",
  "uri",
  "collection",
  "title",
  "media_type",
  "content_hash",
  "indexed_at",
  "characters",
  "pages",
  "fingerprint",
];

type SummaryRow = [
  id: string,
  uri: string,
  collection: string,
  title: string,
  mediaType: string,
  contentHash: string,
  indexedAt: string,
  characters: number,
  pages: number | null,
  fingerprint: string,
  passages: number,
];

function toSummary(row: SummaryRow, fingerprint: string | undefined): DocumentSummary {
  const [id, uri, collection, title, mediaType, contentHash, indexedAt, characters, pages, made, passages] =
    row;
  return {
    id,
    uri,
    collection,
    title,
    mediaType,
    contentHash,
    indexedAt,
    passages,
    characters,
    ...(pages === null ? {} : { pages }),
    ...(fingerprint !== undefined && made !== fingerprint ? { stale: true } : {}),
  };
}
