import { objectId } from "./ids.js";
import { readObjects, writeObjects } from "./objects.js";
import type { Collections } from "./schema.js";

/** Reads what is kept under a name; undefined where nothing is. */
export async function readSetting<T>({ settings }: Collections, name: string): Promise<T | undefined> {
  const [found] = await readObjects(settings, [objectId(name)], ["value"]);
  return found && (JSON.parse(found.properties.value) as T);
}

/** Keeps a value under a name, instead of what was there. */
export function writeSetting({ settings }: Collections, name: string, value: unknown): Promise<void> {
  const properties = { name, value: JSON.stringify(value) };
  return writeObjects(settings, [{ id: objectId(name), properties }]);
}
