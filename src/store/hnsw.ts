import { LINKS, LinkTable, roomOf } from "./link-table.js";
import type { VectorMatrix } from "./vectors.js";

/** So many of a new point's nearest are looked for, of which its links are chosen: 1.1 ms of processor time a point of 100,000. */
export const EF_CONSTRUCTION = 200;

/**
 * A hierarchical navigable small world (Malkov and Yashunin, https://arxiv.org/abs/1603.09320) over the rows of a matrix: it has
 * the links alone, and compares the matrix's own vectors. Its points are the matrix's rows, so it is of use until one is removed.
 */
export class Hnsw {
  readonly #matrix: VectorMatrix;
  readonly #table: LinkTable;
  /** The highest point, from which all are reached. */
  #entry: number | undefined;
  /** By point, the last walk that has met it. */
  readonly #metBy: Uint32Array;
  #walks = 0;

  /** Of no points yet, with room for all rows that the matrix has. */
  constructor(matrix: VectorMatrix) {
    this.#matrix = matrix;
    this.#table = new LinkTable(Float64Array.from({ length: matrix.size }, (_, row) => matrix.keyOf(row)));
    this.#metBy = new Uint32Array(matrix.size);
  }

  /** For {@link adopt}, whatever becomes of the matrix. */
  get links(): LinkTable {
    return this.#table;
  }

  /** The keys of about the `count` nearest to a unit query, nearest first: the best of the `ef` best that were met. */
  nearest(query: Float32Array, count: number, ef: number): number[] {
    if (this.#entry === undefined) return [];
    this.#matrix.aim(query);
    const start = this.#descend(this.#entry, 0);
    const found = this.#walk(start, 0, Math.max(ef, count)).points.subarray(0, count);
    return Array.from(found, (point) => this.#matrix.keyOf(point));
  }

  /** Makes a row a point. */
  insert(row: number): void {
    const height = this.#table.height(row);
    if (this.#entry !== undefined) {
      this.#matrix.aim(row);
      let start = this.#descend(this.#entry, height);
      for (let layer = Math.min(height, this.#table.height(this.#entry)); layer >= 0; layer--) {
        this.#matrix.aim(row);
        const near = this.#walk(start, layer, EF_CONSTRUCTION);
        start = near.nearest;
        const chosen = this.#choose(near, LINKS);
        this.#table.setLinks(row, layer, chosen);
        for (const other of chosen) this.#addLink(other, row, layer);
      }
    }
    this.#enterAt(row);
  }

  /**
   * Takes over a point of another graph, with its links. Where one leads to a point that has gone, it is linked to what lies behind.
   * All that have not gone are taken over before any other is inserted.
   * @param rows by point of the other graph, its row here, or {@link GONE}
   */
  adopt(other: LinkTable, point: number, rows: Int32Array): void {
    const row = rows[point] as number;
    if (row === GONE) return;
    for (let layer = 0; layer <= other.height(point); layer++)
      this.#setLinks(row, layer, survivors(other, point, layer, rows));
    this.#enterAt(row);
  }

  #enterAt(row: number): void {
    if (this.#entry === undefined || this.#table.height(row) > this.#table.height(this.#entry))
      this.#entry = row;
  }

  /** The nearest point to the matrix's aim that a walk through the layers above `layer` finds. */
  #descend(entry: number, layer: number): number {
    let nearest = entry;
    for (let above = this.#table.height(entry); above > layer; above--)
      nearest = this.#walk(nearest, above, 1).nearest;
    return nearest;
  }

  /** The nearest to the matrix's aim that are met in a layer: always on from the nearest of them, until the `ef` best led no nearer. */
  #walk(start: number, layer: number, ef: number): Pool {
    const { rows, products } = this.#matrix.scratch;
    const walk = this.#nextWalk();
    const pool = new Pool(ef);
    this.#metBy[start] = walk;
    rows[0] = start;
    for (let met = 1; ; ) {
      this.#matrix.compare(met);
      for (let index = 0; index < met; index++) pool.offer(rows[index] as number, products[index] as number);
      const from = pool.next();
      if (from === undefined) return pool;
      met = 0;
      const links = this.#table.links(from, layer);
      for (let index = 0; index < links.length; index++) {
        const point = links[index] as number;
        if (this.#metBy[point] === walk) continue;
        this.#metBy[point] = walk;
        rows[met++] = point;
      }
    }
  }

  #nextWalk(): number {
    if (this.#walks === 0xffffffff) {
      this.#metBy.fill(0);
      this.#walks = 0;
    }
    this.#walks += 1;
    return this.#walks;
  }

  #addLink(from: number, to: number, layer: number): void {
    this.#setLinks(from, layer, Int32Array.of(...this.#table.links(from, layer), to));
  }

  /** Of more points than there is room for, the best choice. */
  #setLinks(from: number, layer: number, points: Int32Array): void {
    const room = roomOf(layer);
    if (points.length <= room) {
      this.#table.setLinks(from, layer, points);
      return;
    }
    const { rows, products } = this.#matrix.scratch;
    const pool = new Pool(points.length);
    this.#matrix.aim(from);
    rows.set(points);
    this.#matrix.compare(points.length);
    for (const [index, point] of points.entries()) pool.offer(point, products[index] as number);
    this.#table.setLinks(from, layer, this.#choose(pool, room));
  }

