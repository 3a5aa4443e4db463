import { endianness } from "node:os";
import { lengthOf } from "../passages/vector.js";
import { instantiate, reserve, type WasmFunction, type WasmMemory } from "../wasm.js";
import { Best } from "./best.js";

/**
 * All vectors in memory, one after another, with an exact scan in WebAssembly: .9 ms of processor time for 10,000 of 384
 * numbers, 8 ms for 100,000. Each number is rounded to 16 bits, half the room of a `Float32Array`: a cosine is within 1e-4 of what
 * it was, mostly within 1e-5. Rows have no order: a removed row's place is taken by the last one, so adding and
 * removing never copy the whole. `key` is a passage's row in the database.
 */
export class VectorMatrix {
  readonly #dimensions: number;
  readonly #blocks: number;
  readonly #keys: number[] = [];
  readonly #rowOfKey = new Map<number, number>();
  readonly #module = instantiate<{
    memory: WasmMemory;
    round: WasmFunction;
    scan: WasmFunction;
    gather: WasmFunction;
  }>(new URL("./vector-scan.wasm", import.meta.url));
  #incoming: Uint8Array | undefined;

  constructor(dimensions: number) {
    this.#dimensions = dimensions;
    this.#blocks = Math.ceil(dimensions / BLOCK);
  }

  get size(): number {
    return this.#keys.length;
  }

  /** In no order. */
  get keys(): Iterable<number> {
    return this.#rowOfKey.keys();
  }

  has(key: number): boolean {
    return this.#rowOfKey.has(key);
  }

  /** A copy, as it was rounded; undefined where there is no such row. */
  vector(key: number): Float32Array | undefined {
    const row = this.#rowOfKey.get(key);
    if (row === undefined) return undefined;
    return Float32Array.from(this.#numbers(this.#addressOf(row)), (value) => value / ONE);
  }

  /** Makes room for so many rows at once. */
  reserve(rows: number): void {
    reserve(this.#module.memory, this.#addressOf(rows));
  }

  /** Takes a stored vector as {@link encodeVector} wrote it. */
  add(key: number, encoded: Uint8Array): void {
    const row = this.#keys.length;
    if (this.#addressOf(row + 1) > this.#module.memory.buffer.byteLength)
      this.reserve(Math.ceil(Math.max(row, LEAST_ROWS) * GROWTH));
    this.#write(encoded, this.#addressOf(row));
    this.#keys.push(key);
    this.#rowOfKey.set(key, row);
  }

  remove(key: number): void {
    const row = this.#rowOf(key);
    const last = this.#keys.pop() as number;
    this.#rowOfKey.delete(key);
    if (last === key) return;
    this.#numbers(this.#addressOf(row)).set(this.#numbers(this.#addressOf(this.#keys.length)));
    this.#keys[row] = last;
    this.#rowOfKey.set(last, row);
  }

  /** The keys of the `count` rows nearest to a unit query, of those that `wanted` lets pass. Unordered. */
  nearest(query: Float32Array, count: number, wanted?: (key: number) => boolean): number[] {
    const best = new Best(count);
    this.#scanAll(query, (first, products) => {
      for (let index = 0; index < products.length; index++) {
        const product = products[index] as number;
        if (!best.takes(product)) continue;
        const key = this.#keys[first + index] as number;
        if (wanted === undefined || wanted(key)) best.offer(product, key);
      }
    });
    return best.keys;
  }

  /** The cosines of a unit query and all rows, within 1e-4. In the order in which rows were added, as long as none was removed. */
  cosines(query: Float32Array): Float32Array {
    const cosines = new Float32Array(this.size);
    this.#scanAll(query, (first, products) => {
      for (let index = 0; index < products.length; index++)
        cosines[first + index] = (products[index] as number) / ONE ** 2;
    });
    return cosines;
  }

  /** Of some keys the `count` whose rows are nearest to a unit query. Unordered. @throws RangeError where a key has no row */
  nearestOf(keys: readonly number[], query: Float32Array, count: number): number[] {
    const { memory, gather } = this.#module;
    this.#write(encodeVector(query), 0);
    const best = new Best(count);
    for (let first = 0; first < keys.length; first += ROWS_PER_SCAN) {
      const some = keys.slice(first, first + ROWS_PER_SCAN);
      const products = new Int32Array(memory.buffer, this.#productsAt, some.length);
      for (const [index, key] of some.entries()) products[index] = this.#addressOf(this.#rowOf(key));
      gather(0, this.#blocks, this.#productsAt, this.#productsAt + products.byteLength);
      for (const [index, key] of some.entries()) best.offer(products[index] as number, key);
    }
    return best.keys;
  }

  /** Gives the products of a query and all rows, some at a time, from the `first` on: a view that is valid during the call. */
  #scanAll(query: Float32Array, visit: (first: number, products: Int32Array) => void): void {
    const { memory, scan } = this.#module;
    this.#write(encodeVector(query), 0);
    for (let first = 0; first < this.size; first += ROWS_PER_SCAN) {
      const rows = Math.min(ROWS_PER_SCAN, this.size - first);
      scan(0, this.#addressOf(first), rows, this.#blocks, this.#productsAt);
      visit(first, new Int32Array(memory.buffer, this.#productsAt, rows));
    }
  }

  #rowOf(key: number): number {
    const row = this.#rowOfKey.get(key);
    if (row === undefined) throw new RangeError(`No vector has the key ${key}.`);
    return row;
  }

  #write(encoded: Uint8Array, address: number): void {
    this.#encoded().set(encoded);
    this.#module.round(this.#encodedAt, this.#blocks * BLOCK, address);
  }

  #numbers(address: number): Int16Array {
    return new Int16Array(this.#module.memory.buffer, address, this.#dimensions);
  }

  /** Where the module takes a vector that is to be rounded: a view, kept until the memory grows. */
  #encoded(): Uint8Array {
    const { memory } = this.#module;
    if (this.#incoming?.buffer !== memory.buffer) {
      this.reserve(0);
      const length = this.#dimensions * Float32Array.BYTES_PER_ELEMENT;
      this.#incoming = new Uint8Array(memory.buffer, this.#encodedAt, length);
    }
    return this.#incoming;
  }

  // What lies where in the module's memory: the query, a vector that is to be rounded, the products of a scan, the rows. What
  // is never written is zero.
  get #rowBytes(): number {
    return this.#blocks * BLOCK * Int16Array.BYTES_PER_ELEMENT;
  }

  get #encodedAt(): number {
    return this.#rowBytes;
  }

  get #productsAt(): number {
    return this.#encodedAt + this.#blocks * BLOCK * Float32Array.BYTES_PER_ELEMENT;
  }

  #addressOf(row: number): number {
    return this.#productsAt + ROWS_PER_SCAN * Int32Array.BYTES_PER_ELEMENT + row * this.#rowBytes;
  }
}

