import type Database from "libsql";
import { WaymarkError } from "../errors.js";
import type { ModelIdentity } from "../models/model.js";
import { DEFAULT_COLLECTION } from "./collection.js";
import type { IndexState } from "./graph.js";
import { readSetting, writeSetting } from "./settings.js";
import type { CollectionSource } from "./store.js";
import { inTransaction } from "./transaction.js";

/** The model that an index belongs to, and the length of its vectors. */
export interface Owner {
  embedder: ModelIdentity;
  dimensions: number;
}

/** Which database this is and how many changes it has behind it. */
export function readState(database: Database.Database): IndexState {
  return {
    index: readSetting(database, "index") ?? "",
    generation: readGeneration(database),
  };
}

/** How many changes the database has behind it. */
export function readGeneration(database: Database.Database): number {
  return Number(readSetting(database, "generation") ?? 0);
}

/** The model that the index belongs to; undefined where it has no owner yet. */
export function readOwner(database: Database.Database): Owner | undefined {
  const identity = readSetting(database, "embedder");
  if (identity === undefined) return undefined;
  const { name, checksum, dimensions } = JSON.parse(identity) as ModelIdentity & { dimensions: number };
  return { embedder: { name, checksum }, dimensions };
}

/** Counts a change; inside the transaction that makes it. */
export function raiseGeneration(database: Database.Database): void {
  database.exec("UPDATE settings SET value = value + 1 WHERE name = 'generation'");
}

/**
 * Refuses an index that belongs to another model: also after opening, for another process may have made it anew.
 * @throws WaymarkError `index-mismatch`
 */
export function requireOwner(database: Database.Database, folder: string, owner: Owner): void {
  const other = readSetting(database, "embedder");
  if (other !== undefined && other !== identityOf(owner)) throw otherOwner(other, folder, owner);
}

/**
 * Makes an index the owner's: one that has no owner or no passages, or, where `rebuild` says so, empties it first.
 * @throws WaymarkError `index-mismatch`
 */
export function claim(database: Database.Database, folder: string, owner: Owner, rebuild: boolean): void {
  const identity = identityOf(owner);
  if (readSetting(database, "embedder") === identity) return;
  inTransaction(database, "IMMEDIATE", () => {
    const { count } = database.prepare("SELECT count(*) AS count FROM passages").get() as { count: number };
    if (count > 0 && !rebuild) requireOwner(database, folder, owner);
    database.exec("DELETE FROM documents");
    writeSetting(database, "embedder", identity);
    if (count > 0) raiseGeneration(database);
  });
}

/** See `Store.sources`. Before there were collections, the paths of the default one were all there was. */
export function readSources(database: Database.Database): CollectionSource[] {
  const stored = JSON.parse(readSetting(database, "sources") ?? "[]") as (string | CollectionSource)[];
  const paths = stored.filter((source) => typeof source === "string");
  const sources = stored.filter((source) => typeof source !== "string");
  return paths.length > 0 ? [{ collection: DEFAULT_COLLECTION, paths }, ...sources] : sources;
}

export function writeSources(database: Database.Database, sources: readonly CollectionSource[]): void {
  writeSetting(database, "sources", JSON.stringify(sources));
}

function identityOf({ embedder: { name, checksum }, dimensions }: Owner): string {
  return JSON.stringify({ name, checksum, dimensions });
}

function otherOwner(other: string, folder: string, { embedder }: Owner): WaymarkError {
  const { name } = JSON.parse(other) as ModelIdentity;
  const made = name === embedder.name ? `another version of ${name}` : name;
  return new WaymarkError(
    "index-mismatch",
    `The index in ${folder} was made with the embedder ${made}; the settings name ${embedder.name}.`,
    { hint: "Make it again with `waymark ingest --rebuild`, or use another folder with --index." },
  );
}
