import type { Collection } from "weaviate-client";
import type { Passage } from "../../passages/passage.js";
import { textKey } from "../../passages/text-key.js";
import { DEFAULT_COLLECTION } from "../collection.js";
import { searchedText } from "../records.js";
import type { DocumentRecord } from "../store.js";
import { readRevisions } from "./documents.js";
import { allOf } from "./filter.js";
import { objectId } from "./ids.js";
import { type Found, readObjects, writeObjects } from "./objects.js";
import type { Collections, PassageObject, TokensObject } from "./schema.js";
import { type Stemmer, weightedStems } from "./stems.js";

/** Writes the passages of records. They are not seen before their documents name their revisions. */
export function writePassages(
  { passages }: Collections,
  records: readonly (DocumentRecord & { revision: string })[],
  stemmer: Stemmer,
): Promise<void> {
  return writeObjects(
    passages,
    records.flatMap((record) => toObjects(record, stemmer)),
  );
}

/** Deletes the passages of a document with their token vectors, of all revisions but the one given. */
export async function deletePassages(
  { passages, tokens }: Collections,
  documentId: string,
  except?: string,
): Promise<void> {
  for (const each of [passages, tokens]) {
    await deleteFrom(each as unknown as Collection<Revised>, documentId, except);
  }
}

/** What is written for one revision of a document. */
type Revised = Pick<PassageObject, "documentId" | "revision">;

async function deleteFrom(passages: Collection<Revised>, documentId: string, except?: string): Promise<void> {
  const ofDocument = passages.filter.byProperty("documentId").equal(documentId);
  const others = except === undefined ? [] : [passages.filter.byProperty("revision").notEqual(except)];
  const where = allOf([ofDocument, ...others]) ?? ofDocument;
  for (;;) {
    // A request deletes 10,000 at most.
    const { matches, failed } = await passages.data.deleteMany(where);
    if (failed > 0) throw new Error(`${failed} passages were not deleted: consistency level not reached`);
    if (matches < DELETED_AT_ONCE) return;
  }
}

const DELETED_AT_ONCE = 10_000;

/** The passages with these ids, of the revisions that are seen; unknown ids are left out. */
export function readPassages<K extends keyof PassageObject & string>(
  collections: Collections,
  ids: readonly string[],
  properties: readonly K[],
  options: { vectors?: boolean } = {},
): Promise<Map<string, Found<Pick<PassageObject, K | "passageId">>>> {
  return readSeen(collections, collections.passages, ids, [...properties, "passageId"], options);
}

/**
 * What a collection has of the passages with these ids, of the revisions that are seen. A document that is replaced
 * meanwhile is read again.
 * @param options `sparse`: not every passage has something there
 */
export async function readSeen<T extends PassageObject | TokensObject, K extends keyof T & string>(
  collections: Collections,
  from: Collection<T>,
  ids: readonly string[],
  properties: readonly (K | "passageId")[],
  { vectors = false, sparse = false }: { vectors?: boolean; sparse?: boolean } = {},
): Promise<Map<string, Found<Pick<T, K | "passageId">>>> {
  for (let attempt = 1; ; attempt += 1) {
    const revisions = await readRevisions(collections, ids.map(documentIdOf));
    const wanted = [...new Set(ids)].flatMap((id) => {
      const revision = revisions.get(documentIdOf(id));
      return revision !== undefined && ordinalOf(id) < revision.passages
        ? [objectId(id, revision.revision)]
        : [];
    });
    const found = await readObjects(from, wanted, properties, { vectors });
    if (found.length === wanted.length || attempt === ATTEMPTS || (sparse && found.length === 0)) {
      return new Map(found.map((object) => [object.properties.passageId, object]));
    }
  }
}

const ATTEMPTS = 3;

/** The ids of a document's passages, in order. */
export function passageIds(documentId: string, passages: number): string[] {
  return Array.from({ length: passages }, (_, ordinal) => `${documentId}:${ordinal}`);
}

/** The document that a passage id names. */
export function documentIdOf(passageId: string): string {
  return passageId.slice(0, passageId.lastIndexOf(":"));
}

function ordinalOf(passageId: string): number {
  return Number(passageId.slice(passageId.lastIndexOf(":") + 1));
}

function toObjects(record: DocumentRecord & { revision: string }, stemmer: Stemmer) {
  const { document, revision, passages, vectors, collection = DEFAULT_COLLECTION } = record;
  const stemmed = stemmer.stem(passages.map((passage) => searchedText(passage, document.title)));
  return passages.map((passage: Passage, index) => {
    return {
      id: objectId(passage.id, revision),
      properties: {
        passageId: passage.id,
        documentId: document.id,
        revision,
        collection,
        textKey: String(textKey(passage)),
        body: JSON.stringify(passage),
        stems: weightedStems(stemmed[index] ?? { body: [], headings: [], title: [] }),
      },
      vectors: Array.from(vectors[index] as Float32Array),
    };
  });
}
