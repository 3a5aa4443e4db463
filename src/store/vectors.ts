import { endianness } from "node:os";
import { dotAt } from "../passages/vector.js";

/** The passage that a row of the matrix belongs to. `key` is the passage's row in the database. */
export interface VectorRow {
  key: number;
  passageId: string;
  documentId: string;
  collection: string;
  textKey: number;
}

/**
 * All vectors in memory, one after the other in a single `Float32Array`, with an exact scan. Rows have no order: a
 * removed row's place is taken by the last one, so adding and removing never copy the whole.
 */
export class VectorMatrix {
  readonly #dimensions: number;
  readonly #rows: VectorRow[] = [];
  readonly #rowOfKey = new Map<number, number>();
  #values = new Float32Array(0);

  constructor(dimensions: number) {
    this.#dimensions = dimensions;
  }

  get size(): number {
    return this.#rows.length;
  }

  /** In no order. */
  get keys(): Iterable<number> {
    return this.#rowOfKey.keys();
  }

  has(key: number): boolean {
    return this.#rowOfKey.has(key);
  }

  passage(key: number): VectorRow | undefined {
    return this.#rows[this.#rowOfKey.get(key) ?? -1];
  }

  /** A view, valid until the next change; undefined where there is no such row. */
  vector(key: number): Float32Array | undefined {
    const row = this.#rowOfKey.get(key);
    return row === undefined ? undefined : this.#at(row);
  }

  /** Takes a stored vector as {@link encodeVector} wrote it. */
  add(passage: VectorRow, encoded: Uint8Array): void {
    const row = this.#rows.length;
    this.#reserve(row + 1);
    this.#at(row).set(decodeVector(encoded));
    this.#rows.push(passage);
    this.#rowOfKey.set(passage.key, row);
  }

  remove(key: number): void {
    const row = this.#rowOfKey.get(key);
    const last = row === undefined ? undefined : this.#rows.pop();
    if (row === undefined || last === undefined) throw new RangeError(`No vector has the key ${key}.`);
    this.#rowOfKey.delete(key);
    if (last.key === key) return;
    this.#at(row).set(this.#at(this.#rows.length));
    this.#rows[row] = last;
    this.#rowOfKey.set(last.key, row);
  }

  /** Cosine similarity of a unit query and a row; 0 where there is no such row. */
  similarity(key: number, query: Float32Array): number {
    const row = this.#rowOfKey.get(key);
    return row === undefined ? 0 : this.#dot(row, query);
  }

  /** The keys of the `count` rows nearest to a unit query, of those that `wanted` lets pass. Unordered. */
  nearest(query: Float32Array, count: number, wanted?: (row: VectorRow) => boolean): number[] {
    const best = new Best(count);
    this.#rows.forEach((passage, row) => {
      if (wanted !== undefined && !wanted(passage)) return;
      best.offer(this.#dot(row, query), passage.key);
    });
    return best.keys;
  }

  #at(row: number): Float32Array {
    return this.#values.subarray(row * this.#dimensions, (row + 1) * this.#dimensions);
  }

  #dot(row: number, query: Float32Array): number {
    return Math.min(1, Math.max(-1, dotAt(query, this.#values, row * this.#dimensions)));
  }

  #reserve(rows: number): void {
    const needed = rows * this.#dimensions;
    if (needed <= this.#values.length) return;
    const grown = new Float32Array(Math.max(needed, Math.ceil(this.#values.length * 1.5)));
    grown.set(this.#values);
    this.#values = grown;
  }
}

/** A vector as it is stored: Float32, little-endian. */
export function encodeVector(vector: Float32Array): Buffer {
  return littleEndian(Buffer.from(Float32Array.from(vector).buffer));
}

/** The reverse of {@link encodeVector}. */
export function decodeVector(encoded: Uint8Array): Float32Array {
  const bytes = littleEndian(Buffer.from(encoded));
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / Float32Array.BYTES_PER_ELEMENT);
}

/** The vector scaled to length 1; a copy. A zero vector stays zero: it is near to nothing. */
export function unit(vector: Float32Array): Float32Array {
  const norm = Math.hypot(...vector);
  return norm === 0 ? Float32Array.from(vector) : vector.map((value) => value / norm);
}

function littleEndian(bytes: Buffer): Buffer {
  return endianness() === "LE" ? bytes : bytes.swap32();
}

/** The `count` best of all that is offered: a binary heap with the worst of them on top. Equal scores: lower key wins. */
class Best {
  readonly #count: number;
  readonly #heap: { score: number; key: number }[] = [];

  constructor(count: number) {
    this.#count = count;
  }

  get keys(): number[] {
    return this.#heap.map(({ key }) => key);
  }

  offer(score: number, key: number): void {
    const heap = this.#heap;
    const top = heap[0];
    if (heap.length < this.#count) {
      heap.push({ score, key });
      this.#rise(heap.length - 1);
    } else if (top !== undefined && (score > top.score || (score === top.score && key < top.key))) {
      heap[0] = { score, key };
      this.#sink();
    }
  }

  #worse(i: number, j: number): boolean {
    const a = this.#heap[i];
    const b = this.#heap[j];
    if (a === undefined || b === undefined) return false;
    return a.score < b.score || (a.score === b.score && a.key > b.key);
  }

  #swap(i: number, j: number): void {
    const heap = this.#heap;
    [heap[i], heap[j]] = [heap[j] as (typeof heap)[0], heap[i] as (typeof heap)[0]];
  }

  #rise(from: number): void {
    for (let i = from; i > 0; ) {
      const parent = (i - 1) >> 1;
      if (!this.#worse(i, parent)) return;
      this.#swap(i, parent);
      i = parent;
    }
  }

  #sink(): void {
    for (let i = 0; ; ) {
      let worst = i;
      if (this.#worse(2 * i + 1, worst)) worst = 2 * i + 1;
      if (this.#worse(2 * i + 2, worst)) worst = 2 * i + 2;
      if (worst === i) return;
      this.#swap(i, worst);
      i = worst;
    }
  }
}
