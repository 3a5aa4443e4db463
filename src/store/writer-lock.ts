import { lstatSync, truncateSync } from "node:fs";
import { join } from "node:path";
import Database from "libsql";
import { WaymarkError } from "../errors.js";

/** The lock's file in the index folder. It is empty and stays there: only the lock on it counts. */
export const LOCK_FILE = "writer.lock";

/** SQLite's code for a lock that another holds. */
const BUSY = "SQLITE_BUSY";

/**
 * Takes the right to bring an index up to date, which one process has at a time: two that follow different folders
 * would each remove what the other added. It is SQLite's own exclusive lock on a file beside the database, so it works
 * wherever the database does, and the system takes it back from a process that dies.
 *
 * @returns gives the right back; may be called twice
 * @throws WaymarkError `index-locked` at once where another has it
 */
export function lockForWriting(folder: string): () => void {
  const path = join(folder, LOCK_FILE);
  // What is in it is not from us, and SQLite would take it for a damaged database. A lock on it stays.
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found?.isFile() && found.size > 0) truncateSync(path);
  const lock = new Database(path, { timeout: 0 });
  try {
    lock.exec("BEGIN EXCLUSIVE");
  } catch (cause) {
    lock.close();
    if (!(cause instanceof Error && "code" in cause && cause.code === BUSY)) throw cause;
    throw new WaymarkError("index-locked", `Another process is bringing the index in ${folder} up to date.`, {
      hint: "Wait until it has finished, or end it, and try again. Questions can be asked meanwhile.",
      cause,
    });
  }
  return () => {
    if (lock.open) lock.close();
  };
}
