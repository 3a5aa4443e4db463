import { accessSync, constants, existsSync, mkdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import Database from "libsql";
import { WaymarkError } from "../errors.js";
import { examineRows } from "./examine-rows.js";
import { APPLICATION_ID, changedDefinition, migrate, SCHEMA_VERSION, schemaVersion } from "./schema.js";
import { bytesOf, DamagedText } from "./text.js";
import { inTransaction } from "./transaction.js";

/** The database's name in the index folder. */
export const DATABASE_FILE = "waymark.db";

export interface ConnectionOptions {
  folder: string;
  readOnly: boolean;
  /** Milliseconds to wait for another writer before giving up with `index-locked`. */
  busyTimeout: number;
  /** Read the whole file and refuse it as damaged unless all of it is sound: seconds for a large one. */
  verify: boolean;
}

/**
 * Opens the index's database, making folder and tables where there are none (unless read-only), and checks that it is
 * one that this version can use.
 * @throws WaymarkError `index-not-ready`, `index-mismatch`, `index-damaged`, `index-locked`, or `invalid-settings`
 * where the folder cannot be used.
 */
export function openConnection({
  folder,
  readOnly,
  busyTimeout,
  verify,
}: ConnectionOptions): Database.Database {
  if (readOnly) requireDatabase(folder);
  else requireWritable(folder);
  const path = join(folder, DATABASE_FILE);
  return explaining(folder, () => {
    const database = new Database(path, { timeout: busyTimeout });
    try {
      requireUsable(database, path, readOnly);
      database.exec(`PRAGMA foreign_keys = ON; PRAGMA cache_size = -${CACHE_KIB}`);
      if (readOnly) {
        database.exec("PRAGMA query_only = ON");
      } else {
        // FULL, not NORMAL: after a power cut NORMAL may lose the last commits, and the graph's file, which is synced,
        // would be ahead of the database by a generation number that is then given out again.
        database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
        migrate(database);
      }
      if (verify) requireSound(database, folder);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  });
}

/**
 * Pages that SQLite keeps: its own 2 MiB are less than a search of 100,000 passages reads. With 32 MiB it takes as long (34 to 36 ms of
 * processor time), and the process 30 MiB more.
 */
const CACHE_KIB = 8 * 1024;

/** Deletes the database's files: for an index that is damaged and is to be made anew. */
export function deleteDatabase(folder: string): void {
  for (const suffix of ["", "-wal", "-shm"]) rmSync(join(folder, DATABASE_FILE + suffix), { force: true });
}

/** Runs `work` and turns what SQLite throws into a WaymarkError that says what to do. */
export function explaining<T>(folder: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw explain(error, folder);
  }
}

/** The primary result codes that a person can do something about (https://www.sqlite.org/rescode.html). */
const BUSY = 5;
const LOCKED = 6;
const READONLY = 8;
const IOERR = 10;
/** IOERR with its detail: the file ends in the middle of a page. */
const SHORT_READ = 522;
const CORRUPT = 11;
const FULL = 13;
const CANTOPEN = 14;
const CONSTRAINT = 19;
const NOTADB = 26;

/**
 * Waymark's statements are its own: where SQLite can make nothing of one, the tables are not those that it was written for.
 * But a question in the words of FTS5, and the order of transactions, are Waymark's to get right.
 */
const ERROR = 1;
const OWN_FAULT = /^fts5: syntax error|transaction/;

function explain(error: unknown, folder: string): unknown {
  if (!(error instanceof Error) || WaymarkError.isInstance(error)) return error;
  // JSON that cannot be read is nothing that Waymark has written.
  if (error instanceof DamagedText || error instanceof SyntaxError) return damaged(folder, error);
  switch (resultCode(error)) {
    case BUSY:
    case LOCKED:
      return new WaymarkError("index-locked", `Another process is writing to the index in ${folder}.`, {
        hint: "Wait until it has finished, or end it, and try again.",
        cause: error,
      });
    case CORRUPT:
    case NOTADB:
    // Records are checked before they are written: what they clash with was not written by Waymark.
    case CONSTRAINT:
      return damaged(folder, error);
    case FULL:
    case IOERR:
      if ("rawCode" in error && error.rawCode === SHORT_READ) return damaged(folder, error);
      return new WaymarkError(
        "internal",
        `The index in ${folder} could not be read or written: ${error.message}.`,
        {
          hint: "Look whether the disk is full or failing.",
          cause: error,
        },
      );
    case CANTOPEN:
    case READONLY:
      return unusableFolder(folder, error);
    case ERROR:
      return OWN_FAULT.test(error.message) ? error : damaged(folder, error);
    default:
      return error;
  }
}

/** libsql gives the code as a field, except when it opens a file: then it stands at the end of the message. */
function resultCode(error: Error): number | undefined {
  if ("rawCode" in error && typeof error.rawCode === "number") return error.rawCode & 0xff;
  const atEnd = /ConnectionFailed\(.*: (\d+)"\)$/s.exec(error.message)?.[1];
  return atEnd === undefined ? undefined : Number(atEnd) & 0xff;
}

function damaged(folder: string, cause?: unknown): WaymarkError {
  return new WaymarkError("index-damaged", `The index in ${folder} is damaged and cannot be read.`, {
    hint: "Make it again with `waymark ingest --rebuild`, or use another folder with --index.",
    cause,
  });
}

function unusableFolder(folder: string, cause: unknown): WaymarkError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new WaymarkError("invalid-settings", `The index folder ${folder} cannot be used: ${reason}.`, {
    hint: "Choose a folder that you can write to with --index.",
    cause,
  });
}

function requireDatabase(folder: string): void {
  if (!existsSync(join(folder, DATABASE_FILE))) throw notReady(folder);
}

function notReady(folder: string): WaymarkError {
  return new WaymarkError("index-not-ready", `There is no index in ${folder} yet.`, {
    hint: "Make one with `waymark ingest`.",
  });
}

function requireWritable(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch (cause) {
    throw unusableFolder(folder, cause);
  }
}

/** Reads only, so that a file that is refused stays as it was. */
function requireUsable(database: Database.Database, path: string, readOnly: boolean): void {
  const version = schemaVersion(database);
  const tables = database.prepare("SELECT count(*) AS count FROM sqlite_master").get() as { count: number };
  const application = database.prepare("PRAGMA application_id").get() as { application_id: number };
  if (tables.count === 0) {
    if (readOnly) throw notReady(path);
    return;
  }
  if (application.application_id !== APPLICATION_ID) {
    throw new WaymarkError("index-mismatch", `${path} is a database, but not one that Waymark made.`, {
      hint: "Use another folder with --index, or move that file away.",
    });
  }
  if (version > SCHEMA_VERSION || (readOnly && version < SCHEMA_VERSION)) {
    const age = version > SCHEMA_VERSION ? "a newer" : "an older";
    throw new WaymarkError(
      "index-mismatch",
      `The index ${path} was made by ${age} version of Waymark (schema ${version}, this one has ${SCHEMA_VERSION}).`,
      {
        hint:
          version > SCHEMA_VERSION
            ? "Use that version of Waymark, or another folder with --index."
            : "Bring it up to date with `waymark ingest`.",
      },
    );
  }
  requireWhole(database, path);
}

/** Whatever is wrong would stop the one who writes into it, some of it only at the last document. */
function requireSound(database: Database.Database, folder: string): void {
  const row = database.prepare(`SELECT ${bytesOf("integrity_check")} FROM pragma_integrity_check(1)`).get();
  const verdict = Buffer.from((row as { integrity_check: ArrayBuffer }).integrity_check).toString();
  if (verdict !== "ok") throw damaged(folder, new Error(verdict));
  const changed = changedDefinition(database);
  if (changed !== undefined) throw damaged(folder, new Error(`${changed} is not defined as it was.`));
  database.exec("INSERT INTO passages_text (passages_text) VALUES ('integrity-check')");
  const { damaged: documents, orphans } = inTransaction(database, "DEFERRED", () => examineRows(database));
  if (documents.length + orphans.length > 0)
    throw damaged(folder, new Error("Its rows do not fit together."));
}

/** A file that was cut short is found here at once, and not when the first missing page is wanted. */
function requireWhole(database: Database.Database, path: string): void {
  const pages = database
    .prepare("SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size")
    .get();
  const { bytes } = pages as { bytes: number };
  const inWal = existsSync(`${path}-wal`) && statSync(`${path}-wal`).size > 0;
  if (!inWal && statSync(path).size < bytes) throw damaged(path);
}
