import { Embeddings } from "@langchain/core/embeddings";
import { packedTokenVectors, type TokenVectors } from "../passages/token-vectors.js";
import { mapConcurrently } from "./map-concurrently.js";
import type { ModelIdentity } from "./model.js";
import { type LoadedModel, type LoadOptions, loadModel } from "./runtime.js";
import type { PassOutput } from "./session-thread.js";
import { PARALLEL_PASSES } from "./sessions.js";
import type { Tokenizer } from "./tokenizer.js";

/** A text of one or several parts, embedded in one go. */
export interface EmbeddedText {
  /** The whole text's vector, L2-normalised. */
  vector: Float32Array;
  /** Of each part, in order. */
  parts: TokenVectors[];
}

/** A text of which the vectors of the parts' tokens are to be kept. */
export interface TextToPack {
  /** Read before the parts, white space between; its own tokens are not kept. */
  context: string;
  parts: readonly string[];
}

/** A text that was embedded in one go, as it is stored. */
export interface PackedText {
  /** The whole text's vector, L2-normalised. */
  vector: Float32Array;
  /** Of the parts, see `packedTokenVectors`. */
  tokens: Uint8Array;
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
    const embedded = await this.embedManyPacked(
      texts.map((context) => ({ context, parts: [] })),
      options,
    );
    return embedded.map(({ vector }) => vector);
  }

  /**
   * One vector a text and those of its parts' tokens, in order. Texts are embedded at the same time on several cores, in turns
   * with whatever else the models are asked.
   * @throws WaymarkError `aborted`
   */
  async embedManyPacked(
    texts: readonly TextToPack[],
    { signal, onProgress }: EmbedOptions = {},
  ): Promise<PackedText[]> {
    let done = 0;
    return mapConcurrently(texts, PARALLEL_PASSES, async ({ context, parts }) => {
      const { vector, counts, outputs } = await this.#read([context, ...parts], true, signal);
      const packed = outputs.map((output) => output.packed);
      onProgress?.(++done, texts.length);
      return { vector, tokens: packedTokenVectors(counts, packed) };
    });
  }

  /**
   * The vector of one text, of {@link dimensions} numbers and length 1.
   * @throws WaymarkError `aborted`
   */
  async embed(text: string, signal?: AbortSignal): Promise<Float32Array> {
    return (await this.#read([text], true, signal)).vector;
  }

  /**
   * The vector of the parts as one text, white space between them, and the vectors of each part's tokens.
   * @throws WaymarkError `aborted`
   */
  async embedParts(parts: readonly string[], signal?: AbortSignal): Promise<EmbeddedText> {
    const { vector, counts, outputs } = await this.#read(["", ...parts], false, signal);
    const rows = joined(outputs.map((output) => output.rows));
    let start = 0;
    const own = counts.map((count) => {
      const end = start + count * this.dimensions;
      const part = rows.subarray(start, end);
      start = end;
      return part;
    });
    return { vector, parts: own };
  }

  /**
   * Reads the parts as one text. The first one's own tokens are not among the `outputs`, which are one a window; of each
   * of the others `counts` has how many there are.
   */
  async #read(
    parts: readonly string[],
    packed: boolean,
    signal?: AbortSignal,
  ): Promise<{ vector: Float32Array; counts: number[]; outputs: PassOutput[] }> {
    const { tokenizer, pool, maxTokens } = this.#model;
    const { before, after } = tokenizer.frame;
    const sum = new Float64Array(this.dimensions);
    const counts = parts.map(() => 0);
    const outputs: PassOutput[] = [];
    for (const { ids, partCounts } of windows(tokenizer, parts, maxTokens - before.length - after.length)) {
      const kept = {
        start: before.length + (partCounts[0] ?? 0),
        end: before.length + ids.length,
        packed,
      };
      const output = await pool([...before, ...ids, ...after], kept, signal);
      const weight = Math.max(1, ids.length);
      for (let index = 0; index < sum.length; index++)
        sum[index] = (sum[index] as number) + (output.mean[index] ?? 0) * weight;
      for (const [part, count] of partCounts.entries()) counts[part] = (counts[part] ?? 0) + count;
      outputs.push(output);
    }
    return { vector: unit(sum), counts: counts.slice(1), outputs };
  }

  /** Frees the model's memory. */
  close(): Promise<void> {
    return this.#model.close();
  }
}

/** Tokens that are read in one go, with how many of them are of each part. */
interface Window {
  ids: number[];
  partCounts: number[];
}

/** The parts' tokens in runs of at most `size`, cut between words; a word longer than that is cut inside. */
function windows(tokenizer: Tokenizer, parts: readonly string[], size: number): Window[] {
  const encoded = parts.map((text) => tokenizer.encode(text));
  const ids = encoded.flat();
  if (ids.length <= size) return [{ ids, partCounts: encoded.map(({ length }) => length) }];
  let window: Window = { ids: [], partCounts: parts.map(() => 0) };
  const result = [window];
  const add = (some: readonly number[], part: number) => {
    if (window.ids.length + some.length > size) {
      window = { ids: [], partCounts: parts.map(() => 0) };
      result.push(window);
    }
    window.ids.push(...some);
    window.partCounts[part] = (window.partCounts[part] ?? 0) + some.length;
  };
  for (const [part, text] of parts.entries()) {
    for (const { word } of tokenizer.words(text))
      for (let start = 0; start < word.ids.length; start += size)
        add(word.ids.slice(start, start + size), part);
  }
  return result.filter((one) => one.ids.length > 0);
}

function joined(pieces: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const piece of pieces) {
    all.set(piece, end);
    end += piece.length;
  }
  return all;
}

function unit(vector: Float64Array): Float32Array {
  let squares = 0;
  for (let index = 0; index < vector.length; index++) squares += (vector[index] as number) ** 2;
  const length = squares === 0 ? 1 : Math.sqrt(squares);
  const scaled = new Float32Array(vector.length);
  for (let index = 0; index < vector.length; index++) scaled[index] = (vector[index] as number) / length;
  return scaled;
}
