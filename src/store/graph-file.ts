import { createHash } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { LinkTable, roomOf } from "./link-table.js";
import { reached } from "./steps.js";

/** The graph's file in the index folder, and the small file beside it that says what it was built from. */
export const GRAPH_FILE = "graph.hnsw";
export const GRAPH_HEADER_FILE = "graph.json";

const headerSchema = z.strictObject({
  /** 1 was a file of hnswlib's, which had the vectors in it. */
  format: z.literal(2),
  index: z.string(),
  generation: z.number().int(),
  dimensions: z.number().int(),
  /** Points in the file. */
  points: z.number().int().nonnegative(),
  /** SHA-256 of the graph's file, hex. */
  checksum: z.string(),
});

/** What a graph's file was built from. */
export type GraphHeader = z.infer<typeof headerSchema>;

/** The header's file; undefined where it is missing, malformed or of vectors of another length. */
export function readGraphHeader(folder: string, dimensions: number): GraphHeader | undefined {
  try {
    const header = headerSchema.parse(JSON.parse(readFileSync(join(folder, GRAPH_HEADER_FILE), "utf8")));
    return header.dimensions === dimensions ? header : undefined;
  } catch {
    return undefined;
  }
}

/** True where the graph's file is there and is the one that the header was written for. */
export async function isGraphSound(folder: string, header: GraphHeader): Promise<boolean> {
  return (await readGraph(folder, header)) !== undefined;
}

/** The graph that a header was written for; undefined where the file is missing or is not that graph. */
export async function readGraph(
  folder: string,
  { checksum, points }: GraphHeader,
): Promise<LinkTable | undefined> {
  try {
    const bytes = await readFile(join(folder, GRAPH_FILE));
    if (sha256(bytes) !== checksum) return undefined;
    const upperAt =
      points * (Float64Array.BYTES_PER_ELEMENT + (1 + roomOf(0)) * Int32Array.BYTES_PER_ELEMENT);
    const groundAt = points * Float64Array.BYTES_PER_ELEMENT;
    const { buffer } = Uint8Array.from(bytes); // of its own, so that it begins where an array may begin
    const table = new LinkTable(
      new Float64Array(buffer, 0, points),
      new Int32Array(buffer, groundAt, points * (1 + roomOf(0))),
      new Int32Array(buffer, upperAt),
    );
    return table.isSound() ? table : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Writes a graph and its header: temporary files, synced and renamed, so that at each moment the two are a matching
 * pair or are seen not to be.
 */
export async function writeGraphFiles(
  folder: string,
  contents: Pick<GraphHeader, "index" | "generation" | "dimensions">,
  { keys, ground, upper }: LinkTable,
): Promise<void> {
  const graphPath = join(folder, GRAPH_FILE);
  const headerPath = join(folder, GRAPH_HEADER_FILE);
  const temporary = `${graphPath}.${process.pid}.tmp`;
  const graph = Buffer.concat(
    [keys, ground, upper].map((part) => new Uint8Array(part.buffer, part.byteOffset, part.byteLength)),
  );
  const header: GraphHeader = { format: 2, ...contents, points: keys.length, checksum: sha256(graph) };
  try {
    await writeFile(temporary, graph);
    sync(temporary);
    reached("graph: the graph is written");
    rmSync(headerPath, { force: true });
    reached("graph: the old header is gone");
    renameSync(temporary, graphPath);
    reached("graph: the graph is in its place");
    writeFileSync(temporary, JSON.stringify(header));
    sync(temporary);
    reached("graph: the header is written");
    renameSync(temporary, headerPath);
    reached("graph: the header is in its place");
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** The header goes first: a graph without one is not looked at. */
export function removeGraphFiles(folder: string): void {
  for (const name of [GRAPH_HEADER_FILE, GRAPH_FILE]) rmSync(join(folder, name), { force: true });
}

/** The temporary files of processes that died while they wrote a graph. */
export function abandonedGraphFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.startsWith(`${GRAPH_FILE}.`) && name.endsWith(".tmp"))
    .map((name) => join(folder, name));
}

/** Hex. */
function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function sync(path: string): void {
  const file = openSync(path, "r");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
