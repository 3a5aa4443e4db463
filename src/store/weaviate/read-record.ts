import type { Passage } from "../../passages/passage.js";
import type { DocumentRecord, DocumentSummary } from "../store.js";
import { objectId } from "./ids.js";
import { readObjects } from "./objects.js";
import { passageIds, readPassages } from "./passages.js";
import type { Collections } from "./schema.js";
import { readTokens } from "./tokens.js";

/** See `Store.record`. A document that is replaced meanwhile is read again. */
export async function readRecord(collections: Collections, id: string): Promise<DocumentRecord | undefined> {
  const wanted = ["source", "summary", "revision", "passages"] as const;
  for (;;) {
    const [found] = await readObjects(collections.documents, [objectId(id)], wanted);
    if (found === undefined) return undefined;
    const { source, summary, ...revision } = found.properties;
    const ids = passageIds(id, revision);
    const rows = await readPassages(collections, ids, ["body", "revision"], { vectors: true });
    const packed = await readTokens(collections, ids);
    if (
      rows.size < ids.length ||
      [...rows.values()].some(({ properties }) => properties.revision !== revision.revision)
    )
      continue;
    const { contentHash, indexedAt, collection } = JSON.parse(summary) as DocumentSummary;
    const inOrder = ids.flatMap((passageId) => rows.get(passageId) ?? []);
    const tokens = ids.flatMap((passageId) => packed.get(passageId) ?? []);
    return {
      document: JSON.parse(source),
      contentHash,
      collection,
      indexedAt,
      passages: inOrder.map(({ properties }) => JSON.parse(properties.body) as Passage),
      vectors: inOrder.map(({ vectors }) => Float32Array.from(vectors.default ?? [])),
      ...(tokens.length === ids.length && ids.length > 0 ? { tokens } : {}),
    };
  }
}
