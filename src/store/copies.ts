import type Database from "libsql";
import type { Passage } from "../passages/passage.js";
import type { CopiesOptions } from "./store.js";
import { bytesOf, textOf } from "./text.js";

/** See `Store.copies`. The caller has begun a transaction. */
export function readCopies(
  database: Database.Database,
  ids: readonly string[],
  { limit, documentIds, collections }: CopiesOptions,
): Map<string, Passage[]> {
  const ofDocuments = "AND documents.id IN (SELECT value FROM json_each(:documents))";
  const ofCollections = "AND collection IN (SELECT value FROM json_each(:collections))";
  const others = database.prepare(
    `SELECT ${bytesOf("other.body")}
     FROM passages AS this JOIN passages AS other USING (text_key) JOIN documents ON documents.id = other.document_id
     WHERE this.id = :id AND other.key <> this.key
       ${documentIds === undefined ? "" : ofDocuments} ${collections === undefined ? "" : ofCollections}
     ORDER BY other.key LIMIT :limit`,
  );
  const filter = {
    documents: JSON.stringify(documentIds ?? []),
    collections: JSON.stringify(collections ?? []),
  };
  const copies = new Map<string, Passage[]>();
  for (const id of ids) {
    const rows = others.all({ id, limit, ...filter }) as { body: ArrayBuffer }[];
    if (rows.length === 0) continue;
    copies.set(
      id,
      rows.map(({ body }) => JSON.parse(textOf(body)) as Passage),
    );
  }
  return copies;
}
