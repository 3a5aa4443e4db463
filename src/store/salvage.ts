import { join } from "node:path";
import Database from "libsql";
import { DATABASE_FILE } from "./connection.js";
import { readSources } from "./owner.js";

/**
 * What a damaged database still says of where its documents came from, so that making it again reads the same files;
 * empty where it says nothing any more.
 */
export function salvageSources(folder: string): string[] {
  let database: Database.Database | undefined;
  try {
    database = new Database(join(folder, DATABASE_FILE));
    database.exec("PRAGMA query_only = ON");
    return readSources(database).filter((path) => typeof path === "string");
  } catch {
    return [];
  } finally {
    database?.close();
  }
}
