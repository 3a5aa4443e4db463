import { dot } from "../passages/vector.js";

/** Makes the vectors of texts. */
export type EmbedTexts = (
  texts: readonly string[],
  options: { signal?: AbortSignal },
) => Promise<Float32Array[]>;

/** Vectors that are kept, 1.5 kB each. */
const CAPACITY = 8192;

/**
 * The vectors of sentences that were read lately, so that the same sentence is embedded once. A unit's similarity to the
 * question is a better guide to the evidence than its passage's: right passage first with it / without, 94 questions
 * on one article .71 / .67, among the first three .86 / .81.
 */
export class UnitVectors {
  readonly #embed: EmbedTexts;
  readonly #vectors = new Map<string, Float32Array>();

  constructor(embed: EmbedTexts) {
    this.#embed = embed;
  }

  /** Cosine of the question's vector and each text's; all L2-normalised. */
  async similarities(
    question: Float32Array,
    texts: readonly string[],
    options: { signal?: AbortSignal } = {},
  ): Promise<number[]> {
    // What is known is held on to here: another call may push it out of the cache while this one embeds.
    const vectors = new Map(texts.map((text) => [text, this.#vectors.get(text)]));
    const missing = [...vectors.keys()].filter((text) => vectors.get(text) === undefined);
    const made = await this.#embed(missing, options);
    for (const [index, text] of missing.entries()) vectors.set(text, made[index]);
    for (const [text, vector] of vectors) this.#keep(text, vector);
    return texts.map((text) => dot(question, vectors.get(text)));
  }

  /** Keeps a vector as the most recently used one. */
  #keep(text: string, vector: Float32Array | undefined): void {
    if (vector === undefined) return;
    this.#vectors.delete(text);
    this.#vectors.set(text, vector);
    const [oldest] = this.#vectors.keys();
    if (this.#vectors.size > CAPACITY && oldest !== undefined) this.#vectors.delete(oldest);
  }
}
