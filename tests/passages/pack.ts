import { packedTokenVectors, type TokenVectors } from "../../src/passages/token-vectors.js";

/** Packs the token vectors of a text's parts the plain way. */
export function packTokenVectors(parts: readonly TokenVectors[], width: number): Uint8Array {
  const counts = parts.map((part) => part.length / width);
  return packedTokenVectors(
    counts,
    parts.flatMap((part, index) =>
      Array.from({ length: counts[index] ?? 0 }, (_, row) =>
        packRow(part.subarray(row * width, (row + 1) * width)),
      ),
    ),
  );
}

/** 15 levels, the greatest number on the outermost, and the scale that gives them the length 1. */
function packRow(row: Float32Array): Uint8Array {
  const greatest = Math.max(...row.map(Math.abs));
  const step = greatest > 0 ? 7 / greatest : 0;
  const levels = Array.from(row, (value) => Math.round(value * step));
  const bytes = new Uint8Array(4 + Math.ceil(row.length / 2));
  const length = Math.sqrt(levels.reduce((sum, level) => sum + level * level, 0));
  new DataView(bytes.buffer).setFloat32(0, length > 0 ? 1 / length : 0, true);
  for (let index = 4; index < bytes.length; index++) {
    const first = 2 * (index - 4);
    bytes[index] = ((levels[first] ?? 0) + 7) | (((levels[first + 1] ?? 0) + 7) << 4);
  }
  return bytes;
}
