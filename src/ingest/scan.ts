import { type Dirent, promises as fs } from "node:fs";
import { dirname, extname, join, relative, resolve, sep } from "node:path";
import { WaymarkError } from "../errors.js";
import { GRAPH_FILE, GRAPH_HEADER_FILE } from "../store/graph-file.js";
import { IGNORE_FILE, type PathPatterns, PathRules } from "./rules.js";

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

export interface ScanOptions extends PathPatterns {
  /** What to do where one of the paths is not there. Default: refuse; keep: it counts as a folder that cannot be read. */
  missing?: "refuse" | "keep";
  /** Called with each folder before it is looked into. */
  onFolder?: (path: string) => void;
  /** Called with what a rule passes over, folders with a slash at their end. */
  onPassedOver?: (passed: Skipped) => void;
}

/**
 * Finds the files to index: those with one of the extensions (".md", in lower case) under the given folders, and the
 * given files. Passed over are: what the patterns and the `.waymarkignore` files say; hidden files and folders,
 * `node_modules` and what Word keeps beside an open document; and symbolic links: a link within the corpus leads to what
 * is found anyway, any other one out of it. The given paths themselves may be links, and given files are always taken.
 *
 * The uri is relative to the folder given; to a single file's folder; of several paths, to the deepest folder that
 * holds them all.
 * @throws WaymarkError `corpus-not-found` where one of the paths does not exist; with `missing: "keep"`, where none does.
 */
export async function scan(
  corpus: string | readonly string[],
  extensions: Iterable<string>,
  { missing = "refuse", onFolder, onPassedOver, ...patterns }: ScanOptions = {},
): Promise<Scan> {
  const supported = new Set(extensions);
  const roots = await findRoots([corpus].flat(), missing);
  const base = commonFolder(roots.map(({ path, kind }) => (kind === "file" ? dirname(path) : path)));
  const toUri = (path: string) => slashed(relative(base, path));
  const files = new Map<string, SourceFile>();
  const unreadable: Skipped[] = [];
  const unsupported: Skipped[] = [];

  const walk = async (root: string, folder: string, above: PathRules): Promise<void> => {
    onFolder?.(folder);
    let entries: Dirent[];
    let rules: PathRules;
    try {
      entries = await fs.readdir(folder, { withFileTypes: true });
      rules = await withIgnoreFile(above, root, folder, entries);
    } catch (error) {
      unreadable.push({ uri: toUri(folder), reason: reasonOf(error) });
      return;
    }
    const isIndex = entries.some(({ name }) => name === GRAPH_FILE);
    for (const entry of entries) {
      const path = join(folder, entry.name);
      const reason =
        againstEntry(entry) ??
        (isIndex && entry.name === GRAPH_HEADER_FILE ? "a part of an index" : undefined) ??
        rules.against(slashed(relative(root, path)), entry.isDirectory()) ??
        (entry.isDirectory() || isSupported(path) ? undefined : `no parser for ${extname(path) || "it"}`);
      if (reason !== undefined)
        onPassedOver?.({ uri: toUri(path) + (entry.isDirectory() ? "/" : ""), reason });
      else if (entry.isDirectory()) await walk(root, path, rules);
      else files.set(path, { path, uri: toUri(path) });
    }
  };
  const isSupported = (path: string) => supported.has(extname(path).toLowerCase());

  for (const { path, kind, target } of roots) {
    if (kind === "folder") await walk(path, path, new PathRules(patterns));
    else if (kind === "missing") unreadable.push({ uri: toUri(path), reason: notThere(path).message });
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

/** Why an entry of a folder is never looked at; undefined where it may be. */
function againstEntry(entry: Dirent): string | undefined {
  if (entry.name === IGNORE_FILE) return "it says what to ignore";
  if (entry.name.startsWith(".")) return "hidden";
  if (entry.name === "node_modules") return "node_modules";
  if (entry.name.startsWith("~$")) return "Word keeps it beside an open document";
  if (entry.isSymbolicLink()) return "a symbolic link";
  return entry.isDirectory() || entry.isFile() ? undefined : "no file";
}

/** What cannot be read here may say that all is to be ignored: then the folder is not looked into. */
async function withIgnoreFile(
  rules: PathRules,
  root: string,
  folder: string,
  entries: readonly Dirent[],
): Promise<PathRules> {
  if (!entries.some(({ name }) => name === IGNORE_FILE)) return rules;
  return rules.with(slashed(relative(root, folder)), await fs.readFile(join(folder, IGNORE_FILE), "utf8"));
}

interface Root {
  path: string;
  kind: "file" | "folder" | "missing";
  /** Where a link leads. */
  target: string;
}

async function findRoots(paths: readonly string[], missing: "refuse" | "keep"): Promise<Root[]> {
  const roots = await Promise.all(
    paths.map(async (given): Promise<Root> => {
      const path = resolve(given);
      try {
        const kind = (await fs.stat(path)).isDirectory() ? "folder" : "file";
        return { path, kind, target: await fs.realpath(path) };
      } catch (cause) {
        if (missing === "refuse") throw notThere(path, cause);
        return { path, kind: "missing", target: path };
      }
    }),
  );
  const [first] = roots;
  if (first !== undefined && roots.every(({ kind }) => kind === "missing")) throw notThere(first.path);
  return roots;
}

function notThere(path: string, cause?: unknown): WaymarkError {
  return new WaymarkError("corpus-not-found", `There is no file or folder ${path} to index.`, {
    hint: "Check the path, or choose another with --corpus. The index is as it was.",
    cause,
  });
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

function slashed(path: string): string {
  return path.split(sep).join("/");
}
