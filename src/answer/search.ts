import { type LoadDocument, withHeldDocuments } from "../held-documents.js";
import type { HybridRetriever, QueryEmbedder } from "../retrieve/retriever.js";
import type { Store } from "../store/store.js";
import type { SearchOptions, SearchResult } from "../waymark.js";
import { Citer } from "./citer.js";

export interface SearcherParts {
  embedder: QueryEmbedder;
  retriever: HybridRetriever;
  document: LoadDocument;
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
    const { embedder, retriever, document, store } = this.#parts;
    const embedding = embedder.embedParts([query], signal);
    const asked = { documentIds, collections };
    return withHeldDocuments(document, async (documents) => {
      const retrieved = await retriever.rank(query, embedding, { limit, ...asked });
      const citer = await Citer.of(retrieved, { asked, store, documents });
      return Promise.all(
        retrieved.map(async (found) => {
          const { passage, lexical, dense, fused, interaction } = found;
          const scores = { lexical, dense, fused, interaction };
          return { ...(await citer.passage(found)), passageId: passage.id, scores };
        }),
      );
    });
  }
}
