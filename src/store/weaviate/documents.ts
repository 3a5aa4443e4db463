import type { SourceDocument } from "../../documents/document.js";
import { DEFAULT_COLLECTION } from "../collection.js";
import { recordChecksum } from "../records.js";
import type { DocumentRecord, DocumentSummary, DocumentVersion } from "../store.js";
import { encodeVector } from "../vectors.js";
import { objectId } from "./ids.js";
import { allObjects, type Found, readObjects, writeObjects } from "./objects.js";
import type { Collections, DocumentObject } from "./schema.js";

/** The revision of a document whose passages are to be seen, and how many there are. */
export interface Revision {
  revision: string;
  passages: number;
}

/** Names a record by all that it holds: the same record has the same revision, whoever writes it. */
export function revisionOf(record: DocumentRecord): string {
  const {
    document,
    contentHash,
    collection = DEFAULT_COLLECTION,
    indexedAt,
    passages,
    vectors,
    tokens,
  } = record;
  const head = JSON.stringify([document, contentHash, indexedAt]);
  return recordChecksum(
    head,
    passages.map((passage, index) => ({
      body: JSON.stringify(passage),
      vector: encodeVector(vectors[index] as Float32Array),
      tokens: tokens?.[index],
    })),
    collection,
  );
}

/** Writes documents: from then on the passages of these revisions are seen, and no others. */
export function writeDocuments(
  { documents }: Collections,
  records: readonly (DocumentRecord & { revision: string })[],
  fingerprint: string,
): Promise<void> {
  return writeObjects(
    documents,
    records.map((record) => ({
      id: objectId(record.document.id),
      properties: {
        documentId: record.document.id,
        revision: record.revision,
        fingerprint,
        passages: record.passages.length,
        summary: JSON.stringify(summaryOf(record)),
        source: JSON.stringify(record.document),
      },
    })),
  );
}

/** Takes a document away; its passages are not seen from then on. */
export async function deleteDocument({ documents }: Collections, id: string): Promise<void> {
  await documents.data.deleteMany(documents.filter.byId().equal(objectId(id)));
}

/** By document id; those that are not there are left out. */
export async function readRevisions(
  { documents }: Collections,
  ids: Iterable<string>,
): Promise<Map<string, Revision>> {
  const wanted = [...new Set(ids)].map((id) => objectId(id));
  const found = await readObjects(documents, wanted, ["documentId", "revision", "passages"]);
  return new Map(found.map(({ properties: { documentId, ...revision } }) => [documentId, revision]));
}

/** See `Store.versions`. */
export async function readVersions(
  collections: Collections,
  known: ReadonlyMap<string, string | undefined>,
): Promise<Map<string, DocumentVersion>> {
  const earlier = [...known].flatMap(([id, revision]) => (revision === undefined ? [] : [id]));
  const present = await readRevisions(collections, earlier);
  const versions = new Map<string, DocumentVersion>();
  const wanted: string[] = [];
  for (const [id, revision] of known) {
    if (revision !== undefined && present.get(id)?.revision === revision) versions.set(id, { revision });
    else wanted.push(objectId(id));
  }
  const found = await readObjects(collections.documents, wanted, ["documentId", "revision", "source"]);
  for (const { properties } of found) {
    const { documentId, revision, source } = properties;
    versions.set(documentId, { revision, document: JSON.parse(source) as SourceDocument });
  }
  return versions;
}

/** The document itself; undefined where it is not there. */
export async function readSource(
  { documents }: Collections,
  id: string,
): Promise<SourceDocument | undefined> {
  const [found] = await readObjects(documents, [objectId(id)], ["source"]);
  return found && (JSON.parse(found.properties.source) as SourceDocument);
}

/** See `Store.documents`. */
export async function readSummaries(
  { documents }: Collections,
  ids: readonly string[] | undefined,
  fingerprint: string | undefined,
): Promise<DocumentSummary[]> {
  const properties = ["summary", "fingerprint"] as const;
  const found: Found<Pick<DocumentObject, (typeof properties)[number]>>[] = [];
  if (ids === undefined) {
    for await (const object of allObjects(documents, properties)) found.push(object);
  } else {
    const wanted = [...new Set(ids)].map((id) => objectId(id));
    found.push(...(await readObjects(documents, wanted, properties)));
  }
  return found
    .map(({ properties: { summary, fingerprint: own } }): DocumentSummary => {
      const stale = fingerprint !== undefined && own !== fingerprint;
      return { ...(JSON.parse(summary) as DocumentSummary), ...(stale ? { stale } : {}) };
    })
    .sort((a, b) => (a.uri < b.uri ? -1 : a.uri > b.uri ? 1 : 0));
}

/** How many documents there are, and how many passages of them are seen. */
export async function countDocuments({
  documents,
}: Collections): Promise<{ documents: number; passages: number }> {
  const { totalCount, properties } = await documents.aggregate.overAll({
    returnMetrics: documents.metrics.aggregate("passages").integer(["sum"]),
  });
  return { documents: totalCount, passages: properties.passages?.sum ?? 0 };
}

function summaryOf(record: DocumentRecord): DocumentSummary {
  const { document, contentHash, collection = DEFAULT_COLLECTION, indexedAt, passages } = record;
  const { id, uri, title, mediaType, text, pages } = document;
  const lastPage = pages.at(-1)?.value;
  return {
    id,
    uri,
    collection,
    title,
    mediaType,
    contentHash,
    indexedAt,
    passages: passages.length,
    characters: text.length,
    ...(lastPage === undefined ? {} : { pages: lastPage }),
  };
}
