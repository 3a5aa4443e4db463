// Plain JavaScript, because models/pooling.js needs it in a thread, where Node cannot load TypeScript.

/**
 * The bytes of one packed token vector: its scale (f32, little-endian), then its numbers, two a byte, the first in the low
 * half.
 * @param {number} width numbers in a vector
 * @returns {number}
 */
export function packedRowBytes(width) {
  return Float32Array.BYTES_PER_ELEMENT + Math.ceil(width / 2);
}
