import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import hnswlib from "hnswlib-node";
import { dot } from "../passages/vector.js";
import {
  GRAPH_FILE,
  type GraphHeader,
  graphFileStamp,
  isGraphSound,
  readGraphHeader,
  readProjection,
  removeGraphFiles,
  writeGraphFiles,
} from "./graph-file.js";
import { Projection } from "./projection.js";
import { reached } from "./steps.js";
import { decodeVector, encodeVector, type VectorMatrix } from "./vectors.js";

/**
 * Links a point, the depth of the search that chooses them, and the depth of a query's search. 384 dimensions,
 * clustered unit vectors, 100 queries, two cores; recall of the exact top 100 by ef:
 *
 * | vectors | build M=16 / M=32 | ef 100, M=16 | ef 200 | ef 400 | ef 400, M=32 | query at 400, M=16 | exact scan |
 * |--------:|------------------:|-------------:|-------:|-------:|-------------:|-------------------:|-----------:|
 * |   3,000 |     1.0 s / 1.5 s |         .890 |   .974 |   .997 |        1.000 |             0.5 ms |     1.5 ms |
 * |  10,000 |     5.4 s / 8.5 s |         .941 |   .975 |   .993 |         .999 |             1.2 ms |     4.8 ms |
 * |  30,000 |      30 s /  77 s |         .967 |   .993 |   .997 |         .999 |             1.6 ms |    19.6 ms |
 *
 * hnswlib's default ef of 10 acts as ef 100 here, since it is raised to the number of results asked for.
 */
export const LINKS = 16;
export const EF_CONSTRUCTION = 200;
/**
 * The graph is asked for half as many again as are wanted, and the nearest of them by all their numbers are taken. At 100,000 passages,
 * 100 wanted, of the exact ten and the exact hundred: .989 and .934 are found with an ef of 2 a result, .991 and .941 with 2.25, .993
 * and .947 with 2.5; without the half .991 and .854 with 2.25.
 */
const FOUND_PER_RESULT = 1.5;
export const EF_PER_RESULT = 2.25;
/** What few are asked for is not to be found worse. */
const LEAST_RESULTS = 100;

/** hnswlib gives each graph's levels from this seed: the same points in the same order make the same graph. */
const SEED = 100;
/** Deleted points are only marked, and cost time in each search. Past this share the graph is built anew. */
const MAX_DELETED_SHARE = 0.25;
/**
 * Vectors that a projection was not made for may lose more of their length in it. Where the points have lost more than this share of it,
 * the graph is built anew, with a projection for them.
 */
const MAX_LOST_SHARE = 0.13;
/** So many vectors tell the projection for all: they take 1.6 s of processor time. */
const SAMPLED = 4_096;
/** Points between two looks at the event loop: about 20 ms. */
const POINTS_PER_TURN = 32;

/** The state of a database: which one it is, and after which commit. */
export interface IndexState {
  /** A random id that a database gets when it is made. */
  index: string;
  generation: number;
}

interface Graph {
  hnsw: hnswlib.HierarchicalNSW;
  /** What vectors went through before they became points. */
  projection: Projection;
  /** Squared length that they have lost there, all together. */
  lost: number;
  state: IndexState;
  /** Keys of the points, without the deleted ones. */
  live: Set<number>;
  deleted: Set<number>;
}

/**
 * The HNSW graph over the stored vectors (Malkov and Yashunin, https://arxiv.org/abs/1603.09320): a cache in memory
 * and in a file. Its points are the vectors in fewer dimensions (see {@link Projection}). A search uses it only when it is
 * in step with the database; {@link update} brings it in step.
 */
export class GraphCache {
  readonly #folder: string;
  readonly #dimensions: number;
  #graph: Graph | undefined;
  /** The file that turned out not to be its header's: it is not read again at each search. */
  #refused: string | undefined;

  constructor(folder: string, dimensions: number) {
    this.#folder = folder;
    this.#dimensions = dimensions;
  }

