import { unitText } from "../passages/passage.js";
import { dot } from "../passages/vector.js";
import type { ModelIdentity, ReadablePassage, Reader, Reading } from "./model.js";

/** What the similarity reader needs of an embedder. */
export interface TextEmbedder {
  readonly identity: ModelIdentity;
  /** L2-normalised. */
  embedMany(texts: readonly string[], options: { signal?: AbortSignal }): Promise<Float32Array[]>;
}

/**
 * Stands in where no reader is configured: a unit is evidence as far as its vector is similar to the question's, and
 * a passage answers as far as its best unit does. It finds places; it knows little of whether they answer.
 */
export class SimilarityReader implements Reader {
  readonly identity: ModelIdentity;
  readonly #embedder: TextEmbedder;

  constructor(embedder: TextEmbedder) {
    this.#embedder = embedder;
    this.identity = { name: `similarity of ${embedder.identity.name}`, checksum: embedder.identity.checksum };
  }

  async read(
    question: string,
    passages: readonly ReadablePassage[],
    options: { signal?: AbortSignal } = {},
  ): Promise<Reading[]> {
    const texts = passages.flatMap((passage) => passage.units.map(unitText));
    const [query, ...vectors] = await this.#embedder.embedMany([question, ...texts], options);
    let next = 0;
    return passages.map(({ units }) => {
      const evidence = units.map(() => toLogit(dot(query, vectors[next++])));
      const best = Math.max(...evidence);
      return { answerable: best, supported: best, evidence };
    });
  }
}

/** Stretches cosines to the range of a reader's logits: .4, about where MiniLM's related sentences begin, becomes 0. */
function toLogit(cosine: number): number {
  return (cosine - 0.4) * 10;
}
