import type Database from "libsql";
import { COLUMN_WEIGHTS, fullTextQuery } from "./full-text.js";
import { GraphCache, type IndexState } from "./graph.js";
import { type Owner, readState, requireOwner } from "./owner.js";
import type { Candidate, CandidateQuery } from "./store.js";
import { bytesOf, textOf } from "./text.js";
import { unit, VectorMatrix, type VectorRow } from "./vectors.js";

/**
 * Below this an exact scan is preferred to the graph: 10,000 vectors of 384 take 5 ms on one core, a tenth of what
 * the reader takes for its passages, and miss nothing; 30,000 take 20 ms (graph: 1.6 ms at recall .997).
 */
export const EXACT_SCAN_LIMIT = 10_000;

export interface CandidateSearchOptions extends Owner {
  folder: string;
  /** Up to so many vectors a query scans them all. */
  exactScanLimit?: number;
}

/** Finds candidates by BM25 in the database and by cosine over the vectors, which it keeps in memory. */
export class CandidateSearch {
  readonly #database: Database.Database;
  readonly #options: CandidateSearchOptions;
  readonly #matrix: VectorMatrix;
  readonly #graph: GraphCache;
  /** The state that the matrix is of. */
  #loaded: IndexState = { index: "", generation: 0 };
  /** The highest key that was ever in the matrix: keys only rise. */
  #newestKey = 0;

  constructor(database: Database.Database, options: CandidateSearchOptions) {
    this.#database = database;
    this.#options = options;
    this.#matrix = new VectorMatrix(options.dimensions);
    this.#graph = new GraphCache(options.folder, options.dimensions);
  }

  /** See `Store.candidates`. The caller has begun a transaction. */
  find(query: CandidateQuery): Candidate[] {
    const { text, depth } = query;
    this.refresh();
    const vector = unit(query.vector);
    const dense = this.#nearest(vector, depth, query);
    const lexical = this.#lexicalScores(text, dense, depth, query);
    return [...new Set([...dense, ...lexical.keys()])].flatMap((key) => {
      const passage = this.#matrix.passage(key);
      if (passage === undefined) return [];
      const { passageId, documentId, textKey } = passage;
      const scores = { lexical: lexical.get(key) ?? 0, dense: this.#matrix.similarity(key, vector) };
      return [{ passageId, documentId, textKey, ...scores }];
    });
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
    const matrix = this.#matrix;
    if (matrix.size > 0) {
      const stored = new Set(this.#database.prepare("SELECT key FROM passages").pluck().all());
      for (const key of [...matrix.keys]) if (!stored.has(key)) matrix.remove(key);
    }
    const added = this.#database
      .prepare(
        `SELECT key, ${bytesOf("passages.id", "document_id", "collection")}, text_key, vector
         FROM passages JOIN vectors USING (key) JOIN documents ON documents.id = document_id
         WHERE key > ? ORDER BY key`,
      )
      .raw();
    for (const row of added.iterate(this.#newestKey)) {
      const [key, id, document, collection, textKey, vector] = row as StoredVector;
      const texts = { passageId: textOf(id), documentId: textOf(document), collection: textOf(collection) };
      matrix.add({ key, textKey, ...texts }, vector);
      this.#newestKey = key;
    }
    this.#loaded = state;
    return state;
  }

  /** Brings the graph in step with the vectors, which are of the state that {@link refresh} gave; see `GraphCache.update`. */
  async updateGraph(
    state: IndexState,
    options: { stillCurrent: () => boolean; signal?: AbortSignal | undefined },
  ): Promise<void> {
    await this.#graph.update(this.#matrix, state, options);
  }

  #nearest(query: Float32Array, depth: number, filter: Filter): number[] {
    const { exactScanLimit = EXACT_SCAN_LIMIT } = this.#options;
    const wanted = passes(filter);
    if (wanted !== undefined) return this.#matrix.nearest(query, depth, wanted);
    const small = this.#matrix.size <= exactScanLimit;
    const approximate = small ? undefined : this.#graph.nearest(query, depth, this.#loaded);
    return approximate ?? this.#matrix.nearest(query, depth);
  }

  /** BM25 by key: of the best `depth`, and of `also` where a term matches. */
  #lexicalScores(
    text: string,
    also: readonly number[],
    depth: number,
    { documentIds, collections }: Filter,
  ): Map<number, number> {
    const match = fullTextQuery(text);
    if (match === undefined) return new Map();
    const { body, headings, title } = COLUMN_WEIGHTS;
    // The plus keeps SQLite from asking FTS5 row by row.
    const ofDocuments =
      "AND +rowid IN (SELECT key FROM passages WHERE document_id IN (SELECT value FROM json_each(:documents)))";
    const ofCollections =
      "AND +rowid IN (SELECT key FROM documents JOIN passages ON document_id = documents.id WHERE collection IN (SELECT value FROM json_each(:collections)))";
    const filter = `${documentIds === undefined ? "" : ofDocuments} ${collections === undefined ? "" : ofCollections}`;
    const statement = this.#database.prepare(
      `WITH hits AS MATERIALIZED (
         SELECT rowid AS key, -bm25(passages_text, ${body}, ${headings}, ${title}) AS score
         FROM passages_text WHERE passages_text MATCH :match ${filter}
       )
       SELECT key, score FROM hits WHERE key IN (SELECT value FROM json_each(:also))
       UNION SELECT * FROM (SELECT key, score FROM hits ORDER BY score DESC, key LIMIT :depth)`,
    );
    const parameters = {
      match,
      depth,
      also: JSON.stringify(also),
      documents: JSON.stringify(documentIds ?? []),
      collections: JSON.stringify(collections ?? []),
    };
    const rows = statement.all(parameters) as { key: number; score: number }[];
    return new Map(rows.map(({ key, score }) => [key, score]));
  }
}

type StoredVector = [number, Buffer, Buffer, Buffer, number, Buffer];

type Filter = Pick<CandidateQuery, "documentIds" | "collections">;

/** The test for rows that a filter makes; undefined where it lets all pass. */
function passes({ documentIds, collections }: Filter): ((row: VectorRow) => boolean) | undefined {
  if (documentIds === undefined && collections === undefined) return undefined;
  const documents = documentIds && new Set(documentIds);
  const names = collections && new Set(collections);
  return ({ documentId, collection }) =>
    documents?.has(documentId) !== false && names?.has(collection) !== false;
}
