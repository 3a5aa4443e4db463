import type { FilterValue } from "weaviate-client";
import { dot } from "../../passages/vector.js";
import { queryWords } from "../full-text.js";
import type { Candidate, CandidateQuery } from "../store.js";
import { unit } from "../vectors.js";
import { bm25, type TermStatistics } from "./bm25.js";
import { readRevisions } from "./documents.js";
import { filterOf } from "./filter.js";
import type { Found } from "./objects.js";
import type { Collections, PassageObject } from "./schema.js";
import type { Statistics } from "./statistics.js";
import type { Stemmer } from "./stems.js";

export interface CandidateParts {
  collections: Collections;
  stemmer: Stemmer;
  statistics: Statistics;
}

/**
 * See `Store.candidates`. Weaviate finds the best by its BM25 and by its graph, in one round trip; both scores of each
 * are then computed here, the same way as in the local store, so that one fusion and one calibration serve both.
 */
export async function findCandidates(parts: CandidateParts, query: CandidateQuery): Promise<Candidate[]> {
  const { collections, statistics, stemmer } = parts;
  const { text, depth, documentIds, collections: within } = query;
  if (documentIds?.length === 0 || within?.length === 0) return [];
  const vector = unit(query.vector);
  const terms = stemmer
    .stem(queryWords(text).map((body) => ({ body, headings: "", title: "" })))
    .flatMap(({ body }) => body);
  const filters = filterOf(collections, query);
  for (let attempt = 1, limit = depth; ; attempt += 1) {
    const [nearest, matching, numbers] = await Promise.all([
      findNearest(collections, vector, limit, filters),
      findMatching(collections, terms, limit, filters),
      statistics.of(collections, terms),
    ]);
    const found = [...nearest, ...matching];
    const revisions = await readRevisions(
      collections,
      found.map(({ properties }) => properties.documentId),
    );
    const isSeen = ({ properties: { documentId, revision } }: Hit) =>
      revisions.get(documentId)?.revision === revision;
    const hidden = found.filter((hit) => !isSeen(hit)).length;
    if (hidden === 0 || attempt === ATTEMPTS) {
      return combine(nearest.filter(isSeen), matching.filter(isSeen), { depth, vector, terms, numbers });
    }
    // Documents are being replaced: what is not to be seen takes no place from what is.
    limit = depth + hidden;
  }
}

/** After so many looks, what is seen has to do: a writer that never ends must not keep a question waiting. */
const ATTEMPTS = 3;

const WANTED = ["passageId", "documentId", "revision", "textKey", "stems", "length"] as const;
type Hit = Found<Pick<PassageObject, (typeof WANTED)[number]>>;

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

async function findMatching(
  { passages }: Collections,
  terms: readonly string[],
  limit: number,
  filters: FilterValue | undefined,
): Promise<Hit[]> {
  if (terms.length === 0) return [];
  const { objects } = await passages.query.bm25(terms.join(" "), {
    limit,
    queryProperties: ["stems"],
    returnProperties: [...WANTED],
    includeVector: true,
    ...(filters === undefined ? {} : { filters }),
  });
  return objects as unknown as Hit[];
}

/** The union of the best `depth` of each, with both scores. */
function combine(
  nearest: readonly Hit[],
  matching: readonly Hit[],
  {
    depth,
    vector,
    terms,
    numbers,
  }: { depth: number; vector: Float32Array; terms: readonly string[]; numbers: TermStatistics },
): Candidate[] {
  const scored = new Map<string, Candidate>();
  const score = ({ properties, vectors }: Hit): Candidate => {
    const { passageId, documentId, stems, length } = properties;
    const known = scored.get(passageId);
    if (known !== undefined) return known;
    const lexical = bm25(terms, stems.split(" "), length, numbers);
    const cosine = dot(vector, Float32Array.from(vectors.default ?? []));
    const dense = Math.min(1, Math.max(-1, cosine));
    const candidate = { passageId, documentId, lexical, dense, textKey: Number(properties.textKey) };
    scored.set(passageId, candidate);
    return candidate;
  };
  const byDense = nearest.map(score).sort((a, b) => b.dense - a.dense);
  const byLexical = matching.map(score).sort((a, b) => b.lexical - a.lexical);
  return [...new Set([...byDense.slice(0, depth), ...byLexical.slice(0, depth)])];
}
