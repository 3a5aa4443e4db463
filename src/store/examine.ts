import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import type Database from "libsql";
import { WaymarkError } from "../errors.js";
import { DATABASE_FILE, openConnection } from "./connection.js";
import { examineRows } from "./examine-rows.js";
import {
  abandonedGraphFiles,
  GRAPH_FILE,
  isGraphSound,
  isOlderGraph,
  readGraphHeader,
} from "./graph-file.js";
import { type Owner, raiseGeneration, readOwner } from "./owner.js";
import { changedDefinition } from "./schema.js";
import { SqliteStore } from "./sqlite.js";
import { bytesOf } from "./text.js";
import { inTransaction } from "./transaction.js";
import { lockForWriting } from "./writer-lock.js";

/** Something in an index folder that is not as it should be. */
export interface Finding {
  /** The file's path. */
  file: string;
  /** What is wrong: one sentence. */
  problem: string;
  /** What has been done about it; undefined where nothing has. */
  repaired?: string;
  /** What the person can do: one sentence. */
  remedy?: string;
}

/**
 * Looks at every byte of an index: SQLite's own structures, the full-text index, each document's checksum, the rows
 * that belong together, the graph. With `repair`, what is derived is made again from what it was derived from, and a
 * document whose rows are damaged is taken out, so that the next ingest reads its file again.
 * @throws WaymarkError `index-locked` where something is to be repaired while another process writes
 */
export async function examineIndex(folder: string, { repair }: { repair: boolean }): Promise<Finding[]> {
  if (!existsSync(join(folder, DATABASE_FILE))) return [];
  const unlock = repair ? lockForWriting(folder) : () => undefined;
  try {
    const left = abandonedFiles(folder, repair);
    const { owner, findings } = examineDatabase(folder, repair);
    const graph =
      owner !== undefined && (!repair || findings.every(isRepaired))
        ? await examineGraph(folder, owner, repair)
        : [];
    return [...left, ...findings, ...graph];
  } finally {
    unlock();
  }
}

/** True where nothing is left to be done about it. */
export function isRepaired({ repaired }: Finding): boolean {
  return repaired !== undefined;
}

function abandonedFiles(folder: string, repair: boolean): Finding[] {
  return abandonedGraphFiles(folder).map((file) => {
    const problem = "A process that died while it wrote the graph has left it.";
    if (!repair) return { file, problem, remedy: REPAIR };
    rmSync(file, { force: true });
    return { file, problem, repaired: "removed" };
  });
}

const REPAIR = "Run `waymark doctor`, which repairs it.";
const REBUILD = "Make the index again with `waymark ingest --rebuild`.";

function examineDatabase(folder: string, repair: boolean): { findings: Finding[]; owner?: Owner } {
  const file = join(folder, DATABASE_FILE);
  let database: Database.Database | undefined;
  try {
    database = openConnection({ folder, readOnly: !repair, busyTimeout: 2_000, verify: false });
    const findings = examineStructure(database, file, repair);
    findings.push(...examineContents(database, file, repair));
    const owner = readOwner(database);
    return owner === undefined ? { findings } : { findings, owner };
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/\.$/, "") : String(error);
    const remedy = WaymarkError.isInstance(error) ? error.hint : undefined;
    return { findings: [{ file, problem: `${reason}.`, remedy: remedy ?? REBUILD }] };
  } finally {
    database?.close();
  }
}

/** FTS5 keeps the texts themselves beside its index of them, and can make the index again. */
function examineStructure(database: Database.Database, file: string, repair: boolean): Finding[] {
  const changed = changedDefinition(database);
  if (changed !== undefined) throw new Error(`The database is damaged: ${changed} is not defined as it was`);
  const verdict = integrity(database);
  if (verdict === "ok") return [];
  if (!/FTS5/i.test(verdict)) throw new Error(`The database is damaged: ${verdict}`);
  const problem = "The full-text index does not fit the passages.";
  if (!repair) return [{ file, problem, remedy: REPAIR }];
  database.exec("INSERT INTO passages_text (passages_text) VALUES ('rebuild')");
  const after = integrity(database);
  if (after !== "ok") throw new Error(`The database is damaged: ${after}`);
  return [{ file, problem, repaired: "made again from the stored texts" }];
}

/** "ok", or the first thing that is wrong. */
function integrity(database: Database.Database): string {
  const row = database.prepare(`SELECT ${bytesOf("integrity_check")} FROM pragma_integrity_check(1)`).get();
  return Buffer.from((row as { integrity_check: ArrayBuffer }).integrity_check).toString();
}

function examineContents(database: Database.Database, file: string, repair: boolean): Finding[] {
  const { damaged, orphans } = inTransaction(database, "DEFERRED", () => examineRows(database));
  if (repair && damaged.length + orphans.length > 0) {
    inTransaction(database, "IMMEDIATE", () => {
      for (const { key } of damaged) {
        database.prepare("DELETE FROM documents WHERE id = CAST(? AS TEXT)").run([key]);
      }
      for (const { table, key } of orphans)
        database
          .prepare(`DELETE FROM ${table} WHERE ${table === "passages_text" ? "rowid" : "key"} = ?`)
          .run(key);
      raiseGeneration(database);
    });
  }
  const done = (repaired: string) => (repair ? { repaired } : { remedy: REPAIR });
  return [
    ...damaged.map(({ uri, problem }) => ({
      file,
      problem: `${uri}: ${problem}.`,
      ...done("taken out; `waymark ingest` reads its file again"),
    })),
    ...(orphans.length === 0
      ? []
      : [{ file, problem: `${orphans.length} rows belong to no document.`, ...done("removed") }]),
  ];
}

/** A graph that is missing or out of step is no damage: it is a cache. It is brought in step all the same. */
async function examineGraph(folder: string, owner: Owner, repair: boolean): Promise<Finding[]> {
  const header = readGraphHeader(folder, owner.dimensions);
  const file = join(folder, GRAPH_FILE);
  const damaged =
    header === undefined ? existsSync(file) && !isOlderGraph(folder) : !(await isGraphSound(folder, header));
  if (repair) {
    const store = SqliteStore.open({ folder, ...owner });
    try {
      await store.optimize();
    } finally {
      await store.close();
    }
  }
  if (!damaged) return [];
  const problem = "The graph is not the one that its header was written for.";
  return [
    {
      file,
      problem,
      ...(repair
        ? { repaired: "made again from the stored vectors, or removed where none is needed" }
        : { remedy: REPAIR }),
    },
  ];
}
