import { rmSync } from "node:fs";
import type Database from "libsql";
import type { SourceDocument } from "../documents/document.js";
import { WaymarkError } from "../errors.js";
import type { ModelIdentity } from "../models/model.js";
import type { Passage } from "../passages/passage.js";
import { CandidateSearch, type WordMatches } from "./candidate-search.js";
import { deleteDatabase, explaining, openConnection } from "./connection.js";
import { readCopies } from "./copies.js";
import { abandonedGraphFiles } from "./graph-file.js";
import { mergeWords } from "./merge-words.js";
import {
  claim,
  raiseGeneration,
  readGeneration,
  readSources,
  readState,
  requireOwner,
  writeSources,
} from "./owner.js";
import { readRecord, readVersions } from "./read-record.js";
import { checkRecord, checkVector, insertRecord } from "./records.js";
import { salvageSources } from "./salvage.js";
import { SCHEMA_VERSION } from "./schema.js";
import { statement } from "./statement.js";
import { reached } from "./steps.js";
import type {
  Candidate,
  CandidateQuery,
  CollectionSource,
  CopiesOptions,
  DocumentRecord,
  DocumentSummary,
  DocumentVersion,
  Store,
  StoreStats,
} from "./store.js";
import { readSummaries } from "./summaries.js";
import { bytesOf, textOf } from "./text.js";
import { inTransaction } from "./transaction.js";
import { WordCounts } from "./words.js";
import { lockForWriting } from "./writer-lock.js";

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

const BUSY_TIMEOUT = 2_000;

