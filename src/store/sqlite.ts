import type Database from "libsql";
import type { SourceDocument } from "../documents/document.js";
import { WaymarkError } from "../errors.js";
import type { ModelIdentity } from "../models/model.js";
import { type Passage, unitText } from "../passages/passage.js";
import { deleteDatabase, explaining, openConnection } from "./connection.js";
import { COLUMN_WEIGHTS, fullTextQuery } from "./full-text.js";
import { GraphCache, type IndexState } from "./graph.js";
import { SCHEMA_VERSION } from "./schema.js";
import type {
  Candidate,
  CandidateQuery,
  DocumentRecord,
  DocumentSummary,
  Store,
  StoreStats,
} from "./store.js";
import { inTransaction } from "./transaction.js";
import { encodeVector, unit, VectorMatrix } from "./vectors.js";

export interface SqliteStoreOptions {
  /** The index folder; made where it is not there. */
  folder: string;
  /** What makes the vectors. An index made by another model is refused. */
  embedder: ModelIdentity;
  /** Length of a vector. */
  dimensions: number;
  /** What made the passages; documents stored under another one are reported as stale. */
  fingerprint?: string;
  /** Refuse to write, and to open what is not there. */
  readOnly?: boolean;
  /** Start empty where the index is damaged or was made by another model, instead of refusing it. */
  rebuild?: boolean;
  /** Up to so many vectors a query scans them all; see {@link EXACT_SCAN_LIMIT}. */
  exactScanLimit?: number;
  /** Milliseconds to wait for another writer. */
  busyTimeout?: number;
}

/**
 * Below this an exact scan is preferred to the graph: 10,000 vectors of 384 take 5 ms on one core, a tenth of what
 * the reader takes for its passages, and miss nothing; 30,000 take 20 ms (graph: 1.6 ms at recall .997).
 */
export const EXACT_SCAN_LIMIT = 10_000;

const BUSY_TIMEOUT = 2_000;
const UNIT_TOLERANCE = 1e-3;

/** The store on one machine: a SQLite file is the truth, the vectors in memory and the HNSW graph are derived from it. */
export class SqliteStore implements Store {
  readonly #database: Database.Database;
  readonly #options: SqliteStoreOptions;
  readonly #graph: GraphCache;
  readonly #matrix: VectorMatrix;
  /** The state that the matrix is of. */
  #loaded: IndexState = { index: "", generation: 0 };
  /** The highest key that was ever in the matrix: keys only rise. */
  #newestKey = 0;

