import type { SourceDocument } from "../documents/document.js";
import { asAdded, scanAdded } from "./added.js";
import { ADDED_SCHEME } from "./added-uri.js";
import { readSourceFile } from "./read-file.js";
import { type IngestParts, IngestRun, type IngestSummary, sha256 } from "./run.js";
import { type Scan, type SourceFile, scan } from "./scan.js";

export type { IngestParts, IngestProgress, IngestSummary } from "./run.js";

export interface IngestOptions extends IngestParts {
  /** A folder or file, or several. Afterwards the index holds what they hold, and nothing else from files. */
  corpus: string | readonly string[];
  /** The folder of the files that were added one by one: they stay, whatever the corpus is. */
  added?: string;
  /** The kinds of files to look for: lower case, with the dot. */
  extensions: Iterable<string>;
  /** Parses a file; what it throws is the reason for skipping the file. */
  load: (file: SourceFile & { bytes: Uint8Array }) => Promise<SourceDocument>;
}

/** Documents that came through {@link ingestDocuments} have uris that start so; files never remove them. */
export const LANGCHAIN_SCHEME = "langchain:";

/**
 * Brings the index up to date with the files. What a file's bytes and the way of building passages have made before
 * is not made again; what changed is replaced; what is gone is removed, so that an empty folder empties the index.
 *
 * A file that cannot be read or parsed is skipped with its reason. If an earlier version of it is in the index, that
 * version stays, and the reason says so: a file that is half written or locked for a moment must not vanish from the
 * answers. The same goes for all that is in a folder that cannot be looked into.
 * @throws WaymarkError `corpus-not-found` (nothing is changed), `aborted`, and what the store and the embedder throw.
 */
export async function ingest(options: IngestOptions): Promise<IngestSummary> {
  const { corpus, added, extensions, load, store } = options;
  const { files, unreadable, unsupported } = await scanBoth(corpus, added, extensions);
  const run = await IngestRun.start(options, files.length + unreadable.length + unsupported.length);
  for (const { uri, reason } of unreadable) run.skip(uri, reason, true);
  for (const { uri, reason } of unsupported) run.skip(uri, reason, false);
  for (const file of files) {
    await run.document(file.uri, async (unchanged) => {
      const bytes = await readSourceFile(file.path);
      const contentHash = sha256(bytes);
      return unchanged(contentHash) ? undefined : { contentHash, document: await loadAs({ ...file, bytes }) };
    });
  }
  const kept = unreadable.map(({ uri }) => (uri === "" || uri === ADDED_SCHEME ? uri : `${uri}/`));
  if (added === undefined) kept.push(ADDED_SCHEME);
  for (const { id, uri } of await store.documents()) {
    if (run.seen.has(id) || uri.startsWith(LANGCHAIN_SCHEME) || kept.some((folder) => uri.startsWith(folder)))
      continue;
    await run.remove(id, uri);
  }
  return run.finish();

  async function loadAs(file: SourceFile & { bytes: Uint8Array }): Promise<SourceDocument> {
    if (!file.uri.startsWith(ADDED_SCHEME)) return load(file);
    return asAdded(await load({ ...file, uri: file.uri.slice(ADDED_SCHEME.length) }));
  }
}

/** An index folder may lie inside the corpus: what was added is found once all the same. */
async function scanBoth(
  corpus: string | readonly string[],
  added: string | undefined,
  extensions: Iterable<string>,
): Promise<Scan> {
  const found = await scan(corpus, extensions);
  if (added === undefined) return found;
  const own = await scanAdded(added, extensions);
  const ownPaths = new Set(own.files.map(({ path }) => path));
  return {
    files: [...found.files.filter(({ path }) => !ownPaths.has(path)), ...own.files],
    unreadable: [...found.unreadable, ...own.unreadable],
    unsupported: found.unsupported,
  };
}
