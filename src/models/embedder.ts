import { Embeddings } from "@langchain/core/embeddings";
import type { TokenVectors } from "../passages/token-vectors.js";
import { mapConcurrently } from "./map-concurrently.js";
import type { ModelIdentity } from "./model.js";
import { type LoadedModel, type LoadOptions, loadModel } from "./runtime.js";
import { PARALLEL_PASSES } from "./sessions.js";
import type { Tokenizer } from "./tokenizer.js";

/** A text of one or several parts, embedded in one go. */
export interface EmbeddedText {
  /** The whole text's vector, L2-normalised. */
  vector: Float32Array;
  /** Of each part, in order. */
  parts: TokenVectors[];
}

export interface EmbedOptions {
  /** Stops the work: what waits for its turn is dropped. */
  signal?: AbortSignal;
  /** Called after each text. */
  onProgress?: (done: number, total: number) => void;
}

/**
 * Turns texts into L2-normalised vectors: the mean of the token vectors of a sentence-transformers model. The vector of
 * a text depends on that text alone, bit for bit, so an index that is made again is the same.
 *
 * Nothing is cut off: a text of more tokens than the model has positions is read in windows that end between words,
 * and its vector is the mean of theirs, weighted by their tokens, normalised again.
 *
 * @example
 * const embedder = await Embedder.load("models/minilm-l6-v2");
 * const [vector] = await embedder.embedDocuments(["A text."]);
 */
export class Embedder extends Embeddings {
  readonly identity: ModelIdentity;
  /** Numbers in a vector. */
  readonly dimensions: number;
  /** Tokens that are read in one go, special tokens included. */
  readonly maxTokens: number;
  readonly #model: LoadedModel;

  private constructor(model: LoadedModel) {
    super({});
    this.#model = model;
    this.identity = model.identity;
    this.maxTokens = model.maxTokens;
    this.dimensions = model.width;
  }

  /**
   * @param folderOrName a local folder, or a hub name where `allowRemote` is on
   * @throws WaymarkError `model-missing`, `model-damaged`, `invalid-settings`
   */
  static async load(folderOrName: string, options: LoadOptions = {}): Promise<Embedder> {
    const model = await loadModel(folderOrName, "embedder", options);
    return new Embedder(model);
  }

  /** Tokens of a text by the model's own tokenizer, without special tokens. Cheap: words are remembered. */
  readonly countTokens = (text: string): number => this.#model.tokenizer.count(text);

  /** Words of the language in lower case, the most frequent first; empty where the tokenizer has none. */
  generalWords(): string[] {
    return this.#model.tokenizer.generalWords();
  }

  /** LangChain's form of {@link embedMany}. */
  override async embedDocuments(texts: string[]): Promise<number[][]> {
    return (await this.embedMany(texts)).map((vector) => Array.from(vector));
  }

  /** LangChain's form of {@link embed}. */
  override async embedQuery(text: string): Promise<number[]> {
    return Array.from(await this.embed(text));
  }

  /**
   * One vector a text, in order.
   * @throws WaymarkError `aborted`
   */
  async embedMany(texts: readonly string[], options: EmbedOptions = {}): Promise<Float32Array[]> {
    const embedded = await this.embedManyParts(
      texts.map((text) => [text]),
      options,
    );
    return embedded.map(({ vector }) => vector);
  }

  /**
   * {@link embedParts} for many texts, in order. Texts are embedded at the same time on several cores, in turns with whatever else the
   * models are asked.
   * @throws WaymarkError `aborted`
   */
  async embedManyParts(
    texts: readonly (readonly string[])[],
    { signal, onProgress }: EmbedOptions = {},
  ): Promise<EmbeddedText[]> {
    let done = 0;
    return mapConcurrently(texts, PARALLEL_PASSES, async (parts) => {
      const embedded = await this.embedParts(parts, signal);
      onProgress?.(++done, texts.length);
      return embedded;
    });
  }

  /**
   * The vector of one text, of {@link dimensions} numbers and length 1.
   * @throws WaymarkError `aborted`
   */
  async embed(text: string, signal?: AbortSignal): Promise<Float32Array> {
    return (await this.embedParts([text], signal)).vector;
  }

  /**
   * The vector of the parts as one text, white space between them, and the vectors of each part's tokens.
   * @throws WaymarkError `aborted`
   */
  async embedParts(parts: readonly string[], signal?: AbortSignal): Promise<EmbeddedText> {
    const { tokenizer, run, maxTokens } = this.#model;
    const { before, after } = tokenizer.frame;
    const width = this.dimensions;
    const sum = new Float64Array(width);
    const rows = parts.map((): Float32Array[] => []);
    for (const window of windows(tokenizer, parts, maxTokens - before.length - after.length)) {
      const ids = window.map(({ id }) => id);
      const output = await run([...before, ...ids, ...after], undefined, signal);
      const mean = normalise(meanOfRows(output, width));
      for (const [index, value] of mean.entries())
        sum[index] = (sum[index] ?? 0) + value * Math.max(1, window.length);
      for (const [index, { part }] of window.entries()) {
        const start = (before.length + index) * width;
        rows[part]?.push(normalise(output.subarray(start, start + width)));
      }
    }
    return {
      vector: Float32Array.from(normalise(sum)),
      parts: rows.map((own) => joined(own, width)),
    };
  }

  /** Frees the model's memory. */
  close(): Promise<void> {
    return this.#model.close();
  }
}

/** A token, and the index of the part that it is of. */
interface PartToken {
  id: number;
  part: number;
}

/** The parts' tokens in runs of at most `size`, cut between words; a word longer than that is cut inside. */
function windows(tokenizer: Tokenizer, parts: readonly string[], size: number): PartToken[][] {
  const tokensOf = (ids: readonly number[], part: number) => ids.map((id): PartToken => ({ id, part }));
  const all = parts.flatMap((text, part) => tokensOf(tokenizer.encode(text), part));
  if (all.length <= size) return [all];
  const result: PartToken[][] = [[]];
  for (const [part, text] of parts.entries()) {
    for (const { word } of tokenizer.words(text)) {
      if ((result.at(-1)?.length ?? 0) + word.ids.length > size) result.push([]);
      for (let start = 0; start < word.ids.length; start += size) {
        if (start > 0) result.push([]);
        result.at(-1)?.push(...tokensOf(word.ids.slice(start, start + size), part));
      }
    }
  }
  return result.filter((window) => window.length > 0);
}

function joined(rows: readonly Float32Array[], width: number): TokenVectors {
  const all = new Float32Array(rows.length * width);
  for (const [index, row] of rows.entries()) all.set(row, index * width);
  return all;
}

function meanOfRows(rows: Float32Array, width: number): Float64Array {
  const mean = new Float64Array(width);
  for (let start = 0; start < rows.length; start += width) {
    for (let column = 0; column < width; column++)
      mean[column] = (mean[column] as number) + (rows[start + column] as number);
  }
  return mean.map((sum) => (sum * width) / rows.length);
}

function normalise<Vector extends Float64Array | Float32Array>(vector: Vector): Vector {
  let squares = 0;
  for (let index = 0; index < vector.length; index++) squares += (vector[index] as number) ** 2;
  if (squares === 0) return vector;
  const length = Math.sqrt(squares);
  const unit = vector.slice() as Vector;
  for (let index = 0; index < unit.length; index++) unit[index] = (unit[index] as number) / length;
  return unit;
}
