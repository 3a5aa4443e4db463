import type { Collection, DataObject, Properties } from "weaviate-client";

/** Objects in one request; their texts and vectors take some 4 KB each. */
const BATCH = 200;

/**
 * Writes objects, over those of the same id. What the cluster did not take is tried again by whoever repeats the whole.
 * @throws Error where some were not taken, with the first reason
 */
export async function writeObjects<T extends Properties>(
  collection: Collection<T>,
  objects: readonly (DataObject<T> & { id: string })[],
): Promise<void> {
  for (let start = 0; start < objects.length; start += BATCH) {
    const { hasErrors, errors } = await collection.data.insertMany(objects.slice(start, start + BATCH));
    const failed = Object.values(errors);
    if (!hasErrors || failed.length === 0) continue;
    throw new Error(`${failed.length} objects were not written: ${failed[0]?.message}`);
  }
}

/** Ids in one request. */
const IDS = 250;

/** An object with the properties that were asked for. */
export interface Found<T> {
  uuid: string;
  properties: T;
  vectors: { default?: number[] };
}

/** The objects with these ids that are there, in no order. */
export async function readObjects<T extends Properties, K extends keyof T & string>(
  collection: Collection<T>,
  ids: readonly string[],
  properties: readonly K[],
  { vectors = false }: { vectors?: boolean } = {},
): Promise<Found<Pick<T, K>>[]> {
  const found: Found<Pick<T, K>>[] = [];
  for (let start = 0; start < ids.length; start += IDS) {
    const some = ids.slice(start, start + IDS);
    const { objects } = await collection.query.fetchObjects({
      filters: collection.filter.byId().containsAny(some),
      limit: some.length,
      returnProperties: properties as never,
      includeVector: vectors,
    });
    found.push(...(objects as unknown as Found<Pick<T, K>>[]));
  }
  return found;
}

/** Objects in one page of {@link allObjects}. */
const PAGE = 500;

/** All objects of a collection, in the order of their ids. */
export async function* allObjects<T extends Properties, K extends keyof T & string>(
  collection: Collection<T>,
  properties: readonly K[],
): AsyncGenerator<Found<Pick<T, K>>> {
  let after: string | undefined;
  for (;;) {
    const { objects } = await collection.query.fetchObjects({
      limit: PAGE,
      returnProperties: properties as never,
      ...(after === undefined ? {} : { after }),
    });
    yield* objects as unknown as Found<Pick<T, K>>[];
    after = objects.at(-1)?.uuid;
    if (objects.length < PAGE) return;
  }
}
