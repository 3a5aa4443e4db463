import { stat } from "node:fs/promises";

/** A file's state on disk: as long as it is the same, so are the bytes. */
export interface Stamp {
  /** Inode, size and times, to the nanosecond. */
  state: string;
  bytes: number;
  /** Milliseconds since its content or its place last changed; negative where its clock is ahead of ours. */
  age: number;
}

/** @throws the system's error where there is no such file */
export async function stampOf(path: string): Promise<Stamp> {
  const { ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
  const changed = Math.max(Number(mtimeNs), Number(ctimeNs)) / 1e6;
  return {
    state: [ino, size, mtimeNs, ctimeNs].join(" "),
    bytes: Number(size),
    // Our clock is read in whole milliseconds: what was changed in this one has not changed in the future.
    age: Math.ceil(Date.now() - changed),
  };
}

/** What a file was found to hold: the hash of its content, or the reason for which it was skipped. */
export type Found = { contentHash: string } | { reason: string };

/** A file that was changed so shortly before it was read may change again within one tick of its clock. */
const MIN_AGE = 1_000;

/** Remembers, while the process runs, what files hold, so that a file of the same state need not be read again. */
export class Stamps {
  readonly #found = new Map<string, { state: string; found: Found }>();

  /** What the file was found to hold in this very state; undefined where that is not known. */
  find(path: string, { state }: Stamp): Found | undefined {
    const entry = this.#found.get(path);
    return entry?.state === state ? entry.found : undefined;
  }

  /** `stamp` was taken before the file was read. */
  remember(path: string, { state, age }: Stamp, found: Found): void {
    if (age >= MIN_AGE) this.#found.set(path, { state, found });
    else this.#found.delete(path);
  }
}
