import type { SourceDocument } from "./documents/document.js";
import type { Store } from "./store/store.js";

/** Documents that are kept parsed for citing from; least recently used goes first. */
const KEPT = 64;

/** The documents of a store, kept parsed while the store has the same version of them. */
export class DocumentCache {
  readonly #store: Pick<Store, "document" | "revision">;
  readonly #kept = new Map<string, { revision: string; document: Promise<SourceDocument | undefined> }>();

  constructor(store: Pick<Store, "document" | "revision">) {
    this.#store = store;
  }

  /** Undefined where the store has no such document. */
  async get(id: string): Promise<SourceDocument | undefined> {
    const revision = await this.#store.revision(id);
    const before = this.#kept.get(id);
    this.#kept.delete(id);
    if (revision === undefined) return undefined;
    const entry = before?.revision === revision ? before : { revision, document: this.#store.document(id) };
    this.#kept.set(id, entry);
    entry.document.catch(() => this.#kept.delete(id)); // a failure is not kept
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= KEPT) break;
      this.#kept.delete(oldest);
    }
    return entry.document;
  }
}
