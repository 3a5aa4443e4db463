import { type FSWatcher, promises as fs, statSync, watch } from "node:fs";
import { extname, join, relative, sep } from "node:path";
import { IGNORE_FILE } from "./rules.js";

export interface FolderWatchOptions {
  /** The kinds of files that matter: lower case, with the dot. */
  extensions: Iterable<string>;
  /** Folders of which nothing is told, and nothing of what is below them: those that Waymark writes to itself. */
  without?: readonly string[];
  /** Something may have changed. Called often. */
  onChange: () => void;
  /** The system watches no more folders: from now on changes in some go untold. Called once. */
  onLimit: (error: Error) => void;
}

/**
 * Watches folders one by one, as a scan comes across them: the system's own notices cost nothing while nothing happens.
 * A folder is watched before it is looked into, so no change falls between the two. Notices say that something changed
 * and not what: the next scan sees that, so one that is lost or doubled does no harm.
 */
export class FolderWatch {
  readonly #options: FolderWatchOptions;
  readonly #extensions: ReadonlySet<string>;
  readonly #watched = new Map<string, { inode: number; watcher: FSWatcher }>();
  #seen = new Set<string>();
  #limited = false;

  constructor(options: FolderWatchOptions) {
    this.#options = options;
    this.#extensions = new Set(options.extensions);
  }

  /** False where some folder could not be watched. */
  get isComplete(): boolean {
    return !this.#limited;
  }

  /** How many folders are watched. */
  get size(): number {
    return this.#watched.size;
  }

  /** Watches a folder from now on; one that took the place of another at the same path, too. */
  add(folder: string): void {
    const { without = [], onChange, onLimit } = this.#options;
    if (without.some((own) => isWithin(folder, own))) return;
    this.#seen.add(folder);
    const inode = statSync(folder, { throwIfNoEntry: false })?.ino;
    const known = this.#watched.get(folder);
    if (inode === undefined || known?.inode === inode) return;
    known?.watcher.close();
    this.#watched.delete(folder);
    try {
      const watcher = watch(folder, (_, name) => void this.#heard(folder, name));
      // A folder that is deleted may end its watch so.
      watcher.on("error", () => onChange());
      this.#watched.set(folder, { inode, watcher });
    } catch (error) {
      if (this.#limited || !(error instanceof Error)) return;
      this.#limited = true;
      onLimit(error);
    }
  }

  /** A whole scan is over: what it did not come across is watched no more. */
  endScan(): void {
    for (const [folder, { watcher }] of this.#watched) {
      if (this.#seen.has(folder)) continue;
      watcher.close();
      this.#watched.delete(folder);
    }
    this.#seen = new Set();
  }

  close(): void {
    this.#seen = new Set();
    this.endScan();
  }

  async #heard(folder: string, name: string | null): Promise<void> {
    if (name === null || (await this.#matters(folder, name))) this.#options.onChange();
  }

  /** A log that grows beside the documents, or an editor's temporary file, is no reason to look. */
  async #matters(folder: string, name: string): Promise<boolean> {
    if (name === IGNORE_FILE) return true;
    if (name.startsWith(".") || name.startsWith("~$")) return false;
    const extension = extname(name).toLowerCase();
    const path = join(folder, name);
    if (extension === "" || this.#extensions.has(extension) || this.#watched.has(path)) return true;
    return fs.stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    );
  }
}

function isWithin(path: string, folder: string): boolean {
  const inside = relative(folder, path);
  return inside === "" || (inside.split(sep)[0] !== ".." && !inside.startsWith(sep) && inside !== path);
}
