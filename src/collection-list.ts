import { collectionNotFound } from "./ingest/plan.js";
import { type CollectionSummary, DEFAULT_COLLECTION } from "./store/collection.js";
import type { Store } from "./store/store.js";

/** Which collections an index has; read again only when the index has changed. */
export class CollectionList {
  readonly #store: Store;
  #read: { generation: number; collections: Promise<CollectionSummary[]> } | undefined;

  constructor(store: Store) {
    this.#store = store;
  }

  /** The default one first, then by name; empty ones too. */
  async all(): Promise<CollectionSummary[]> {
    const generation = await this.#store.generation();
    if (this.#read?.generation !== generation) {
      const collections = summarise(this.#store);
      this.#read = { generation, collections };
      collections.catch(() => {
        this.#read = undefined; // a failure is not kept
      });
    }
    return this.#read.collections;
  }

  /** @throws WaymarkError `collection-not-found`, which names those that there are. */
  async require(names: readonly string[] | undefined): Promise<void> {
    if (names === undefined) return;
    const known = (await this.all()).map(({ name }) => name);
    for (const name of names) if (!known.includes(name)) throw collectionNotFound(name, known);
  }
}

async function summarise(store: Store): Promise<CollectionSummary[]> {
  const [sources, documents] = await Promise.all([store.sources(), store.documents()]);
  const collections = new Map<string, CollectionSummary>();
  for (const { collection: name } of sources) collections.set(name, { name, documents: 0, passages: 0 });
  for (const { collection: name, passages } of documents) {
    const summary = collections.get(name) ?? { name, documents: 0, passages: 0 };
    collections.set(name, {
      name,
      documents: summary.documents + 1,
      passages: summary.passages + passages,
    });
  }
  const rank = ({ name }: CollectionSummary) => (name === DEFAULT_COLLECTION ? "" : name);
  return [...collections.values()].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
}
