// An ingest without models, for trials that are run by the hundred: everything that writes is real, only the vectors
// are made up from the words.
import { createHash } from "node:crypto";
import { readApart } from "../../dist/documents/parser-thread.js";
import { ingest } from "../../dist/ingest/ingest.js";
import { packedRowBytes } from "../../dist/passages/packed-row.js";
import { splitDocument } from "../../dist/passages/split.js";
import { packedTokenVectors } from "../../dist/passages/token-vectors.js";
import { SqliteStore } from "../../dist/store/sqlite.js";

const DIMENSIONS = 32;
const EMBEDDER = { name: "made-up", checksum: "0".repeat(64) };

/** The store of an index folder, as the made-up embedder owns it; it has a graph, however small it is. */
export function openStore(index, options = {}) {
  const owner = { embedder: EMBEDDER, dimensions: DIMENSIONS };
  return SqliteStore.open({ folder: index, ...owner, exactScanLimit: 0, ...options });
}

/** Brings an index up to date with a folder, as the indexer does it. */
export async function ingestMadeUp(store, corpus, { rebuild = false, loaded } = {}) {
  const unlock = await store.lockForWriting();
  try {
    loaded?.();
    const parts = { store, embed: async (texts) => texts.map(embedded), rebuild };
    const buildPassages = (document) =>
      splitDocument(document, { countTokens: (text) => text.split(" ").length });
    const collections = [{ collection: "default", paths: [corpus] }];
    const summary = await ingest({
      ...parts,
      collections,
      extensions: [".txt"],
      load: readApart,
      buildPassages,
    });
    await store.rememberSources(collections);
    return summary;
  } finally {
    await unlock();
  }
}

/** A text's vector, and one for each of its parts as if it were a token. */
function embedded({ context, parts }) {
  return {
    vector: vectorOf([context, ...parts].join("\n")),
    tokens: packedTokenVectors(
      parts.map(() => 1),
      parts.map(packedRowOf),
    ),
  };
}

/** Any packed row of the right size that is the same for the same text. */
function packedRowOf(text) {
  const row = createHash("sha256").update(text).digest().subarray(0, packedRowBytes(DIMENSIONS));
  for (const [index, byte] of row.entries()) row[index] = byte & 0x77; // levels from 0 to 7
  row.writeFloatLE(0.1, 0);
  return row;
}

/** A unit vector that is the same for the same text. */
export function vectorOf(text) {
  const bytes = createHash("sha256").update(text).digest();
  const values = Float32Array.from({ length: DIMENSIONS }, (_, i) => (bytes[i] ?? 0) - 127.5);
  const norm = Math.hypot(...values);
  return values.map((value) => value / norm);
}