  /**
   * Opens the index in a folder.
   * @throws WaymarkError `index-not-ready` (read-only and not there), `index-mismatch` (another model, another
   * schema), `index-damaged`, `index-locked`, `invalid-settings` (the folder cannot be used).
   */
  static open(options: SqliteStoreOptions): SqliteStore {
    const { folder, readOnly = false, rebuild = false, busyTimeout = BUSY_TIMEOUT } = options;
    const connect = () => {
      const store = new SqliteStore(
        openConnection({ folder, readOnly, busyTimeout, verify: rebuild }),
        options,
      );
      try {
        explaining(folder, () => store.#claim());
        return store;
      } catch (error) {
        store.#database.close();
        throw error;
      }
    };
    try {
      return connect();
    } catch (error) {
      if (!rebuild || readOnly || !WaymarkError.isInstance(error) || error.code !== "index-damaged")
        throw error;
      deleteDatabase(folder);
      return connect();
    }
  }

  private constructor(database: Database.Database, options: SqliteStoreOptions) {
    this.#database = database;
    this.#options = options;
    this.#graph = new GraphCache(options.folder, options.dimensions);
    this.#matrix = new VectorMatrix(options.dimensions);
  }

  async put(record: DocumentRecord): Promise<void> {
    this.#check(record);
    this.#write(() => {
      this.#requireOwner();
      this.#sql("DELETE FROM documents WHERE id = ?").run(record.document.id);
      this.#insert(record);
      return true;
    });
  }

  async remove(documentId: string): Promise<void> {
    this.#write(() => this.#sql("DELETE FROM documents WHERE id = ?").run(documentId).changes > 0);
  }

  async documents(ids?: readonly string[]): Promise<DocumentSummary[]> {
    return this.#read(() => {
      const rows = this.#sql(
        `SELECT d.*, (SELECT count(*) FROM passages WHERE document_id = d.id) AS passages
         FROM (SELECT id, uri, title, media_type, content_hash, fingerprint, indexed_at, characters, pages FROM documents) d
         WHERE ?1 IS NULL OR id IN (SELECT value FROM json_each(?1)) ORDER BY uri`,
      ).all([ids === undefined ? null : JSON.stringify(ids)]) as SummaryRow[];
      return rows.map((row) => toSummary(row, this.#options.fingerprint));
    });
  }

  async document(id: string): Promise<SourceDocument | undefined> {
    return this.#read(() => {
      const row = this.#sql("SELECT source FROM documents WHERE id = ?").get(id) as
        | { source: string }
        | undefined;
      return row === undefined ? undefined : (JSON.parse(row.source) as SourceDocument);
    });
  }

  async passages(ids: readonly string[]): Promise<Passage[]> {
    return this.#read(() => {
      const rows = this.#sql(
        "SELECT body FROM json_each(?) AS wanted JOIN passages ON passages.id = wanted.value ORDER BY wanted.key",
      ).all(JSON.stringify(ids)) as { body: string }[];
      return rows.map(({ body }) => JSON.parse(body) as Passage);
    });
  }

  async passagesOf(documentId: string): Promise<Passage[]> {
    return this.#read(() => {
      const statement = this.#sql("SELECT body FROM passages WHERE document_id = ? ORDER BY ordinal");
      return (statement.all(documentId) as { body: string }[]).map(({ body }) => JSON.parse(body) as Passage);
    });
  }

  async candidates({ text, vector, depth, documentIds }: CandidateQuery): Promise<Candidate[]> {
    this.#checkLength(vector);
    return this.#read(() => {
      this.#refresh();
      const query = unit(vector);
      const dense = this.#nearest(query, depth, documentIds);
      const lexical = this.#lexicalScores(text, dense, depth, documentIds);
      return [...new Set([...dense, ...lexical.keys()])].flatMap((key) => {
        const passage = this.#matrix.passage(key);
        if (passage === undefined) return [];
        const { passageId, documentId } = passage;
        const scores = { lexical: lexical.get(key) ?? 0, dense: this.#matrix.similarity(key, query) };
        return [{ passageId, documentId, ...scores }];
      });
    });
  }

  async stats(): Promise<StoreStats> {
    return this.#read(() => {
      const counts = this.#sql(
        "SELECT (SELECT count(*) FROM documents) AS documents, (SELECT count(*) FROM passages) AS passages",
      ).get() as { documents: number; passages: number };
      return {
        documents: counts.documents,
        passages: counts.passages,
        generation: this.#state().generation,
        schemaVersion: SCHEMA_VERSION,
        embedder: this.#options.embedder,
      };
    });
  }

  /**
   * Brings the graph's file in step with the vectors and folds the write-ahead log into the database: after a run of
   * changes. Until then queries scan exactly. Changes made meanwhile leave the graph for the next call.
   */
  async optimize({ signal }: { signal?: AbortSignal } = {}): Promise<void> {
    if (this.#options.readOnly === true) return;
    const state = this.#read(() => this.#refresh());
    const stillCurrent = () =>
      this.#database.open && this.#read(() => this.#state().generation) === state.generation;
    await this.#graph.update(this.#matrix, state, { stillCurrent, signal });
    if (this.#database.open) this.#database.pragma("wal_checkpoint(TRUNCATE)");
  }

  async close(): Promise<void> {
    if (this.#database.open) this.#database.close();
  }

  /** Takes the index for this embedder, or refuses it. */
  #claim(): void {
    const owner = this.#setting("embedder");
    if (owner === this.#identity()) return;
    if (this.#options.readOnly === true) {
      if (owner !== undefined) throw this.#otherEmbedder(owner);
      return;
    }
    this.#write(() => {
      const others = this.#setting("embedder");
      if (others === this.#identity()) return false;
      const { count } = this.#sql("SELECT count(*) AS count FROM passages").get() as { count: number };
      if (others !== undefined && count > 0 && this.#options.rebuild !== true)
        throw this.#otherEmbedder(others);
      this.#sql("DELETE FROM documents").run();
      this.#sql("REPLACE INTO settings VALUES ('embedder', ?)").run(this.#identity());
      return count > 0;
    });
  }

  /** Another process may have made the index anew with another model since it was opened here. */
  #requireOwner(): void {
    const owner = this.#setting("embedder");
    if (owner !== undefined && owner !== this.#identity()) throw this.#otherEmbedder(owner);
  }

  #identity(): string {
    const { name, checksum } = this.#options.embedder;
    return JSON.stringify({ name, checksum, dimensions: this.#options.dimensions });
  }

  #otherEmbedder(owner: string): WaymarkError {
    const { name } = JSON.parse(owner) as ModelIdentity;
    const { folder, embedder } = this.#options;
    const made = name === embedder.name ? `another version of ${name}` : name;
    return new WaymarkError(
      "index-mismatch",
      `The index in ${folder} was made with the embedder ${made}; the settings name ${embedder.name}.`,
      { hint: "Make it again with `waymark ingest --rebuild`, or use another folder with --index." },
    );
  }

  #check({ document, passages, vectors }: DocumentRecord): void {
    if (passages.length !== vectors.length) {
      throw new WaymarkError(
        "invalid-input",
        `${document.uri} has ${passages.length} passages but ${vectors.length} vectors.`,
      );
    }
    for (const vector of vectors) {
      this.#checkLength(vector);
      const norm = Math.hypot(...vector);
      if (!(Math.abs(norm - 1) < UNIT_TOLERANCE)) {
        throw new WaymarkError("invalid-input", `A vector of ${document.uri} has the length ${norm}, not 1.`);
      }
    }
  }

  #checkLength(vector: Float32Array): void {
    const { dimensions } = this.#options;
    if (vector.length === dimensions && vector.every(Number.isFinite)) return;
    throw new WaymarkError(
      "invalid-input",
      `A vector of ${dimensions} finite numbers is wanted; this one has ${vector.length}.`,
    );
  }

  #insert({ document, contentHash, indexedAt, passages, vectors }: DocumentRecord): void {
    this.#sql("INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)").run(
      document.id,
      document.uri,
      document.title,
      document.mediaType,
      contentHash,
      this.#options.fingerprint ?? "",
      indexedAt,
      document.text.length,
      document.pages.at(-1)?.value ?? null,
      JSON.stringify(document),
    );
    const insertPassage = this.#sql(
      "INSERT INTO passages (id, document_id, ordinal, body) VALUES (?, ?, ?, ?)",
    );
    const insertVector = this.#sql("INSERT INTO vectors VALUES (?, ?)");
    const insertText = this.#sql(
      "INSERT INTO passages_text (rowid, body, headings, title) VALUES (?, ?, ?, ?)",
    );
    passages.forEach((passage, index) => {
      const { id, ordinal } = passage;
      const key = insertPassage.run(id, document.id, ordinal, JSON.stringify(passage)).lastInsertRowid;
      insertVector.run(key, encodeVector(vectors[index] as Float32Array));
      const body = [passage.leadIn ?? "", ...passage.units.map(unitText)].join("\n");
      insertText.run(key, body, passage.headings.join("\n"), document.title);
    });
  }

  #nearest(query: Float32Array, depth: number, documentIds?: readonly string[]): number[] {
    const { exactScanLimit = EXACT_SCAN_LIMIT } = this.#options;
    if (documentIds !== undefined) return this.#matrix.nearest(query, depth, new Set(documentIds));
    const small = this.#matrix.size <= exactScanLimit;
    const approximate = small ? undefined : this.#graph.nearest(query, depth, this.#loaded);
    return approximate ?? this.#matrix.nearest(query, depth);
  }

  /** BM25 by key: of the best `depth`, and of `also` where a term matches. */
  #lexicalScores(
    text: string,
    also: readonly number[],
    depth: number,
    documentIds?: readonly string[],
  ): Map<number, number> {
    const match = fullTextQuery(text);
    if (match === undefined) return new Map();
    const { body, headings, title } = COLUMN_WEIGHTS;
    // The plus keeps SQLite from asking FTS5 row by row.
    const filter =
      "AND +rowid IN (SELECT key FROM passages WHERE document_id IN (SELECT value FROM json_each(:documents)))";
    const rows = this.#sql(
      `WITH hits AS MATERIALIZED (
         SELECT rowid AS key, -bm25(passages_text, ${body}, ${headings}, ${title}) AS score
         FROM passages_text WHERE passages_text MATCH :match ${documentIds === undefined ? "" : filter}
       )
       SELECT key, score FROM hits WHERE key IN (SELECT value FROM json_each(:also))
       UNION SELECT * FROM (SELECT key, score FROM hits ORDER BY score DESC, key LIMIT :depth)`,
    ).all({ match, depth, also: JSON.stringify(also), documents: JSON.stringify(documentIds ?? []) });
    return new Map((rows as { key: number; score: number }[]).map(({ key, score }) => [key, score]));
  }

  /** Brings the vectors in memory in step with the database, which this or another process may have changed. */
  #refresh(): IndexState {
    const state = this.#state();
    if (state.generation === this.#loaded.generation) return state;
    this.#requireOwner();
    const matrix = this.#matrix;
    if (matrix.size > 0) {
      const stored = new Set(this.#sql("SELECT key FROM passages").pluck().all());
      for (const key of [...matrix.keys]) if (!stored.has(key)) matrix.remove(key);
    }
    const added = this.#sql(
      `SELECT key, id, document_id, vector FROM passages JOIN vectors USING (key) WHERE key > ? ORDER BY key`,
    ).raw();
    for (const row of added.iterate(this.#newestKey)) {
      const [key, passageId, documentId, vector] = row as [number, string, string, Buffer];
      matrix.add({ key, passageId, documentId }, vector);
      this.#newestKey = key;
    }
    this.#loaded = state;
    return state;
  }

  #state(): IndexState {
    return { index: this.#setting("index") ?? "", generation: Number(this.#setting("generation") ?? 0) };
  }

  #setting(name: string): string | undefined {
    const row = this.#sql("SELECT value FROM settings WHERE name = ?").get(name) as
      | { value: string }
      | undefined;
    return row?.value;
  }

  #sql(text: string): Database.Statement {
    return this.#database.prepare(text);
  }

  /** One snapshot for all that `work` reads. */
  #read<T>(work: () => T): T {
    return explaining(this.#options.folder, () => inTransaction(this.#database, "DEFERRED", work));
  }

  /** One transaction; the generation rises where `change` says that something changed. */
  #write(change: () => boolean): void {
    const { folder, readOnly } = this.#options;
    if (readOnly === true) {
      throw new WaymarkError("invalid-input", `The index in ${folder} was opened for reading only.`);
    }
    const raise = () => {
      if (!change()) return;
      this.#sql("UPDATE settings SET value = value + 1 WHERE name = 'generation'").run();
    };
    explaining(folder, () => inTransaction(this.#database, "IMMEDIATE", raise));
  }
}

interface SummaryRow {
  id: string;
  uri: string;
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
