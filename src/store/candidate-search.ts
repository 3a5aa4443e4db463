import { setImmediate as nextTurn } from "node:timers/promises";
import type Database from "libsql";
import { dot } from "../passages/vector.js";
import { GraphCache, type IndexState, sameState } from "./graph.js";
import { type KeyFilter, type LexicalMatches, LexicalSearch } from "./lexical-search.js";
import { type Owner, readState, requireOwner } from "./owner.js";
import { statement } from "./statement.js";
import type { Candidate, CandidateQuery } from "./store.js";
import { allRows, DamagedText, rowsOf } from "./text.js";
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

/** What was found for a query's words alone. */
export interface WordMatches {
  /** The state of the index that it was found in. */
  state: IndexState;
  lexical: LexicalMatches;
  /** The best, by key. */
  passages: ReadonlyMap<number, StoredPassage>;
}

interface StoredPassage extends Pick<Candidate, "passageId" | "documentId" | "textKey"> {
  vector: Float32Array;
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

  /** What can be looked for before a query's vector is there. The caller has begun a transaction. */
  matchWords(query: Omit<CandidateQuery, "vector">): WordMatches {
    const { text, depth } = query;
    const state = this.refresh();
    const lexical = this.#lexical.find({ text, depth, filter: keyFilter(query), state });
    return { state, lexical, passages: this.#passages(lexical.best) };
  }

  /**
   * See `Store.candidates`. The caller has begun a transaction.
   * @param matches of the same query; where the index has changed since, they are looked for anew
   */
  find(query: CandidateQuery & { vector: Float32Array }, matches: WordMatches): Candidate[] {
    const current = sameState(matches.state, this.refresh()) ? matches : this.matchWords(query);
    const vector = unit(query.vector);
    const dense = this.#nearest(vector, query.depth, keyFilter(query));
    const scores = this.#lexical.scores(current.lexical, dense);
    const others = this.#passages(dense.filter((key) => !current.passages.has(key)));
    return [...current.passages, ...others].map(([key, { vector: stored, ...passage }]) => ({
      ...passage,
      lexical: scores.get(key) ?? 0,
      dense: cosine(vector, stored),
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
    if (this.#count() !== matrix.size) {
      const stored = this.#keys({ sql: "SELECT key FROM passages", parameters: {} });
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
    if (this.#matrix.size === 0) this.#matrix.reserve(read(() => this.#count()));
    while (read(loadMore)) await nextTurn();
    if (!this.#isSmall) await this.#graph.load(read(() => readState(this.#database)));
  }

  /** Passages in the database. */
  #count(): number {
    const counted = statement(this.#database, "SELECT count(*) AS count FROM passages").get();
    return (counted as { count: number }).count;
  }

  /** Adds the next rows to the matrix, and gives how many. */
  #addRows(): number {
    const selected = statement(
      this.#database,
      `SELECT ${allRows("key")}, ${ALL_VECTORS} FROM (SELECT key, vector FROM vectors WHERE key > ? ORDER BY key LIMIT ?)`,
    ).get(this.#newestKey, ROWS_PER_TURN);
    const keys = rowsOf<[key: number]>(selected);
    const vectors = this.#vectorsOf(selected, keys.length);
    for (const [index, [key]] of keys.entries()) {
      this.#matrix.add(key, vectors[index] as Uint8Array);
      this.#newestKey = key;
    }
    return keys.length;
  }

  /** By key. */
  #passages(keys: readonly number[]): Map<number, StoredPassage> {
    const selected = statement(
      this.#database,
      `SELECT ${allRows("key", "text_key", "id", "document_id")}, ${ALL_VECTORS} FROM passages JOIN vectors USING (key)
       WHERE key IN (SELECT value FROM json_each(?))`,
    ).get(JSON.stringify(keys));
    const rows = rowsOf<[key: number, textKey: number, passageId: string, documentId: string]>(selected);
    const vectors = this.#vectorsOf(selected, rows.length);
    return new Map(
      rows.map(([key, textKey, passageId, documentId], index) => [
        key,
        { passageId, documentId, textKey, vector: decodeVector(vectors[index] as Uint8Array) },
      ]),
    );
  }

  #nearest(query: Float32Array, depth: number, filter: KeyFilter | undefined): number[] {
    if (filter !== undefined) {
      const wanted = this.#keys(filter);
      return this.#matrix.nearest(query, depth, (key) => wanted.has(key));
    }
    const approximate = this.#isSmall
      ? undefined
      : this.#graph.nearest(query, depth, this.#matrix, this.#loaded);
    return approximate ?? this.#matrix.nearest(query, depth);
  }

  #keys({ sql, parameters }: KeyFilter): ReadonlySet<number> {
    const selected = statement(this.#database, `SELECT ${allRows("key")} FROM (${sql})`).get(parameters);
    return new Set(rowsOf<[key: number]>(selected).map(([key]) => key));
  }

  /** The {@link ALL_VECTORS} of so many rows, each by itself. */
  #vectorsOf(selected: unknown, rows: number): Uint8Array[] {
    const { vectors } = selected as { vectors: ArrayBuffer | null };
    const all = new Uint8Array(vectors ?? []);
    const length = this.#options.dimensions * Float32Array.BYTES_PER_ELEMENT;
    if (all.length !== rows * length)
      throw new DamagedText("The vectors in the database are not as long as they should be");
    return Array.from({ length: rows }, (_, row) => all.subarray(row * length, (row + 1) * length));
  }
}

/** The keys that a query's filter lets pass; undefined where it lets all pass. */
function keyFilter({ documentIds, collections }: Omit<CandidateQuery, "vector">): KeyFilter | undefined {
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

/** The vectors of all rows in one value, one after another: the cast leaves a blob's bytes as they are. */
const ALL_VECTORS = "CAST(group_concat(vector, '') AS BLOB) AS vectors";

/** Of two unit vectors, as they are stored: those in memory are rounded. */
function cosine(a: Float32Array, b: Float32Array): number {
  return Math.min(1, Math.max(-1, dot(a, b)));
}
