import { createHash } from "node:crypto";

/**
 * The id of an object in Weaviate: a name-based UUID (version 5, https://www.rfc-editor.org/rfc/rfc9562#section-5.5), so
 * that writing the same thing again writes the same object.
 */
export function objectId(...name: readonly string[]): string {
  const hash = createHash("sha1").update(NAMESPACE).update(name.join("\0")).digest().subarray(0, 16);
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  return hash.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** Waymark's own, drawn once. */
const NAMESPACE = Buffer.from("5b1c0f7a94d84c0e9a6be0f2d8a3c741", "hex");
