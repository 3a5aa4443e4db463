import type Database from "libsql";
import type { SourceDocument } from "../documents/document.js";
import { WaymarkError } from "../errors.js";
import type { ModelIdentity } from "../models/model.js";
import { type Passage, unitText } from "../passages/passage.js";
import { CandidateSearch } from "./candidate-search.js";
import { deleteDatabase, explaining, openConnection } from "./connection.js";
import { claim, raiseGeneration, readSources, readState, requireOwner, writeSources } from "./owner.js";
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
import { encodeVector } from "./vectors.js";

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
  /** Up to so many vectors a query scans them all; default: `EXACT_SCAN_LIMIT`. */
  exactScanLimit?: number;
  /** Milliseconds to wait for another writer. */
  busyTimeout?: number;
}

/** Words that are common enough to be meant stand in so many passages. */
const MAX_WORD_PASSAGES = 20_000;

const BUSY_TIMEOUT = 2_000;
const UNIT_TOLERANCE = 1e-3;

/** The store on one machine: a SQLite file is the truth, the vectors in memory and the HNSW graph are derived from it. */
export class SqliteStore implements Store {
  readonly #database: Database.Database;
  readonly #options: SqliteStoreOptions;
  readonly #search: CandidateSearch;

  /**
   * Opens the index in a folder.
   * @throws WaymarkError `index-not-ready` (read-only and not there), `index-mismatch` (another model, another
   * schema), `index-damaged`, `index-locked`, `invalid-settings` (the folder cannot be used).
   */
  static open(options: SqliteStoreOptions): SqliteStore {
    const { folder, readOnly = false, rebuild = false, busyTimeout = BUSY_TIMEOUT } = options;
    const connect = () => {
      const database = openConnection({ folder, readOnly, busyTimeout, verify: rebuild });
      try {
        explaining(folder, () => {
          if (readOnly) requireOwner(database, folder, options);
          else claim(database, folder, options, rebuild);
        });
      } catch (error) {
        database.close();
        throw error;
      }
      return new SqliteStore(database, options);
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
    this.#search = new CandidateSearch(database, options);
  }

  async put(record: DocumentRecord): Promise<void> {
    this.#check(record);
    this.#write(() => {
      requireOwner(this.#database, this.#options.folder, this.#options);
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

  async candidates(query: CandidateQuery): Promise<Candidate[]> {
    this.#checkLength(query.vector);
    return this.#read(() => this.#search.find(query));
  }

  /**
   * The words of the passages in lower case, with how often each occurs; of the first {@link MAX_WORD_PASSAGES}
   * passages, so that it takes a second at most.
   */
  async words(): Promise<ReadonlyMap<string, number>> {
    return this.#read(() => {
      const counts = new Map<string, number>();
      const rows = this.#sql("SELECT body, headings, title FROM passages_text LIMIT ?").iterate(
        MAX_WORD_PASSAGES,
      );
      for (const row of rows as Iterable<{ body: string; headings: string; title: string }>) {
        for (const word of `${row.body} ${row.headings} ${row.title}`.toLowerCase().match(/\p{L}+/gu) ?? []) {
          counts.set(word, (counts.get(word) ?? 0) + 1);
        }
      }
      return counts;
    });
  }

  /** The files and folders that the index was last made from, as {@link rememberSources} was told. */
  sources(): string[] {
    return this.#read(() => readSources(this.#database));
  }

  rememberSources(paths: readonly string[]): void {
    if (JSON.stringify(this.sources()) === JSON.stringify(paths)) return;
    inTransaction(this.#database, "IMMEDIATE", () => writeSources(this.#database, paths));
  }

  async stats(): Promise<StoreStats> {
    return this.#read(() => {
      const counts = this.#sql(
        "SELECT (SELECT count(*) FROM documents) AS documents, (SELECT count(*) FROM passages) AS passages",
      ).get() as { documents: number; passages: number };
      return {
        documents: counts.documents,
        passages: counts.passages,
        generation: readState(this.#database).generation,
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
    const state = this.#read(() => this.#search.refresh());
    const stillCurrent = () =>
      this.#database.open && this.#read(() => readState(this.#database).generation) === state.generation;
    await this.#search.updateGraph(state, { stillCurrent, signal });
    if (this.#database.open) this.#database.pragma("wal_checkpoint(TRUNCATE)");
  }

  async close(): Promise<void> {
    if (this.#database.open) this.#database.close();
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
      if (change()) raiseGeneration(this.#database);
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
