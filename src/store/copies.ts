import type Database from "libsql";
import type { Passage } from "../passages/passage.js";
import { statement } from "./statement.js";
import type { CopiesOptions } from "./store.js";
import { allRows, bytesOf, rowsOf, textOf } from "./text.js";

/** See `Store.copies`. The caller has begun a transaction. */
export function readCopies(
  database: Database.Database,
  ids: readonly string[],
  { limit, documentIds, collections }: CopiesOptions,
): Map<string, Passage[]> {
  const ofDocuments = "AND documents.id IN (SELECT value FROM json_each(:documents))";
  const ofCollections = "AND collection IN (SELECT value FROM json_each(:collections))";
  const others = statement(
    database,
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
  for (const id of withCopies(database, ids)) {
    const rows = others.all({ id, limit, ...filter }) as { body: ArrayBuffer }[];
    if (rows.length === 0) continue;
    copies.set(
      id,
      rows.map(({ body }) => JSON.parse(textOf(body)) as Passage),
    );
  }
  return copies;
}

/** Those that have any copies: of most passages there are none. */
function withCopies(database: Database.Database, ids: readonly string[]): string[] {
  const found = statement(
    database,
    `SELECT ${allRows("wanted.value")} FROM json_each(?) AS wanted JOIN passages AS this ON this.id = wanted.value
     WHERE EXISTS (SELECT 1 FROM passages AS other WHERE other.text_key = this.text_key AND other.key <> this.key)`,
  ).get(JSON.stringify(ids));
  return rowsOf<[id: string]>(found).map(([id]) => id);
}
