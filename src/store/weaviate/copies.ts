import type { Passage } from "../../passages/passage.js";
import type { CopiesOptions } from "../store.js";
import { readRevisions } from "./documents.js";
import { allOf, filterOf } from "./filter.js";
import type { Found } from "./objects.js";
import { readPassages } from "./passages.js";
import type { Collections, PassageObject } from "./schema.js";

/** Passages that say the same, of one passage: a sentence that stands in more places than this is no find. */
const MOST = 200;

/** See `Store.copies`. */
export async function readCopies(
  collections: Collections,
  ids: readonly string[],
  options: CopiesOptions,
): Promise<Map<string, Passage[]>> {
  const copies = new Map<string, Passage[]>();
  if (options.documentIds?.length === 0 || options.collections?.length === 0) return copies;
  const known = await readPassages(collections, ids, ["textKey"]);
  const keys = new Set([...known.values()].map(({ properties }) => properties.textKey));
  const same = new Map(
    await Promise.all([...keys].map(async (key) => [key, await withKey(collections, key, options)] as const)),
  );
  for (const [id, { properties }] of known) {
    const others = (same.get(properties.textKey) ?? []).filter((passage) => passage.id !== id);
    if (others.length > 0) copies.set(id, others.slice(0, options.limit));
  }
  return copies;
}

/** The passages with a key that are seen, those that were stored first at the front. */
async function withKey(collections: Collections, key: string, options: CopiesOptions): Promise<Passage[]> {
  const { passages } = collections;
  const limits = filterOf(collections, options);
  const ofKey = passages.filter.byProperty("textKey").equal(key);
  const { objects } = await passages.query.fetchObjects({
    filters: allOf([ofKey, ...(limits === undefined ? [] : [limits])]) ?? ofKey,
    limit: MOST,
    returnProperties: ["documentId", "revision", "body"],
    returnMetadata: ["creationTime"],
  });
  const hits = objects as unknown as Hit[];
  const revisions = await readRevisions(
    collections,
    hits.map(({ properties }) => properties.documentId),
  );
  return hits
    .filter(({ properties: { documentId, revision } }) => revisions.get(documentId)?.revision === revision)
    .map(({ properties: { body }, metadata: { creationTime } }) => ({
      stored: creationTime?.getTime() ?? 0,
      passage: JSON.parse(body) as Passage,
    }))
    .sort((a, b) => a.stored - b.stored || a.passage.ordinal - b.passage.ordinal)
    .map(({ passage }) => passage);
}

type Hit = Found<Pick<PassageObject, "documentId" | "revision" | "body">> & {
  metadata: { creationTime?: Date };
};
