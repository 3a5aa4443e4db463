import { setImmediate as nextTurn } from "node:timers/promises";
import type Database from "libsql";
import { dot } from "../passages/vector.js";
import { GraphCache, type IndexState } from "./graph.js";
import { type KeyFilter, LexicalSearch } from "./lexical-search.js";
import { type Owner, readState, requireOwner } from "./owner.js";
import type { Candidate, CandidateQuery } from "./store.js";
import { bytesOf, withTexts } from "./text.js";
import { decodeVector, unit, VectorMatrix } from "./vectors.js";

/**
 * Up to so many vectors an exact scan is preferred to the graph: 30,000 of 384 take 2.5 ms on one core and miss nothing (graph:
 * 1.6 ms at recall .997, and a minute to build it).
 */
export const EXACT_SCAN_LIMIT = 30_000;

export interface CandidateSearchOptions extends Owner {
  folder: string;
  /** Up to so many vectors a query scans them all. */
  exactScanLimit?: number;
}

/** Rows between two looks at the event loop: about 20 ms. */
const ROWS_PER_TURN = 2_000;

/** Finds candidates by BM25 in the database and by cosine over the vectors, which it keeps in memory. */
export class CandidateSearch {
  readonly #database: Database.Database;
  readonly #options: CandidateSearchOptions;
  readonly #matrix: VectorMatrix;
  readonly #graph: GraphCache;
  readonly #lexical: LexicalSearch;
  /** The state that the matrix is of. */
  #loaded: IndexState = { index: "", generation: 0 };
  /** The highest key that was ever in the matrix: keys only rise. */
  #newestKey = 0;
  #loading: Promise<void> | undefined;

  constructor(database: Database.Database, options: CandidateSearchOptions) {
    this.#database = database;
    this.#options = options;
    this.#matrix = new VectorMatrix(options.dimensions);
    this.#graph = new GraphCache(options.folder, options.dimensions);
    this.#lexical = new LexicalSearch(database);
  }