/** The store on one machine: a SQLite file is the truth, the vectors in memory and the HNSW graph are derived from it. */
export class SqliteStore implements Store {
  readonly #database: Database.Database;
  readonly #options: SqliteStoreOptions;
  readonly #search: CandidateSearch;
  readonly #words: WordCounts;

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
      const sources = salvageSources(folder);
      deleteDatabase(folder);
      const store = connect();
      if (sources.length > 0)
        inTransaction(store.#database, "IMMEDIATE", () => writeSources(store.#database, sources));
      return store;
    }
  }

  private constructor(database: Database.Database, options: SqliteStoreOptions) {
    this.#database = database;
    this.#options = options;
    this.#search = new CandidateSearch(database, options);
    this.#words = new WordCounts(database);
  }

  put(record: DocumentRecord): Promise<void> {
    return this.putMany([record]);
  }

  /** In one transaction: all of them or none. */
  async putMany(records: readonly DocumentRecord[]): Promise<void> {
    for (const record of records) checkRecord(record, this.#options.dimensions);
    this.#write(() => {
      requireOwner(this.#database, this.#options.folder, this.#options);
      // First all of these: with each, FTS5 writes down what it was given until then, in a piece of its own.
      for (const { document } of records) {
        this.#sql("DELETE FROM documents WHERE id = ?").run(document.id);
        reached("put: the earlier version is deleted");
      }
      for (const record of records) insertRecord(this.#database, record, this.#options.fingerprint ?? "");
      return records.length > 0;
    });
    reached("put: committed");
  }

  async remove(documentId: string): Promise<void> {
    this.#write(() => {
      const { changes } = this.#sql("DELETE FROM documents WHERE id = ?").run(documentId);
      reached("remove: deleted");
      return changes > 0;
    });
    reached("remove: committed");
  }

  /** See {@link lockForWriting}. */
  async lockForWriting(): Promise<() => Promise<void>> {
    const { folder } = this.#options;
    const unlock = lockForWriting(folder);
    for (const path of abandonedGraphFiles(folder)) rmSync(path, { force: true });
    return async () => unlock();
  }

  async documents(ids?: readonly string[]): Promise<DocumentSummary[]> {
    return this.#read(() => readSummaries(this.#database, ids, this.#options.fingerprint));
  }

  async document(id: string): Promise<SourceDocument | undefined> {
    return this.#read(() => {
      const [source] = this.#bodies(`SELECT ${bytesOf("source")} FROM documents WHERE id = ?`, id);
      return source as SourceDocument | undefined;
    });
  }

  async versions(known: ReadonlyMap<string, string | undefined>): Promise<Map<string, DocumentVersion>> {
    return this.#read(() => readVersions(this.#database, known));
  }

  async record(id: string): Promise<DocumentRecord | undefined> {
    return this.#read(() => readRecord(this.#database, id));
  }

  async passages(ids: readonly string[]): Promise<Passage[]> {
    return this.#read(() => {
      const joined =
        "FROM json_each(?) AS wanted JOIN passages ON passages.id = wanted.value ORDER BY wanted.key";
      return this.#bodies(`SELECT ${bytesOf("body")} ${joined}`, JSON.stringify(ids)) as Passage[];
    });
  }

  async tokenVectors(ids: readonly string[]): Promise<Map<string, Uint8Array>> {
    return this.#read(() => {
      const rows = this.#sql(
        `SELECT wanted.value AS id, tokens FROM json_each(?) AS wanted JOIN passages ON passages.id = wanted.value
         JOIN token_vectors ON token_vectors.key = passages.key`,
      ).all(JSON.stringify(ids)) as { id: string; tokens: ArrayBuffer }[];
      return new Map(rows.map(({ id, tokens }) => [id, new Uint8Array(tokens)]));
    });
  }

  async copies(ids: readonly string[], options: CopiesOptions): Promise<Map<string, Passage[]>> {
    return this.#read(() => readCopies(this.#database, ids, options));
  }

  async passagesOf(documentId: string): Promise<Passage[]> {
    return this.#read(() => {
      const query = `SELECT ${bytesOf("body")} FROM passages WHERE document_id = ? ORDER BY ordinal`;
      return this.#bodies(query, documentId) as Passage[];
    });
  }

  async candidates(query: CandidateQuery): Promise<Candidate[]> {
    const [vector, matches] = await Promise.all([query.vector, this.#matchWords(query)]);
    checkVector(vector, this.#options.dimensions);
    return this.#read(() => this.#search.find({ ...query, vector }, matches));
  }

  async #matchWords(query: CandidateQuery): Promise<WordMatches> {
    await this.#search.load((work) => this.#read(work));
    return this.#read(() => this.#search.matchWords(query));
  }

  /** See {@link WordCounts}. */
  words(): Promise<ReadonlyMap<string, number>> {
    return this.#words.read((work) => this.#read(work));
  }

  async sources(): Promise<CollectionSource[]> {
    return this.#read(() => readSources(this.#database));
  }

  async rememberSources(sources: readonly CollectionSource[]): Promise<void> {
    if (JSON.stringify(await this.sources()) === JSON.stringify(sources)) return;
    inTransaction(this.#database, "IMMEDIATE", () => writeSources(this.#database, sources));
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

  async generation(): Promise<number> {
    return this.#read(() => readGeneration(this.#database));
  }

  /**
   * Brings the graph's file in step with the vectors, merges the full-text index where much has come, and folds the
   * write-ahead log into the database: after a run of changes. Until then queries scan exactly. What changes meanwhile, or
   * another writer, leaves for the next call.
   */
  async optimize({ signal }: { signal?: AbortSignal } = {}): Promise<void> {
    if (this.#options.readOnly === true) return;
    await this.#search.load((work) => this.#read(work));
    const state = this.#read(() => this.#search.refresh());
    const stillCurrent = () =>
      this.#database.open && this.#read(() => readState(this.#database).generation) === state.generation;
    await this.#search.updateGraph(state, { stillCurrent, signal });
    await mergeWords(this.#database, (work) =>
      this.#database.open && signal?.aborted !== true ? this.#unlessLocked(work) : undefined,
    );
    if (this.#database.open) this.#database.pragma("wal_checkpoint(TRUNCATE)");
    reached("optimize: the log is folded in");
  }

  async close(): Promise<void> {
    if (this.#database.open) this.#database.close();
  }

  /** The JSON in the one column that a query selects as bytes. */
  #bodies(query: string, parameter: string): unknown[] {
    const rows = this.#sql(query).raw().all(parameter) as [ArrayBuffer][];
    return rows.map(([bytes]) => JSON.parse(textOf(bytes)));
  }

  #sql(text: string): Database.Statement {
    return statement(this.#database, text);
  }

  /** One snapshot for all that `work` reads. */
  #read<T>(work: () => T): T {
    return explaining(this.#options.folder, () => inTransaction(this.#database, "DEFERRED", work));
  }

  /** Undefined where another process is writing. */
  #unlessLocked<T>(work: () => T): T | undefined {
    try {
      return explaining(this.#options.folder, work);
    } catch (error) {
      if (WaymarkError.isInstance(error) && error.code === "index-locked") return undefined;
      throw error;
    }
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
