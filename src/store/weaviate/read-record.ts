import { WaymarkError } from "../../errors.js";
import type { Passage } from "../../passages/passage.js";
import type { DocumentRecord, DocumentSummary } from "../store.js";
import { objectId } from "./ids.js";
import { readObjects } from "./objects.js";
import { passageIds, readPassages } from "./passages.js";
import type { Collections } from "./schema.js";
import { readTokens } from "./tokens.js";

/**
 * See `Store.record`. A document that is replaced meanwhile is read again.
 * @throws WaymarkError `index-damaged` where passages of it are missing
 */
export async function readRecord(collections: Collections, id: string): Promise<DocumentRecord | undefined> {
  const wanted = ["source", "summary", "revision", "passages"] as const;
  for (let attempt = 1; ; attempt += 1) {
    const [found] = await readObjects(collections.documents, [objectId(id)], wanted);
    if (found === undefined) return undefined;
    const { source, summary, ...revision } = found.properties;
    const ids = passageIds(id, revision.passages);
    const rows = await readPassages(collections, ids, ["body", "revision"], { vectors: true });
    const packed = await readTokens(collections, ids);
    if (
      rows.size < ids.length ||
      [...rows.values()].some(({ properties }) => properties.revision !== revision.revision)
    ) {
      if (attempt < ATTEMPTS) continue;
      throw new WaymarkError("index-damaged", `Passages of ${id} are missing in the cluster.`, {
        hint: "Where a node was away, wait until it is brought up to date; else run `waymark ingest --rebuild`.",
      });
    }
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

const ATTEMPTS = 5;
