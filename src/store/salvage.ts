import { join } from "node:path";
import Database from "libsql";
import { DATABASE_FILE } from "./connection.js";
import { readSources } from "./owner.js";
import type { CollectionSource } from "./store.js";

/**
 * What a damaged database still says of where its documents came from, so that making it again reads the same files;
 * empty where it says nothing any more.
 */
export function salvageSources(folder: string): CollectionSource[] {
  let database: Database.Database | undefined;
  try {
    database = new Database(join(folder, DATABASE_FILE));
    database.exec("PRAGMA query_only = ON");
    return readSources(database).filter(isWhole);
  } catch {
    return [];
  } finally {
    database?.close();
  }
}

/** A damaged database may say anything. */
function isWhole({ collection, paths, include = [], exclude = [] }: CollectionSource): boolean {
  const lists = [paths, include, exclude];
  return (
    typeof collection === "string" &&
    lists.every((list) => Array.isArray(list) && list.every((entry) => typeof entry === "string"))
  );
}
