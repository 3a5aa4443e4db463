import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { randomFrom as seededRandom } from "../../scripts/trials/random.js";
import { documentId } from "../../src/documents/document-id.js";
import type { Passage } from "../../src/passages/passage.js";
import { SqliteStore, type SqliteStoreOptions } from "../../src/store/sqlite.js";
import type { DocumentRecord } from "../../src/store/store.js";

export const DIMENSIONS = 16;
export const EMBEDDER = { name: "made-up", checksum: "a".repeat(64) };

/** An empty folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "waymark-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A store that is closed after the test. */
export function openStore(folder: string, options: Partial<SqliteStoreOptions> = {}): SqliteStore {
  const store = SqliteStore.open({ folder, embedder: EMBEDDER, dimensions: DIMENSIONS, ...options });
  onTestFinished(() => store.close());
  return store;
}

export { seededRandom };

/** A unit vector; near `center` where one is given. */
export function randomVector(
  random: () => number,
  dimensions = DIMENSIONS,
  center?: Float32Array,
): Float32Array {
  const values = Float32Array.from(
    { length: dimensions },
    (_, i) => gauss(random) + 2 * (center?.[i] ?? 0) * Math.sqrt(dimensions),
  );
  const norm = Math.hypot(...values);
  return values.map((value) => value / norm);
}

function gauss(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** A plain document with a passage for each text. Its vectors are drawn from `random`, or are the ones given. */
export function record(
  uri: string,
  texts: readonly string[],
  { random = seededRandom(1), vectors, title = uri, headings = [] }: RecordOptions = {},
): DocumentRecord {
  const id = documentId(uri);
  const passages: Passage[] = [];
  let text = "";
  for (const [ordinal, body] of texts.entries()) {
    const start = text.length;
    text += `${body}\n\n`;
    const range = { start, end: start + body.length };
    passages.push({
      ...range,
      id: `${id}:${ordinal}`,
      documentId: id,
      ordinal,
      headings,
      units: [{ ...range, kind: "sentence", pieces: [{ text: body, ...range }] }],
      tokens: body.split(" ").length,
    });
  }
  return {
    document: { id, uri, title, mediaType: "text/plain", text, blocks: [], lines: [], pages: [] },
    contentHash: `hash of ${text}`,
    indexedAt: "2026-01-02T03:04:05.000Z",
    passages,
    vectors: vectors ?? passages.map(() => randomVector(random)),
  };
}

interface RecordOptions {
  random?: () => number;
  vectors?: Float32Array[];
  title?: string;
  headings?: string[];
}

/** What an error that is expected says of itself. */
export async function failure(work: () => unknown): Promise<{ code: string; message: string; hint: string }> {
  try {
    await work();
  } catch (error) {
    return error as { code: string; message: string; hint: string };
  }
  throw new Error("No error was thrown.");
}
