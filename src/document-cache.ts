import type { SourceDocument } from "./documents/document.js";
import type { Store } from "./store/store.js";

/** Documents that are kept parsed for citing from; least recently used goes first. */
const KEPT = 64;

/** The documents of a store, kept parsed while the store has the same version of them. */
export class DocumentCache {
  readonly #store: Pick<Store, "version" | "generation">;
  readonly #kept = new Map<string, Kept>();

  constructor(store: Pick<Store, "version" | "generation">) {
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
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= KEPT) break;
      this.#kept.delete(oldest);
    }
    return entry.document;
  }

  /** What is kept, where the index has changed and the document has not. */
  async #look(id: string, generation: number): Promise<Kept | undefined> {
    const before = this.#kept.get(id);
    const version = await this.#store.version(id, before?.revision);
    const document = version?.document ?? before?.document;
    return version && document && { generation, revision: version.revision, document };
  }
}

interface Kept {
  /** The index's, when the version was looked up: asked first, so the document is of this generation or of a later one. */
  generation: number;
  revision: string;
  document: SourceDocument;
}
