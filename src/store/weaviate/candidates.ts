import type { FilterValue } from "weaviate-client";
import { dot } from "../../passages/vector.js";
import { queryWords } from "../full-text.js";
import type { Candidate, CandidateQuery } from "../store.js";
import { unit } from "../vectors.js";
import { readRevisions } from "./documents.js";
import { allOf, filterOf } from "./filter.js";
import type { Found } from "./objects.js";
import type { Collections, PassageObject } from "./schema.js";
import type { Stemmer } from "./stems.js";

/**
 * See `Store.candidates`. Weaviate finds the best by its graph and by its BM25 at once; then those that only the graph
 * found are given their BM25, and those that only BM25 found their cosine. Its own hybrid search would leave the missing
 * scores out: the fusion here, which is the same as there (min-max, then the weighted sum), knows both of each.
 */
export async function findCandidates(
  collections: Collections,
  stemmer: Stemmer,
  query: CandidateQuery & { vector: Float32Array },
): Promise<Candidate[]> {
  const { text, depth, documentIds, collections: within } = query;
  if (documentIds?.length === 0 || within?.length === 0) return [];
  const vector = unit(query.vector);
  const words = queryWords(text).map((body) => ({ body, headings: "", title: "" }));
  const stems = stemmer
    .stem(words)
    .flatMap(({ body }) => body)
    .join(" ");
  const filter = filterOf(collections, query);
  for (let attempt = 1, limit = depth; ; attempt += 1) {
    const [nearest, matching] = await Promise.all([
      findNearest(collections, vector, limit, filter),
      findMatching(collections, stems, limit, filter),
    ]);
    const matched = new Set(matching.map(({ uuid }) => uuid));
    const unmatched = nearest.map(({ uuid }) => uuid).filter((uuid) => !matched.has(uuid));
    const found = [...nearest, ...matching];
    const [others, revisions] = await Promise.all([
      findMatching(collections, stems, limit, amongIds(collections, unmatched)),
      readRevisions(
        collections,
        found.map(({ properties }) => properties.documentId),
      ),
    ]);
    const isSeen = ({ properties: { documentId, revision } }: Hit) =>
      revisions.get(documentId)?.revision === revision;
    const hidden = found.filter((hit) => !isSeen(hit)).length;
    if (hidden === 0 || attempt === ATTEMPTS) {
      const lexical = new Map(
        [...matching, ...others].map(({ uuid, metadata }) => [uuid, metadata?.score ?? 0]),
      );
      const best = [nearest, matching].flatMap((hits) => hits.filter(isSeen).slice(0, depth));
      return candidatesOf(best, vector, lexical);
    }
    // Documents are being replaced: what is not to be seen takes no place from what is.
    limit = depth + hidden;
  }
}

/** After so many looks, what is seen has to do: a writer that never ends must not keep a question waiting. */
const ATTEMPTS = 3;

const WANTED = ["passageId", "documentId", "revision", "textKey"] as const;
type Hit = Found<Pick<PassageObject, (typeof WANTED)[number]>> & { metadata?: { score?: number } };

/** Best first. */
async function findNearest(
  { passages }: Collections,
  vector: Float32Array,
  limit: number,
  filters: FilterValue | undefined,
): Promise<Hit[]> {
  const { objects } = await passages.query.nearVector(Array.from(vector), {
    limit,
    returnProperties: [...WANTED],
    includeVector: true,
    ...(filters === undefined ? {} : { filters }),
  });
  return objects as unknown as Hit[];
}

/** Best first, with Weaviate's BM25; `filters` of null lets nothing through. */
async function findMatching(
  { passages }: Collections,
  stems: string,
  limit: number,
  filters: FilterValue | undefined | null,
): Promise<Hit[]> {
  if (stems === "" || filters === null) return [];
  const { objects } = await passages.query.bm25(stems, {
    limit,
    queryProperties: ["stems"],
    returnProperties: [...WANTED],
    returnMetadata: ["score"],
    includeVector: true,
    ...(filters === undefined ? {} : { filters }),
  });
  return objects as unknown as Hit[];
}

function amongIds({ passages }: Collections, ids: readonly string[]): FilterValue | null {
  return ids.length === 0 ? null : (allOf([passages.filter.byId().containsAny([...ids])]) ?? null);
}

function candidatesOf(
  hits: readonly Hit[],
  vector: Float32Array,
  lexical: ReadonlyMap<string, number>,
): Candidate[] {
  const candidates = new Map<string, Candidate>();
  for (const { uuid, properties, vectors } of hits) {
    const { passageId, documentId, textKey } = properties;
    const cosine = dot(vector, Float32Array.from(vectors.default ?? []));
    candidates.set(uuid, {
      passageId,
      documentId,
      lexical: lexical.get(uuid) ?? 0,
      dense: Math.min(1, Math.max(-1, cosine)),
      textKey: Number(textKey),
    });
  }
  return [...candidates.values()];
}
