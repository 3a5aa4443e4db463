import { createHash } from "node:crypto";
import {
  closeSync,
  createReadStream,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { reached } from "./steps.js";

/** The graph's file in the index folder, and the small file beside it that says what it was built from. */
export const GRAPH_FILE = "graph.hnsw";
export const GRAPH_HEADER_FILE = "graph.json";

const headerSchema = z.strictObject({
  format: z.literal(1),
  index: z.string(),
  generation: z.number().int(),
  dimensions: z.number().int(),
  /** Points in the file, with the deleted ones. */
  points: z.number().int(),
  /** Keys that are marked as deleted. */
  deleted: z.array(z.number().int()),
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

/** Tells a graph's file from one that takes its place; undefined where there is none. */
export function graphFileStamp(folder: string): string | undefined {
  const file = statSync(join(folder, GRAPH_FILE), { throwIfNoEntry: false });
  return file && `${file.ino} ${file.size} ${file.mtimeMs}`;
}

/** True where the graph's file is there and is the one that the header was written for. */
export async function isGraphSound(folder: string, { checksum }: GraphHeader): Promise<boolean> {
  try {
    return (await sha256(join(folder, GRAPH_FILE))) === checksum;
  } catch {
    return false;
  }
}

/**
 * Writes a graph and its header: temporary files, synced and renamed, so that at each moment the two are a matching
 * pair or are seen not to be.
 * @param writeGraph writes the graph to the path that it is given
 */
export async function writeGraphFiles(
  folder: string,
  contents: Omit<GraphHeader, "format" | "checksum">,
  writeGraph: (path: string) => Promise<unknown>,
): Promise<void> {
  const graphPath = join(folder, GRAPH_FILE);
  const headerPath = join(folder, GRAPH_HEADER_FILE);
  const temporary = `${graphPath}.${process.pid}.tmp`;
  try {
    await writeGraph(temporary);
    sync(temporary);
    const header: GraphHeader = { format: 1, ...contents, checksum: await sha256(temporary) };
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

/** Of a file, hex; read in parts, so that other work gets its turns. */
async function sha256(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest("hex");
}

function sync(path: string): void {
  const file = openSync(path, "r");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
