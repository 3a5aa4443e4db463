import { join } from "node:path";
import Database from "libsql";

/** What an index holds, by document: all rows but the times and the keys, as one string. */
export function readIndex(index) {
  const database = new Database(join(index, "waymark.db"));
  try {
    const passages = database.prepare(
      `SELECT hex(p.id), ordinal, hex(p.body), hex(vector), hex(t.body) AS text, hex(t.headings), hex(t.title)
       FROM passages p JOIN vectors USING (key) JOIN passages_text t ON t.rowid = p.key
       WHERE document_id = CAST(? AS TEXT) ORDER BY ordinal`,
    );
    const documents = database
      .prepare(
        `SELECT CAST(id AS BLOB) AS id, hex(uri) AS uri, hex(title), hex(media_type), hex(content_hash), hex(fingerprint),
           characters, pages, hex(source) FROM documents`,
      )
      .all();
    return new Map(
      documents.map((row) => {
        const id = Buffer.from(row.id);
        return [Buffer.from(row.uri, "hex").toString(), JSON.stringify([row, id, passages.all([id])])];
      }),
    );
  } catch (error) {
    // Not to be read, or empty: it holds nothing.
    if (error instanceof Database.SqliteError) return new Map();
    throw error;
  } finally {
    database.close();
  }
}

/** True where two indexes hold the same. */
export function sameContents(a, b) {
  return a.size === b.size && [...a].every(([uri, contents]) => b.get(uri) === contents);
}
