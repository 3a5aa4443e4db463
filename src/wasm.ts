import { readFileSync } from "node:fs";

/** A WebAssembly module's memory. Views of it end with the next call of `grow`. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** A function of a module that takes and gives numbers: addresses and counts. */
export type WasmFunction = (...parameters: number[]) => void;

/** A new instance of a module of this package, by the address of its file. */
export function instantiate<Exports extends { memory: WasmMemory }>(file: URL): Exports {
  return new WebAssembly.Instance(new WebAssembly.Module(readFileSync(file))).exports as Exports;
}

/** Makes a memory so many bytes long at least. Views of it are made after this. */
export function reserve(memory: WasmMemory, bytes: number): void {
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
}

const PAGE_BYTES = 65_536;

/** Node has it; TypeScript has its types only for browsers. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { exports: object };
};
