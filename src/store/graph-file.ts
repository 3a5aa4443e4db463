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

/**
 * The graph's file in the index folder, that of the projection which its points went through, and the small file beside
 * them that says what they were built from.
 */
export const GRAPH_FILE = "graph.hnsw";
export const PROJECTION_FILE = "graph.projection";
export const GRAPH_HEADER_FILE = "graph.json";

/** The files that the header's checksum is of. */
const CHECKED = [GRAPH_FILE, PROJECTION_FILE];

/** The header goes first where they are removed: a graph without one is not looked at. */
const FILES = [GRAPH_HEADER_FILE, ...CHECKED];

/** Rises with each change of what the files hold. */
const FORMAT = 2;

const headerSchema = z.strictObject({
  format: z.literal(FORMAT),
  index: z.string(),
  generation: z.number().int(),
  /** Numbers in a vector, and in a point. */
  dimensions: z.number().int(),
  pointSize: z.number().int(),
  /** Squared length that the points have lost in the projection, all together. */
  lost: z.number(),
  /** Points in the file, with the deleted ones. */
  points: z.number().int(),
  /** Keys that are marked as deleted. */
  deleted: z.array(z.number().int()),
  /** SHA-256 of the graph's file and then the projection's, hex. */
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

/** True where the header was written by a version of Waymark whose graphs are not read any more: no damage, it is made anew. */
export function isOlderGraph(folder: string): boolean {
  try {
    const { format } = JSON.parse(readFileSync(join(folder, GRAPH_HEADER_FILE), "utf8")) as {
      format?: unknown;
    };
    return typeof format === "number" && format < FORMAT;
  } catch {
    return false;
  }
}

/** Tells a graph's files from those that take their place; undefined where one is missing. */
export function graphFileStamp(folder: string): string | undefined {
  const files = CHECKED.map((name) => statSync(join(folder, name), { throwIfNoEntry: false }));
  if (files.includes(undefined)) return undefined;
  return files.map((file) => `${file?.ino} ${file?.size} ${file?.mtimeMs}`).join(" ");
}

/** True where the graph's file and the projection's are there and are those that the header was written for. */
export async function isGraphSound(folder: string, { checksum }: GraphHeader): Promise<boolean> {
  try {
    return (await sha256(CHECKED.map((name) => join(folder, name)))) === checksum;
  } catch {
    return false;
  }
}

/**
 * Writes a graph, its projection and its header: temporary files, synced and renamed, so that at each moment the three
 * belong together or are seen not to.
 * @param writeGraph writes the graph to the path that it is given
 */
export async function writeGraphFiles(
  folder: string,
  contents: Omit<GraphHeader, "format" | "checksum">,
  projection: Uint8Array,
  writeGraph: (path: string) => Promise<unknown>,
): Promise<void> {
  const temporary = (name: string) => join(folder, `${name}.${process.pid}.tmp`);
  const rename = (name: string) => renameSync(temporary(name), join(folder, name));
  try {
    await writeGraph(temporary(GRAPH_FILE));
    sync(temporary(GRAPH_FILE));
    writeSynced(temporary(PROJECTION_FILE), projection);
    const header: GraphHeader = {
      format: FORMAT,
      ...contents,
      checksum: await sha256(CHECKED.map(temporary)),
    };
    reached("graph: the graph is written");
    rmSync(join(folder, GRAPH_HEADER_FILE), { force: true });
    reached("graph: the old header is gone");
    rename(GRAPH_FILE);
    reached("graph: the graph is in its place");
    rename(PROJECTION_FILE);
    writeSynced(temporary(GRAPH_HEADER_FILE), JSON.stringify(header));
    reached("graph: the header is written");
    rename(GRAPH_HEADER_FILE);
    reached("graph: the header is in its place");
  } finally {
    for (const name of FILES) rmSync(temporary(name), { force: true });
  }
}

/** @throws the system's error where it cannot be read */
export function readProjection(folder: string): Uint8Array {
  return readFileSync(join(folder, PROJECTION_FILE));
}

export function removeGraphFiles(folder: string): void {
  for (const name of FILES) rmSync(join(folder, name), { force: true });
}

/** The temporary files of processes that died while they wrote a graph. */
export function abandonedGraphFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => FILES.some((file) => name.startsWith(`${file}.`)) && name.endsWith(".tmp"))
    .map((name) => join(folder, name));
}

/** Of some files, one after another, hex; read in parts, so that other work gets its turns. */
async function sha256(paths: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const path of paths)
    await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash, { end: false });
  return hash.digest("hex");
}

function writeSynced(path: string, content: string | Uint8Array): void {
  writeFileSync(path, content);
  sync(path);
}

function sync(path: string): void {
  const file = openSync(path, "r");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
