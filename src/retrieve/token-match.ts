import { packedParts } from "../passages/token-vectors.js";
import { instantiate, reserve, type WasmFunction, type WasmMemory } from "../wasm.js";

/** What late interaction needs to know of one unit of a passage. */
export interface TokenMatch {
  /** For each of the question's tokens the greatest dot product with any token of the unit; empty for a unit without. */
  greatest: Float32Array;
  /** The sum of the unit's token vectors. */
  sum: Float32Array;
}

/**
 * Compares a question's token vectors with those of each unit of some passages, straight from their four bits, in
 * WebAssembly's 128-bit integers: 16 passages of 119 tokens and a question of 16 take 1 ms, where unpacking and multiplying
 * them in JavaScript took 24. The question's numbers are rounded to 16 bits, which changes a product by less than 1e-4.
 * @param tokens the question's, rows of `width` one after another
 * @param passages their packed token vectors, see `packedTokenVectors`
 * @throws WaymarkError `index-damaged` where a passage's bytes are not as many as they say that they are
 */
export function matchTokens(
  tokens: Float32Array,
  width: number,
  passages: readonly Uint8Array[],
): TokenMatch[][] {
  const count = tokens.length / width;
  const blocks = Math.ceil(width / BLOCK);
  const padded = blocks * BLOCK;
  // What lies where in the module's memory: the tokens come first, the passage last. Its last block may reach beyond it.
  const sumAt = count * padded * Int16Array.BYTES_PER_ELEMENT;
  const levelsAt = sumAt + padded * Float32Array.BYTES_PER_ELEMENT;
  const greatestAt = levelsAt + padded * Int16Array.BYTES_PER_ELEMENT;
  const passageAt = greatestAt + count * Float32Array.BYTES_PER_ELEMENT;
  reserve(memory, passageAt + Math.max(0, ...passages.map(({ length }) => length)) + BLOCK);
  const greatest = new Float32Array(memory.buffer, greatestAt, count);
  const sum = new Float32Array(memory.buffer, sumAt, padded);
  const places = placesOf(width);
  const step = writeRounded(tokens, places, padded);
  return passages.map((packed) => {
    const parts = packedParts(packed, width);
    new Uint8Array(memory.buffer).set(packed, passageAt);
    return parts.map(({ offset, rows, rowBytes }) => {
      greatest.fill(Number.NEGATIVE_INFINITY);
      sum.fill(0);
      matchRows(passageAt + offset, rows, rowBytes, blocks, 0, count, greatestAt, sumAt, levelsAt);
      return {
        greatest: rows === 0 ? new Float32Array(0) : greatest.map((value) => value * step),
        sum: inOrder(sum, places),
      };
    });
  });
}

/** Writes the tokens to the start of the module's memory, rounded to 16 bits, and gives what one step of them is worth. */
function writeRounded(tokens: Float32Array, places: Uint16Array, padded: number): number {
  let greatest = 0;
  for (let at = 0; at < tokens.length; at++) greatest = Math.max(greatest, Math.abs(tokens[at] as number));
  const step = greatest / 0x7fff || 1;
  const rounded = new Int16Array(memory.buffer, 0, (tokens.length / places.length) * padded).fill(0);
  for (let token = 0, at = 0; at < tokens.length; token++, at += places.length) {
    for (let column = 0; column < places.length; column++) {
      const place = token * padded + (places[column] as number);
      rounded[place] = Math.round((tokens[at + column] as number) / step);
    }
  }
  return step;
}

/** The columns from their places. Written out: `Float32Array.from` takes a hundred times as long. */
function inOrder(values: Float32Array, places: Uint16Array): Float32Array {
  const ordered = new Float32Array(places.length);
  for (let column = 0; column < places.length; column++)
    ordered[column] = values[places[column] as number] as number;
  return ordered;
}

/** Numbers that the module takes at a time. */
const BLOCK = 32;

/** Where the module has each of so many columns: in each block the even ones come before the odd ones. */
function placesOf(width: number): Uint16Array {
  const places = madePlaces.get(width) ?? Uint16Array.from({ length: width }, (_, column) => placeOf(column));
  madePlaces.set(width, places);
  return places;
}

/** By width: a process has one embedder, seldom two. */
const madePlaces = new Map<number, Uint16Array>();

function placeOf(column: number): number {
  const inBlock = column % BLOCK;
  return column - inBlock + (inBlock >> 1) + (inBlock & 1) * (BLOCK / 2);
}

const { memory, matchRows } = instantiate<{ memory: WasmMemory; matchRows: WasmFunction }>(
  new URL("./token-match.wasm", import.meta.url),
);
