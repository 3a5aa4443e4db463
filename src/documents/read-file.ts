import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";

/** A larger file is not read: in memory it takes several times its size. */
export const MAX_FILE_BYTES = 256 * 1024 * 1024;

/** How often a file that changes while it is read is read again. */
const ATTEMPTS = 3;

/**
 * The bytes of a file, all of one moment. A symbolic link is not followed: what was a file when the folder was looked
 * through may be a link out of it by now. The thread waits for the disk, so it is one that has nothing else to do.
 * @throws Error whose message is the reason for a person: it is too large, keeps changing, is no file, cannot be opened.
 */
export function readSourceFile(path: string, maxBytes = MAX_FILE_BYTES): Uint8Array {
  // Without NONBLOCK the opening of a pipe would wait for someone to write into it.
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const bytes = readOnce(file, maxBytes);
      if (bytes !== undefined) return bytes;
    }
  } finally {
    closeSync(file);
  }
  throw new Error("It changes while it is read. The next run reads it again.");
}

/** Undefined where the file was not the same before and after. */
function readOnce(file: number, maxBytes: number): Uint8Array | undefined {
  const before = fstatSync(file);
  if (!before.isFile()) throw new Error("It is no file.");
  if (before.size > maxBytes) {
    throw new Error(`It has more than ${Math.round(maxBytes / 1024 / 1024)} MB.`);
  }
  const bytes = new Uint8Array(before.size);
  let filled = 0;
  while (filled < bytes.length) {
    const bytesRead = readSync(file, bytes, filled, bytes.length - filled, filled);
    if (bytesRead === 0) return undefined;
    filled += bytesRead;
  }
  const after = fstatSync(file);
  return after.size === before.size && after.mtimeMs === before.mtimeMs ? bytes : undefined;
}