  /** The nearest, but for those that are nearer to one already chosen: that one leads to them (the paper's algorithm 4). */
  #choose({ points, products }: Pool, count: number): Int32Array {
    const { rows } = this.#matrix.scratch;
    let chosen = 0;
    for (let index = 0; index < points.length && chosen < count; index++) {
      const point = points[index] as number;
      this.#matrix.aim(point);
      if (this.#matrix.compare(chosen, products[index] as number) === chosen) rows[chosen++] = point;
    }
    return rows.slice(0, chosen);
  }
}

/** Of points that have no row any more. */
export const GONE = -1;

/** Where many that lie beside each other have gone, so many of them are looked behind. */
const MAX_FOLLOWED = 100;

/** The rows of what a point is linked to, in its own layer, directly or through points that have gone. */
function survivors(table: LinkTable, point: number, layer: number, rows: Int32Array): Int32Array {
  const direct = table.links(point, layer).map((link) => rows[link] as number);
  if (!direct.includes(GONE)) return direct;
  const met = new Set([point]);
  const found: number[] = [];
  const followed = [point];
  for (const from of followed) {
    for (const link of table.links(from, layer)) {
      if (met.has(link)) continue;
      met.add(link);
      const row = rows[link] as number;
      if (row !== GONE) found.push(row);
      else if (followed.length < MAX_FOLLOWED) followed.push(link);
    }
  }
  return Int32Array.from(found);
}

/** The nearest of all points that are offered, nearest first; and which of them to walk on from. */
class Pool {
  readonly #room: number;
  /** Those that were walked on from are inverted. */
  readonly #points: Int32Array;
  readonly #products: Int32Array;
  #size = 0;
  /** All before this one were walked on from. */
  #next = 0;

  constructor(room: number) {
    this.#room = room;
    this.#points = new Int32Array(room);
    this.#products = new Int32Array(room);
  }

  get points(): Int32Array {
    return this.#points.subarray(0, this.#size).map((point) => (point < 0 ? ~point : point));
  }

  get products(): Int32Array {
    return this.#products.subarray(0, this.#size);
  }

  get nearest(): number {
    const [point = 0] = this.#points;
    return point < 0 ? ~point : point;
  }

  offer(point: number, product: number): void {
    const products = this.#products;
    let at = this.#size;
    if (at === this.#room) {
      if (product <= (products[at - 1] as number)) return;
      at -= 1;
    } else {
      this.#size += 1;
    }
    const end = at;
    for (let low = 0; low < at; ) {
      const middle = (low + at) >> 1;
      if ((products[middle] as number) < product) at = middle;
      else low = middle + 1;
    }
    products.copyWithin(at + 1, at, end);
    this.#points.copyWithin(at + 1, at, end);
    products[at] = product;
    this.#points[at] = point;
    if (at < this.#next) this.#next = at;
  }

  /** The nearest that was not walked on from, which it is now; undefined where there is none. */
  next(): number | undefined {
    while (this.#next < this.#size) {
      const point = this.#points[this.#next] as number;
      if (point >= 0) {
        this.#points[this.#next++] = ~point;
        return point;
      }
      this.#next += 1;
    }
    return undefined;
  }
}
