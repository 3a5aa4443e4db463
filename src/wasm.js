// Plain JavaScript, because both modules of the main thread and models/pooling.js need it, and Node runs the latter in a
// thread as it stands.
import { readFileSync } from "node:fs";

/**
 * A WebAssembly module's memory. Views of it end with the next call of `grow`.
 * @typedef {{ readonly buffer: ArrayBuffer, grow(pages: number): number }} WasmMemory
 */

/**
 * A function of a module that takes and gives numbers: addresses and counts.
 * @typedef {(...parameters: number[]) => void} WasmFunction
 */

/**
 * A new instance of a module of this package, by the address of its file.
 * @template {{ memory: WasmMemory }} Exports
 * @param {URL} file
 * @returns {Exports}
 */
export function instantiate(file) {
  /** @type {unknown} */
  const exports = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(file))).exports;
  return /** @type {Exports} */ (exports);
}

/**
 * Makes a memory so many bytes long at least. Views of it are made after this.
 * @param {WasmMemory} memory
 * @param {number} bytes
 */
export function reserve(memory, bytes) {
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
}

const PAGE_BYTES = 65_536;
