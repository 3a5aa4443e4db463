import { type Dirent, promises as fs } from "node:fs";
import { dirname, extname, join, relative, resolve, sep } from "node:path";
import { WaymarkError } from "../errors.js";

/** A file to index. */
export interface SourceFile {
  path: string;
  /** The path relative to the corpus folder, with forward slashes. */
  uri: string;
}

/** A file that is not indexed, or a folder that could not be looked into, and why. */
export interface Skipped {
  uri: string;
  reason: string;
}

export interface Scan {
  /** Ordered by uri. */
  files: SourceFile[];
  /** Folders that could not be read: what the index has of them is not known to be gone. */
  unreadable: Skipped[];
  /** Files that were named but cannot be indexed. */
  unsupported: Skipped[];
}

/**
 * Finds the files to index: those with one of the extensions (".md", in lower case) under the given folders, and the
 * given files. Hidden files and folders, `node_modules` and symbolic links are passed over: a link within the corpus
 * leads to what is found anyway, any other one out of it. The given paths themselves may be links.
 *
 * The uri is relative to the folder given; to a single file's folder; of several paths, to the deepest folder that
 * holds them all.
 * @throws WaymarkError `corpus-not-found` where one of the paths does not exist.
 */
export async function scan(corpus: string | readonly string[], extensions: Iterable<string>): Promise<Scan> {
  const supported = new Set(extensions);
  const roots = await Promise.all([corpus].flat().map(toRoot));
  const base = commonFolder(roots.map(({ path, isFolder }) => (isFolder ? path : dirname(path))));
  const toUri = (path: string) => relative(base, path).split(sep).join("/");
  const files = new Map<string, SourceFile>();
  const unreadable: Skipped[] = [];
  const unsupported: Skipped[] = [];

  const walk = async (folder: string): Promise<void> => {
    let entries: Dirent[];
    try {
      entries = await fs.readdir(folder, { withFileTypes: true });
    } catch (error) {
      unreadable.push({ uri: toUri(folder), reason: reasonOf(error) });
      return;
    }
    for (const entry of entries) {
      if (entry.name.startsWith(".") || entry.name === "node_modules") continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) await walk(path);
      else if (entry.isFile() && isSupported(path)) files.set(path, { path, uri: toUri(path) });
    }
  };
  const isSupported = (path: string) => supported.has(extname(path).toLowerCase());

  for (const { path, isFolder, target } of roots) {
    if (isFolder) await walk(path);
    else if (isSupported(path)) files.set(path, { path: target, uri: toUri(path) });
    else
      unsupported.push({
        uri: toUri(path),
        reason: `No parser for this kind of file; there is one for ${[...supported].join(", ")}.`,
      });
  }
  return {
    files: [...files.values()].sort((a, b) => (a.uri < b.uri ? -1 : 1)),
    unreadable,
    unsupported,
  };
}

/** The sentence that an error has for a person. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function toRoot(given: string): Promise<{ path: string; isFolder: boolean; target: string }> {
  const path = resolve(given);
  try {
    return { path, isFolder: (await fs.stat(path)).isDirectory(), target: await fs.realpath(path) };
  } catch (cause) {
    throw new WaymarkError("corpus-not-found", `There is no file or folder ${path} to index.`, {
      hint: "Check the path, or choose another with --corpus. The index is as it was.",
      cause,
    });
  }
}

function commonFolder(folders: readonly string[]): string {
  const [first = resolve("."), ...others] = folders;
  let common = first;
  while (
    others.some(
      (folder) => folder !== common && !folder.startsWith(common.endsWith(sep) ? common : common + sep),
    )
  ) {
    common = dirname(common);
  }
  return common;
}