  /**
   * Reads most of what {@link find} needs, a part at a time, so that other work gets its turns: after opening a large index,
   * and after others have changed it. What is left is soon read.
   * @param read runs its argument in a transaction, or throws where the database has been closed
   */
  load(read: <T>(work: () => T) => T): Promise<void> {
    this.#loading ??= this.#loadInTurns(read).finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  /** See `Store.candidates`. The caller has begun a transaction. */
  find(query: CandidateQuery): Candidate[] {
    const { text, depth } = query;
    const state = this.refresh();
    const vector = unit(query.vector);
    const filter = keyFilter(query);
    const dense = this.#nearest(vector, depth, filter);
    const lexical = this.#lexical.scores(text, { also: dense, depth, filter, state });
    return this.#passages([...new Set([...dense, ...lexical.keys()])]).map((passage) => ({
      passageId: passage.id,
      documentId: passage.document_id,
      textKey: passage.text_key,
      lexical: lexical.get(passage.key) ?? 0,
      dense: cosine(vector, decodeVector(new Uint8Array(passage.vector))),
    }));
  }

  /**
   * Brings the vectors in memory in step with the database, which this or another process may have changed. The
   * caller has begun a transaction.
   * @throws WaymarkError `index-mismatch` where the index has been made anew with another model.
   */
  refresh(): IndexState {
    const state = readState(this.#database);
    if (state.generation === this.#loaded.generation) return state;
    requireOwner(this.#database, this.#options.folder, this.#options);
    while (this.#addRows() === ROWS_PER_TURN);
    const matrix = this.#matrix;
    const { count } = this.#database.prepare("SELECT count(*) AS count FROM passages").get() as {
      count: number;
    };
    if (count !== matrix.size) {
      const stored = new Set(this.#database.prepare("SELECT key FROM passages").pluck().all());
      for (const key of [...matrix.keys]) if (!stored.has(key)) matrix.remove(key);
    }
    this.#loaded = state;
    return state;
  }

  /**
   * Brings the graph in step with the vectors, which are of the state that {@link refresh} gave; see `GraphCache.update`.
   * Where all are scanned anyway there is none.
   */
  async updateGraph(
    state: IndexState,
    options: { stillCurrent: () => boolean; signal?: AbortSignal | undefined },
  ): Promise<void> {
    if (this.#isSmall) this.#graph.remove();
    else await this.#graph.update(this.#matrix, state, options);
  }

  get #isSmall(): boolean {
    return this.#matrix.size <= (this.#options.exactScanLimit ?? EXACT_SCAN_LIMIT);
  }

  async #loadInTurns(read: <T>(work: () => T) => T): Promise<void> {
    const loadMore = () => {
      if (readState(this.#database).generation === this.#loaded.generation) return false;
      requireOwner(this.#database, this.#options.folder, this.#options);
      return this.#addRows() === ROWS_PER_TURN;
    };
    while (read(loadMore)) await nextTurn();
    if (!this.#isSmall) await this.#graph.load(read(() => readState(this.#database)));
  }

  /** Adds the next rows to the matrix, and gives how many. */
  #addRows(): number {
    const rows = this.#database
      .prepare("SELECT key, vector FROM vectors WHERE key > ? ORDER BY key LIMIT ?")
      .raw()
      .iterate(this.#newestKey, ROWS_PER_TURN) as IterableIterator<[key: number, vector: ArrayBuffer]>;
    let added = 0;
    for (const [key, vector] of rows) {
      this.#matrix.add(key, new Uint8Array(vector));
      this.#newestKey = key;
      added += 1;
    }
    return added;
  }

  #nearest(query: Float32Array, depth: number, filter: KeyFilter | undefined): number[] {
    if (filter !== undefined) {
      const wanted = this.#keys(filter);
      return this.#matrix.nearest(query, depth, (key) => wanted.has(key));
    }
    const approximate = this.#isSmall ? undefined : this.#graph.nearest(query, depth, this.#loaded);
    return approximate ?? this.#matrix.nearest(query, depth);
  }

  #keys({ sql, parameters }: KeyFilter): ReadonlySet<number> {
    return new Set(this.#database.prepare(sql).pluck().all(parameters) as number[]);
  }

  #passages(keys: readonly number[]): PassageRow[] {
    const rows = this.#database
      .prepare(
        `SELECT key, text_key, ${bytesOf(...TEXTS)}, vector FROM passages JOIN vectors USING (key)
         WHERE key IN (SELECT value FROM json_each(?))`,
      )
      .all(JSON.stringify(keys));
    return rows.map((row) => withTexts<PassageRow>(row, TEXTS));
  }
}

/** The keys that a query's filter lets pass; undefined where it lets all pass. */
function keyFilter({ documentIds, collections }: CandidateQuery): KeyFilter | undefined {
  const ofDocuments = "documents.id IN (SELECT value FROM json_each(:documents))";
  const ofCollections = "collection IN (SELECT value FROM json_each(:collections))";
  const conditions = [documentIds && ofDocuments, collections && ofCollections].filter(Boolean);
  if (conditions.length === 0) return undefined;
  return {
    sql: `SELECT key FROM documents JOIN passages ON document_id = documents.id WHERE ${conditions.join(" AND ")}`,
    parameters: {
      documents: JSON.stringify(documentIds ?? []),
      collections: JSON.stringify(collections ?? []),
    },
  };
}

const TEXTS = ["id", "document_id"] as const;

interface PassageRow {
  key: number;
  id: string;
  document_id: string;
  text_key: number;
  /** See `encodeVector`. */
  vector: ArrayBuffer;
}

/** Of two unit vectors, as they are stored: those in memory are rounded. */
function cosine(a: Float32Array, b: Float32Array): number {
  return Math.min(1, Math.max(-1, dot(a, b)));
}