/** Numbers that the module takes at a time. */
const BLOCK = 32;

/** What 1 is in 16 bits. Unit vectors cannot overflow a sum of 32 bits then. */
const ONE = 0x7fff;

/** Their products wait in memory to be compared. */
const ROWS_PER_SCAN = 4096;

/** Memory grows in its place, but each growth makes the garbage collector look at everything. */
const GROWTH = 1.5;
const LEAST_ROWS = 256;

/** A vector as it is stored: Float32, little-endian. */
export function encodeVector(vector: Float32Array): Buffer {
  return littleEndian(Buffer.from(Float32Array.from(vector).buffer));
}

/** The reverse of {@link encodeVector}; a view of the bytes where they allow it. */
export function decodeVector(encoded: Uint8Array): Float32Array {
  // A view has to begin at a multiple of four.
  const isView = endianness() === "LE" && encoded.byteOffset % Float32Array.BYTES_PER_ELEMENT === 0;
  const bytes = isView ? encoded : littleEndian(Buffer.from(encoded));
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / Float32Array.BYTES_PER_ELEMENT);
}

/** The vector scaled to length 1; a copy. A zero vector stays zero: it is near to nothing. */
export function unit(vector: Float32Array): Float32Array {
  const norm = lengthOf(vector);
  return norm === 0 ? Float32Array.from(vector) : vector.map((value) => value / norm);
}

function littleEndian(bytes: Buffer): Buffer {
  return endianness() === "LE" ? bytes : bytes.swap32();
}
