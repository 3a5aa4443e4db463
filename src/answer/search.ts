import { type LoadDocuments, withHeldDocuments } from "../held-documents.js";
import type { HybridRetriever, QueryEmbedder, RetrievedPassage } from "../retrieve/retriever.js";
import type { Store } from "../store/store.js";
import type { SearchOptions, SearchResult } from "../waymark.js";
import { Citer } from "./citer.js";

export interface SearcherParts {
  embedder: QueryEmbedder;
  retriever: HybridRetriever;
  documents: LoadDocuments;
  store: Pick<Store, "copies">;
}

/** Results where none are asked for. */
const DEFAULT_LIMIT = 10;

/** Finds passages and cites them; nothing is read and nothing answered. */
export class Searcher {
  readonly #parts: SearcherParts;

  constructor(parts: SearcherParts) {
    this.#parts = parts;
  }

  /** @throws WaymarkError `aborted`, `index-changing` */
  async search(
    query: string,
    { limit = DEFAULT_LIMIT, documentIds, collections, signal }: SearchOptions = {},
  ): Promise<SearchResult[]> {
    if (!/[\p{L}\p{N}]/u.test(query)) return [];
    const { embedder, retriever, store } = this.#parts;
    const embedding = embedder.embedParts([query], signal);
    const asked = { documentIds, collections };
    return withHeldDocuments(this.#parts.documents, async (documents) => {
      const retrieved = await retriever.rank(query, embedding, { limit, ...asked });
      const citer = await Citer.of(retrieved, { asked, store, documents });
      const places = await citer.passages(retrieved);
      return places.map((place, index) => {
        const { passageId, lexical, dense, fused, interaction } = retrieved[index] as RetrievedPassage;
        return { ...place, passageId, scores: { lexical, dense, fused, interaction } };
      });
    });
  }
}
