import { WaymarkError } from "../errors.js";
import { DEFAULT_COLLECTION } from "../store/collection.js";
import type { CollectionSource } from "../store/store.js";
import { scanAdded } from "./added.js";
import { ADDED_SCHEME } from "./added-uri.js";
import { type Scan, type ScanOptions, type Skipped, type SourceFile, scan } from "./scan.js";

export interface FindOptions extends Pick<ScanOptions, "missing" | "onFolder" | "onPassedOver"> {
  collections: readonly CollectionSource[];
  /** The folder of the files that were added one by one: they are in the default collection, whatever its paths are. */
  added?: string | undefined;
  /** The kinds of files to look for: lower case, with the dot. */
  extensions: Iterable<string>;
}

export interface FoundFile extends SourceFile {
  collection: string;
  /** The path within its folder: parsers get it, so that it stands in their messages. */
  plainUri: string;
}

/**
 * The files of all collections and those that were added. The uris of the default collection are the plain paths; those
 * of `notes` begin with `notes://`, as no path does. An index folder may lie inside a collection: what was added is
 * found once all the same.
 * @throws WaymarkError `corpus-not-found`; with `missing: "keep"` only where no path of any collection is there
 */
export async function findFiles(options: FindOptions): Promise<Scan & { files: FoundFile[] }> {
  const { collections, added, extensions, missing, onFolder, onPassedOver } = options;
  const own = added === undefined ? undefined : await scanAdded(added, extensions);
  const ownPaths = new Set(own?.files.map(({ path }) => path));
  const all: Scan & { files: FoundFile[] } = { files: [], unreadable: [], unsupported: [] };
  const absent: WaymarkError[] = [];
  for (const { collection, paths, include, exclude } of collections) {
    const prefix = collection === DEFAULT_COLLECTION ? "" : `${collection}://`;
    const inside = (skipped: Skipped) => ({ ...skipped, uri: prefix + skipped.uri });
    const scanned = await scan(paths, extensions, {
      include,
      exclude,
      ...(missing !== undefined && { missing }),
      ...(onFolder !== undefined && { onFolder }),
      ...(onPassedOver !== undefined && { onPassedOver: (passed) => onPassedOver(inside(passed)) }),
    }).catch((error: unknown) => {
      const isAbsent = WaymarkError.isInstance(error) && error.code === "corpus-not-found";
      if (missing !== "keep" || !isAbsent) throw error;
      absent.push(error);
      return { files: [], unreadable: [{ uri: "", reason: error.message }], unsupported: [] };
    });
    for (const { path, uri } of scanned.files) {
      if (!ownPaths.has(path)) all.files.push({ path, uri: prefix + uri, plainUri: uri, collection });
    }
    all.unreadable.push(...scanned.unreadable.map(inside));
    all.unsupported.push(...scanned.unsupported.map(inside));
  }
  const [first] = absent;
  if (first !== undefined && absent.length === collections.length) throw first;
  for (const { path, uri } of own?.files ?? []) {
    const plainUri = uri.slice(ADDED_SCHEME.length);
    all.files.push({ path, uri, plainUri, collection: DEFAULT_COLLECTION });
  }
  all.unreadable.push(...(own?.unreadable ?? []));
  return all;
}

/** Whether a document is, or is below, what could not be read. An empty uri is the default collection's whole folder. */
export function isWithin(uri: string, unreadable: string): boolean {
  if (unreadable === "") return !uri.includes("://") && !uri.startsWith(ADDED_SCHEME);
  const isRoot = unreadable === ADDED_SCHEME || unreadable.endsWith("://");
  return uri === unreadable || uri.startsWith(isRoot ? unreadable : `${unreadable}/`);
}
