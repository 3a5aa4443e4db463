import { createHash } from "node:crypto";
import type Database from "libsql";
import { WaymarkError } from "../errors.js";
import { type Passage, unitText } from "../passages/passage.js";
import { textKey } from "../passages/text-key.js";
import { lengthOf } from "../passages/vector.js";
import { DEFAULT_COLLECTION } from "./collection.js";
import { statement } from "./statement.js";
import { reached } from "./steps.js";
import type { DocumentRecord } from "./store.js";
import { encodeVector } from "./vectors.js";

/** How far from 1 the length of a vector may be. */
const UNIT_TOLERANCE = 1e-3;

/**
 * Refuses a record whose vectors are not one unit vector a passage.
 * @throws WaymarkError `invalid-input`
 */
export function checkRecord(
  { document, passages, vectors, tokens }: DocumentRecord,
  dimensions: number,
): void {
  if (passages.length !== vectors.length) {
    throw new WaymarkError(
      "invalid-input",
      `${document.uri} has ${passages.length} passages but ${vectors.length} vectors.`,
    );
  }
  if (tokens !== undefined && tokens.length !== passages.length) {
    throw new WaymarkError(
      "invalid-input",
      `${document.uri} has ${passages.length} passages but token vectors of ${tokens.length}.`,
    );
  }
  for (const vector of vectors) {
    checkVector(vector, dimensions);
    if (!isUnit(vector)) {
      const norm = lengthOf(vector);
      throw new WaymarkError("invalid-input", `A vector of ${document.uri} has the length ${norm}, not 1.`);
    }
  }
}

/** @throws WaymarkError `invalid-input` where a vector has another length or numbers that are not finite. */
export function checkVector(vector: Float32Array, dimensions: number): void {
  if (vector.length === dimensions && Number.isFinite(lengthOf(vector))) return;
  throw new WaymarkError(
    "invalid-input",
    `A vector of ${dimensions} finite numbers is wanted; this one has ${vector.length}.`,
  );
}

/** True for a vector of length 1, as all that are stored are. */
export function isUnit(vector: Float32Array): boolean {
  return Math.abs(lengthOf(vector) - 1) < UNIT_TOLERANCE;
}

/** Writes a record into all tables. The caller has begun a transaction and deleted what was there before. */
export function insertRecord(database: Database.Database, record: DocumentRecord, fingerprint: string): void {
  const { document, contentHash, indexedAt, passages, vectors, tokens } = record;
  const { collection = DEFAULT_COLLECTION } = record;
  const source = JSON.stringify(document);
  const rows = passages.map((passage, index) => ({
    passage,
    body: JSON.stringify(passage),
    vector: encodeVector(vectors[index] as Float32Array),
    tokens: tokens?.[index],
  }));
  statement(database, "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)").run(
    document.id,
    document.uri,
    document.title,
    document.mediaType,
    contentHash,
    fingerprint,
    indexedAt,
    document.text.length,
    document.pages.at(-1)?.value ?? null,
    source,
    recordChecksum(source, rows, collection),
    collection,
  );
  reached("put: the document is inserted");
  const insertPassage = statement(
    database,

    "INSERT INTO passages (id, document_id, ordinal, body, text_key) VALUES (?, ?, ?, ?, ?)",
  );
  const insertVector = statement(database, "INSERT INTO vectors VALUES (?, ?)");
  const insertTokens = statement(database, "INSERT INTO token_vectors VALUES (?, ?)");
  const insertText = statement(
    database,

    "INSERT INTO passages_text (rowid, body, headings, title) VALUES (?, ?, ?, ?)",
  );
  for (const { passage, body, vector, tokens } of rows) {
    const { id, ordinal } = passage;
    const key = insertPassage.run(id, document.id, ordinal, body, textKey(passage)).lastInsertRowid;
    reached("put: a passage is inserted");
    insertVector.run(key, vector);
    reached("put: its vector is inserted");
    if (tokens !== undefined) insertTokens.run(key, tokens);
    const text = searchedText(passage, document.title);
    insertText.run(key, text.body, text.headings, text.title);
  }
  reached("put: all is inserted");
}

/** What the full-text index holds of a passage. */
export function searchedText(
  passage: Passage,
  title: string,
): { body: string; headings: string; title: string } {
  const body = [passage.leadIn ?? "", ...passage.units.map(unitText)].join("\n");
  return { body, headings: passage.headings.join("\n"), title };
}

/**
 * SHA-256 (hex) over what a document's rows hold: the source and, in order, each passage and its vectors. SQLite has no
 * checksums of its own, so a bit that flips in a text or a vector would go unnoticed without it. The default collection
 * is not in the sum: so the sums of indexes that are older than collections still hold.
 */
export function recordChecksum(
  source: string,
  rows: Iterable<{ body: string; vector: Uint8Array; tokens?: Uint8Array | undefined }>,
  collection: string,
): string {
  const hash = createHash("sha256").update(source);
  if (collection !== DEFAULT_COLLECTION) hash.update("\0").update(collection);
  for (const { body, vector, tokens } of rows) {
    hash.update("\0").update(body).update("\0").update(vector);
    if (tokens !== undefined) hash.update("\0").update(tokens);
  }
  return hash.digest("hex");
}
