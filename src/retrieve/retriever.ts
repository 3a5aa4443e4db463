import type { CallbackManagerForRetrieverRun } from "@langchain/core/callbacks/manager";
import { Document } from "@langchain/core/documents";
import { BaseRetriever, type BaseRetrieverInput } from "@langchain/core/retrievers";
import { type Passage, passageText } from "../passages/passage.js";
import type { Store } from "../store/store.js";
import { fuse, type Ranked } from "./fuse.js";

/** A passage with what made it rank, and the document that it is part of. */
export interface RetrievedPassage extends Ranked {
  passage: Passage;
  title: string;
  uri: string;
}

/** Makes a question's vector; {@link Embedder} is one. */
export interface QueryEmbedder {
  /** L2-normalised, as long as the stored vectors. */
  embedQuery(text: string): Promise<number[]>;
}

export interface HybridRetrieverOptions extends BaseRetrieverInput {
  store: Store;
  embedder: QueryEmbedder;
  /** Candidates taken from each of BM25 and the vectors. */
  depth: number;
  /** Share of the dense score, in [0, 1]. */
  denseWeight: number;
  /** How many documents `invoke` gives; default 4. */
  k?: number;
}

/**
 * Hybrid search over a store: BM25 and cosine candidates, fused by weighted scores. As a LangChain retriever it gives
 * one LangChain document a passage, whose metadata lead back to the exact place.
 *
 * @example
 * const retriever = (await openWaymark(loadSettings())).retriever({ k: 4 });
 * const documents = await retriever.invoke("how long until I can apply for jobs?");
 */
export class HybridRetriever extends BaseRetriever {
  lc_namespace = ["waymark", "retrieve"];
  readonly #options: HybridRetrieverOptions;

  constructor(options: HybridRetrieverOptions) {
    super(options);
    this.#options = options;
  }

  static override lc_name(): string {
    return "HybridRetriever";
  }

  /** The best `limit` passages for a query, best first, with their partial scores. */
  async retrieve(
    query: string,
    { limit, documentIds }: { limit: number; documentIds?: readonly string[] | undefined },
  ): Promise<RetrievedPassage[]> {
    const vector = Float32Array.from(await this.#options.embedder.embedQuery(query));
    return this.rank(query, vector, { limit, documentIds });
  }

  /** {@link retrieve} with the query's vector at hand. */
  async rank(
    query: string,
    vector: Float32Array,
    { limit, documentIds }: { limit: number; documentIds?: readonly string[] | undefined },
  ): Promise<RetrievedPassage[]> {
    const { store, depth, denseWeight } = this.#options;
    const candidates = await store.candidates({
      text: query,
      vector,
      depth: Math.max(depth, limit),
      ...(documentIds === undefined ? {} : { documentIds }),
    });
    const best = fuse(candidates, denseWeight).slice(0, limit);
    const passages = new Map(
      (await store.passages(best.map((ranked) => ranked.passageId))).map((passage) => [passage.id, passage]),
    );
    const sources = new Map(
      (await store.documents([...new Set(best.map((ranked) => ranked.documentId))])).map((source) => [
        source.id,
        source,
      ]),
    );
    return best.flatMap((ranked) => {
      const passage = passages.get(ranked.passageId);
      const source = sources.get(ranked.documentId);
      if (passage === undefined || source === undefined) return [];
      return [{ ...ranked, passage, title: source.title, uri: source.uri }];
    });
  }

  override async _getRelevantDocuments(
    query: string,
    _runManager?: CallbackManagerForRetrieverRun,
  ): Promise<Document[]> {
    const retrieved = await this.retrieve(query, { limit: this.#options.k ?? 4 });
    return retrieved.map(
      ({ passage, title, uri, fused }) =>
        new Document({
          id: passage.id,
          pageContent: passageText({ ...passage, headings: [] }),
          metadata: {
            source: uri,
            title,
            documentId: passage.documentId,
            start: passage.start,
            end: passage.end,
            headings: passage.headings,
            score: fused,
          },
        }),
    );
  }
}
