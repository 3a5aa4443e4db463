import type { SourceDocument } from "./documents/document.js";
import type { Store } from "./store/store.js";

/** Documents that are kept parsed for citing from; least recently used goes first. */
const KEPT = 64;

/** The documents of a store, kept parsed while the store has the same version of them. */
export class DocumentCache {
  readonly #store: Pick<Store, "document" | "revision" | "generation">;
  readonly #kept = new Map<string, Kept>();

  constructor(store: Pick<Store, "document" | "revision" | "generation">) {
    this.#store = store;
  }

  /** Undefined where the store has no such document. */
  async get(id: string): Promise<SourceDocument | undefined> {
    const generation = await this.#store.generation();
    const before = this.#kept.get(id);
    const entry = before?.generation === generation ? before : await this.#look(id, generation);
    this.#kept.delete(id);
    if (entry === undefined) return undefined;
    this.#kept.set(id, entry);
    entry.document.catch(() => this.#kept.delete(id)); // a failure is not kept
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= KEPT) break;
      this.#kept.delete(oldest);
    }
    return entry.document;
  }

  /** What is kept, where the index has changed and the document has not. */
  async #look(id: string, generation: number): Promise<Kept | undefined> {
    const revision = await this.#store.revision(id);
    if (revision === undefined) return undefined;
    const before = this.#kept.get(id);
    const document = before?.revision === revision ? before.document : this.#store.document(id);
    return { generation, revision, document };
  }
}

interface Kept {
  /** The index's, when the revision was looked up: asked first, so the document is of this generation or of a later one. */
  generation: number;
  revision: string;
  document: Promise<SourceDocument | undefined>;
}
