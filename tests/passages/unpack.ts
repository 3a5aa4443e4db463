import { packedParts, type TokenVectors } from "../../src/passages/token-vectors.js";

/** The rows of packed token vectors as numbers, the plain way: each has length 1 again. */
export function unpackTokenVectors(bytes: Uint8Array, width: number): TokenVectors[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return packedParts(bytes, width).map(({ offset, rows, rowBytes }) =>
    Float32Array.from({ length: rows * width }, (_, index) => {
      const column = index % width;
      const row = offset + Math.floor(index / width) * rowBytes;
      const pair = view.getUint8(row + 4 + (column >> 1));
      return ((column % 2 === 0 ? pair & 15 : pair >> 4) - 7) * view.getFloat32(row, true);
    }),
  );
}
