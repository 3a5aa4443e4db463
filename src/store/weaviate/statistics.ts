import type { TermStatistics } from "./bm25.js";
import type { Collections } from "./schema.js";

/** For how many milliseconds the numbers are good, where others change the index: BM25 hardly moves in that time. */
const AGE = 2_000;

/** What BM25 has to know of all passages in all shards, asked of the cluster and kept for a moment. */
export class Statistics {
  #taken = 0;
  #whole: Promise<{ passages: number; words: number }> | undefined;
  readonly #terms = new Map<string, Promise<number>>();

  /** After a change of our own. */
  clear(): void {
    this.#taken = 0;
  }

  async of(collections: Collections, terms: readonly string[]): Promise<TermStatistics> {
    if (performance.now() - this.#taken > AGE || this.#taken === 0) {
      this.#terms.clear();
      this.#whole = undefined;
      this.#taken = performance.now();
    }
    this.#whole ??= this.#kept(countWhole(collections));
    for (const term of terms) {
      if (!this.#terms.has(term)) this.#terms.set(term, this.#kept(countWith(collections, term)));
    }
    const [{ passages, words }, ...counts] = await Promise.all([
      this.#whole,
      ...terms.map(async (term): Promise<[string, number]> => [term, (await this.#terms.get(term)) ?? 0]),
    ]);
    return {
      passages,
      averageLength: passages === 0 ? 1 : words / passages,
      passagesWith: new Map(counts),
    };
  }

  /** A failure is not kept. */
  #kept<T>(asked: Promise<T>): Promise<T> {
    asked.catch(() => this.clear());
    return asked;
  }
}

async function countWhole({ passages }: Collections): Promise<{ passages: number; words: number }> {
  const { totalCount, properties } = await passages.aggregate.overAll({
    returnMetrics: passages.metrics.aggregate("length").integer(["sum"]),
  });
  return { passages: totalCount, words: properties.length?.sum ?? 0 };
}

async function countWith({ passages }: Collections, term: string): Promise<number> {
  const filters = passages.filter.byProperty("stems").containsAny([term]);
  return (await passages.aggregate.overAll({ filters })).totalCount;
}
