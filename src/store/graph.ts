import { setImmediate as nextTurn } from "node:timers/promises";
import {
  type GraphHeader,
  readGraph,
  readGraphHeader,
  removeGraphFiles,
  writeGraphFiles,
} from "./graph-file.js";
import { GONE, Hnsw } from "./hnsw.js";
import type { LinkTable } from "./link-table.js";
import { reached } from "./steps.js";
import type { VectorMatrix } from "./vectors.js";

/**
 * How many are looked at for each that is asked for. 100,000 passages, 100 asked for: of the exact ten nearest .961 are found with 1,
 * .989 with 2, .993 with 2.5, .996 with 3, and each half takes a quarter longer. With 24 links a point 2 give .993 in the same time as
 * 2.5 with 16, and the graph takes half as long again to build.
 */
export const EF_PER_RESULT = 2.5;
/** What few are asked for is not to be found worse. */
const LEAST_EF = 250;

/** Where more points than this share have gone at once, what is left is no good start: the graph is built anew. */
const MAX_GONE_SHARE = 0.25;
/** Points between two looks at the event loop: about 20 ms. */
const POINTS_PER_TURN = 32;

/** The state of a database: which one it is, and after which commit. */
export interface IndexState {
  /** A random id that a database gets when it is made. */
  index: string;
  generation: number;
}

interface Graph {
  hnsw: Hnsw;
  state: IndexState;
}

/**
 * The HNSW graph over the stored vectors (see {@link Hnsw}): a cache in memory and in a file. A search uses it only when it is in
 * step with the database; {@link update} brings it in step. The matrix is always the same one, and of the state that a call names.
 */
export class GraphCache {
  readonly #folder: string;
  readonly #dimensions: number;
  #graph: Graph | undefined;

  constructor(folder: string, dimensions: number) {
    this.#folder = folder;
    this.#dimensions = dimensions;
  }

  /** Reads the graph's file, if it is of this state and the graph at hand is not. */
  async load(matrix: VectorMatrix, state: IndexState): Promise<void> {
    if (sameState(this.#graph?.state, state)) return;
    const header = this.#header();
    if (header === undefined || !sameState(header, state)) return;
    const links = await readGraph(this.#folder, header);
    const rows = links && rowsKept(links, matrix);
    // The matrix may have changed meanwhile. Where the keys are the same, so are the vectors.
    if (!links || !rows || links.size !== matrix.size || rows.includes(GONE)) return;
    const hnsw = new Hnsw(matrix);
    for (let point = 0; point < rows.length; point++) hnsw.adopt(links, point, rows);
    this.#graph = { hnsw, state };
  }

  /** The keys of about the `count` nearest to a unit query; undefined where no graph of this state was loaded or made. */
  nearest(query: Float32Array, count: number, state: IndexState): number[] | undefined {
    const graph = this.#graph;
    if (graph === undefined || !sameState(graph.state, state)) return undefined;
    return graph.hnsw.nearest(query, count, Math.max(LEAST_EF, Math.ceil(count * EF_PER_RESULT)));
  }

  /**
   * Brings the graph in step with `matrix`, which is of the given state: from the graph in memory or in the file
   * where one is near enough, else from nothing. The event loop gets its turns; `matrix` may change meanwhile, and
   * the graph then has the state that it was started with only if `stillCurrent` says so at the end.
   * @returns true when the graph is in step and its file is written.
   */
  async update(
    matrix: VectorMatrix,
    state: IndexState,
    { stillCurrent, signal }: { stillCurrent: () => boolean; signal?: AbortSignal | undefined },
  ): Promise<boolean> {
    await this.load(matrix, state);
    if (sameState(this.#header(), state) && sameState(this.#graph?.state, state)) return true;
    const before = await this.#earlier(state.index);
    if (!stillCurrent()) return false;
    const hnsw = new Hnsw(matrix);
    const inTurns = async (count: number, work: (index: number) => void): Promise<boolean> => {
      for (let index = 0; index < count; index++) {
        if (index % POINTS_PER_TURN === 0) {
          await nextTurn();
          reached("graph: points are being added");
          if (signal?.aborted || !stillCurrent()) return false;
        }
        work(index);
      }
      return stillCurrent();
    };
    const kept = before === undefined ? undefined : rowsKept(before, matrix);
    if (before && kept && !(await inTurns(kept.length, (point) => hnsw.adopt(before, point, kept))))
      return false;
    const added = rowsAdded(matrix, kept);
    if (!(await inTurns(added.length, (index) => hnsw.insert(added[index] as number)))) return false;
    this.#graph = { hnsw, state };
    await writeGraphFiles(this.#folder, { ...state, dimensions: this.#dimensions }, hnsw.links);
    return true;
  }

  /** Forgets the graph and deletes its files. */
  remove(): void {
    this.#graph = undefined;
    removeGraphFiles(this.#folder);
  }

  /** The graph of an earlier state of an index: the one at hand, or else the one in the file. */
  async #earlier(index: string): Promise<LinkTable | undefined> {
    if (this.#graph?.state.index === index) return this.#graph.hnsw.links;
    const header = this.#header();
    return header?.index === index ? readGraph(this.#folder, header) : undefined;
  }

  #header(): GraphHeader | undefined {
    return readGraphHeader(this.#folder, this.#dimensions);
  }
}

/** By point, the row that has its vector now, or `GONE`; undefined where too many have gone. */
function rowsKept({ keys }: LinkTable, matrix: VectorMatrix): Int32Array | undefined {
  const rows = Int32Array.from(keys, (key) => matrix.rowOf(key) ?? GONE);
  const gone = rows.filter((row) => row === GONE).length;
  return gone > keys.length * MAX_GONE_SHARE ? undefined : rows;
}

/** The other rows, in the order of their keys. */
function rowsAdded(matrix: VectorMatrix, kept: Int32Array | undefined): number[] {
  const known = new Set(kept);
  const added = Array.from({ length: matrix.size }, (_, row) => row).filter((row) => !known.has(row));
  return added.sort((a, b) => matrix.keyOf(a) - matrix.keyOf(b));
}

function sameState(a: IndexState | undefined, b: IndexState): boolean {
  return a !== undefined && a.index === b.index && a.generation === b.generation;
}
