import { documentId } from "../documents/document-id.js";
import type { Loaded } from "../documents/parser-thread.js";
import { mapConcurrently } from "../models/map-concurrently.js";
import { ADDED_SCHEME } from "./added-uri.js";
import { type FindOptions, type FoundFile, findFiles, isWithin } from "./find-files.js";
import { type IngestParts, IngestRun, type IngestSummary } from "./run.js";
import { reasonOf, type SourceFile } from "./scan.js";
import { Stamps, stampOf } from "./stamps.js";

export type { IngestParts, IngestProgress, IngestSummary, Outcome } from "./run.js";

/** Afterwards each of the collections holds what its files hold, and nothing else from files; others stay as they are. */
export interface IngestOptions extends IngestParts, FindOptions {
  /**
   * Reads a file of about so many `bytes`, and parses it where its content's hash is not the known one; what it throws is the reason for
   * skipping the file.
   */
  load: (file: SourceFile & { bytes: number }, known: string | undefined) => Promise<Loaded>;
  /** What earlier runs found in the files: with it, only files whose state on disk is another one are read. */
  stamps?: Stamps;
  /** Files that were changed within so many milliseconds are left for the next run: they may be half written. */
  settle?: number;
}

/** Documents that came through {@link ingestDocuments} have uris that start so; files never remove them. */
export const LANGCHAIN_SCHEME = "langchain:";

/**
 * Brings collections up to date with their files. What a file's bytes and the way of building passages have made before
 * is not made again; what changed is replaced; what is gone is removed, so that an empty folder empties its collection.
 *
 * A file that cannot be read or parsed is skipped with its reason. If an earlier version of it is in the index, that
 * version stays, and the reason says so: a file that is half written or locked for a moment must not vanish from the
 * answers. The same goes for all that is in a folder that cannot be looked into.
 * @throws WaymarkError `corpus-not-found` (nothing is changed), `aborted`, and what the store and the embedder throw.
 */
export async function ingest(options: IngestOptions): Promise<IngestSummary> {
  const { collections, added, load, store, rebuild, settle = 0 } = options;
  const found = await findFiles(options);
  const { unreadable, unsupported } = found;
  const files = await mapConcurrently(found.files, STATS_AT_ONCE, async (file) => ({
    ...file,
    stamp: await stampOf(file.path).catch(() => undefined),
  }));
  const bytes = files.reduce((sum, { stamp }) => sum + (stamp?.bytes ?? 0), 0);
  const run = await IngestRun.start(options, files.length + unreadable.length + unsupported.length, bytes);
  for (const { uri, reason } of unreadable) run.skip({ uri }, reason, true);
  for (const { uri, reason } of unsupported) run.skip({ uri }, reason, false);
  const stamps = options.stamps ?? new Stamps();
  for (const file of files) {
    const { uri, path, collection, stamp } = file;
    const before = stamp && stamps.find(path, stamp);
    const item = { uri, collection, bytes: stamp?.bytes ?? 0 };
    if (before === undefined && stamp !== undefined && stamp.age >= 0 && stamp.age < settle) {
      run.wait(item);
      continue;
    }
    await run.document(item, async (known) => {
      if (before !== undefined && rebuild !== true) {
        if ("reason" in before) throw new Error(before.reason);
        if (before.contentHash === known) return { ...before, document: undefined };
      }
      try {
        const loaded = await loadAs(file, item.bytes, known);
        if (stamp !== undefined) stamps.remember(path, stamp, { contentHash: loaded.contentHash });
        return loaded;
      } catch (error) {
        if (stamp !== undefined) stamps.remember(path, stamp, { reason: reasonOf(error) });
        throw error;
      }
    });
  }
  const names = new Set(collections.map(({ collection }) => collection));
  const kept = unreadable.map(({ uri }) => uri);
  for (const { id, uri, collection } of await store.documents()) {
    if (run.seen.has(id) || uri.startsWith(LANGCHAIN_SCHEME)) continue;
    const isOurs = uri.startsWith(ADDED_SCHEME) ? added !== undefined : names.has(collection);
    if (isOurs && !kept.some((folder) => isWithin(uri, folder))) await run.remove(id, uri);
  }
  return run.finish();

  async function loadAs(file: FoundFile, bytes: number, known: string | undefined): Promise<Loaded> {
    const { contentHash, document } = await load({ path: file.path, bytes, uri: file.plainUri }, known);
    return {
      contentHash,
      document: document && { ...document, uri: file.uri, id: documentId(file.uri) },
    };
  }
}

/** How many files are asked for their state at once. */
const STATS_AT_ONCE = 16;