  /** Reads the graph's file, if it is of this state and the graph at hand is not. Other work gets its turns meanwhile. */
  async load(state: IndexState): Promise<void> {
    if (!sameState(this.#graph?.state, state)) await this.#load((header) => sameState(header, state));
  }

  /**
   * The keys of about the `count` nearest to a unit query; undefined where no graph of this state was loaded or made.
   * @param matrix the vectors of that state
   */
  nearest(query: Float32Array, count: number, matrix: VectorMatrix, state: IndexState): number[] | undefined {
    const graph = this.#graph;
    if (graph === undefined || !sameState(graph.state, state)) return undefined;
    const results = Math.max(count, LEAST_RESULTS);
    const found = Math.min(Math.ceil(results * FOUND_PER_RESULT), graph.live.size);
    if (found === 0) return [];
    graph.hnsw.setEf(Math.ceil(results * EF_PER_RESULT));
    const point = Array.from(graph.projection.reduce(query));
    return matrix.nearestOf(graph.hnsw.searchKnn(point, found).neighbors, query, count);
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
    options: { stillCurrent: () => boolean; signal?: AbortSignal | undefined },
  ): Promise<boolean> {
    await this.load(state);
    if (sameState(this.#header(), state) && sameState(this.#graph?.state, state)) return true;
    if (this.#graph?.state.index !== state.index) await this.#load((header) => header.index === state.index);
    const graph = this.#startingPoint(matrix, state) ?? (await this.#emptyGraph(matrix, state));
    this.#graph = undefined;
    const added = [...matrix.keys].filter((key) => !graph.live.has(key)).sort((a, b) => a - b);
    const points = graph.live.size + graph.deleted.size + added.length;
    if (points > graph.hnsw.getMaxElements()) graph.hnsw.resizeIndex(points);
    for (const [done, key] of added.entries()) {
      if (done % POINTS_PER_TURN === 0) {
        await nextTurn();
        reached("graph: points are being added");
        if (options.signal?.aborted || !options.stillCurrent()) return false;
      }
      const vector = matrix.vector(key);
      if (vector === undefined) return false;
      const point = graph.projection.reduce(vector);
      graph.hnsw.addPoint(Array.from(point), key);
      graph.lost += 1 - dot(point, point);
      graph.live.add(key);
    }
    if (!options.stillCurrent()) return false;
    graph.state = state;
    this.#graph = graph;
    await this.#save(graph);
    return true;
  }

  /** Forgets the graph and deletes its files. */
  remove(): void {
    this.#graph = undefined;
    removeGraphFiles(this.#folder);
  }

  /** The graph at hand without the points that have gone; undefined where too little of it would be left. */
  #startingPoint(matrix: VectorMatrix, state: IndexState): Graph | undefined {
    const graph = this.#graph;
    if (graph?.state.index !== state.index) return undefined;
    const points = graph.live.size + graph.deleted.size;
    const gone = [...graph.live].filter((key) => !matrix.has(key));
    if (graph.deleted.size + gone.length > points * MAX_DELETED_SHARE) return undefined;
    if (graph.lost > points * MAX_LOST_SHARE) return undefined;
    for (const key of gone) {
      graph.hnsw.markDelete(key);
      graph.live.delete(key);
      graph.deleted.add(key);
    }
    return graph;
  }

  async #emptyGraph(matrix: VectorMatrix, state: IndexState): Promise<Graph> {
    const projection = await Projection.of(sample(matrix), this.#dimensions);
    const hnsw = new hnswlib.HierarchicalNSW("ip", projection.size);
    hnsw.initIndex(Math.max(1, matrix.size), LINKS, EF_CONSTRUCTION, SEED);
    return { hnsw, projection, lost: 0, state, live: new Set(), deleted: new Set() };
  }

  #header(): GraphHeader | undefined {
    return readGraphHeader(this.#folder, this.#dimensions);
  }

  /**
   * Loads the file if its header is wanted and the file is the one that the header was written for. hnswlib trusts
   * what it opens, and a malformed file can end the process, so nothing unverified gets there.
   */
  async #load(wanted: (header: GraphHeader) => boolean): Promise<void> {
    const header = this.#header();
    if (header === undefined || !wanted(header)) return;
    const file = graphFileStamp(this.#folder);
    if (file === undefined || file === this.#refused) return;
    if (!(await isGraphSound(this.#folder, header))) {
      this.#refused = file;
      return;
    }
    try {
      const { index, generation, pointSize, lost } = header;
      const hnsw = new hnswlib.HierarchicalNSW("ip", pointSize);
      await hnsw.readIndex(join(this.#folder, GRAPH_FILE));
      // A writer takes the header away before it touches the graph: unchanged now, so was the graph while it was read.
      if (this.#header()?.checksum !== header.checksum || hnsw.getCurrentCount() !== header.points) return;
      const deleted = new Set(header.deleted);
      const live = new Set(hnsw.getIdsList().filter((key) => !deleted.has(key)));
      const projection = new Projection(decodeVector(readProjection(this.#folder)), this.#dimensions);
      this.#graph = { hnsw, projection, lost, state: { index, generation }, live, deleted };
    } catch {
      // A graph that cannot be read is made anew.
    }
  }

  async #save({ hnsw, projection, lost, state, live, deleted }: Graph): Promise<void> {
    const contents = {
      ...state,
      dimensions: this.#dimensions,
      pointSize: projection.size,
      lost,
      points: live.size + deleted.size,
      deleted: [...deleted],
    };
    await writeGraphFiles(this.#folder, contents, encodeVector(projection.basis), (path) =>
      hnsw.writeIndex(path),
    );
  }
}

/** Some of the vectors, from all over the matrix. */
function* sample(matrix: VectorMatrix): Iterable<Float32Array> {
  const keys = [...matrix.keys].sort((a, b) => a - b);
  const step = Math.max(1, keys.length / SAMPLED);
  for (let place = 0; place < keys.length; place += step) {
    const vector = matrix.vector(keys[Math.floor(place)] as number);
    if (vector !== undefined) yield vector;
  }
}

export function sameState(a: IndexState | undefined, b: IndexState): boolean {
  return a !== undefined && a.index === b.index && a.generation === b.generation;
}
