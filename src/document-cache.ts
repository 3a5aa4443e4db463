import type { SourceDocument } from "./documents/document.js";
import type { Store } from "./store/store.js";

/** Documents that are kept parsed for citing from; least recently used goes first. */
const KEPT = 64;

/** The documents of a store, kept parsed while the store has the same versions of them. */
export class DocumentCache {
  readonly #store: Pick<Store, "versions" | "generation">;
  readonly #kept = new Map<string, Kept>();

  constructor(store: Pick<Store, "versions" | "generation">) {
    this.#store = store;
  }

  /** Documents as they are now, by id; those that the store does not have are left out. */
  async get(ids: readonly string[]): Promise<Map<string, SourceDocument>> {
    const generation = await this.#store.generation();
    const before = new Map(ids.map((id) => [id, this.#kept.get(id)]));
    const current = new Map<string, Kept>();
    const unsure = new Map<string, string | undefined>();
    for (const [id, kept] of before) {
      if (kept?.generation === generation) current.set(id, kept);
      else unsure.set(id, kept?.revision);
    }
    const versions = unsure.size === 0 ? [] : await this.#store.versions(unsure);
    for (const [id, { revision, document = before.get(id)?.document }] of versions)
      if (document !== undefined) current.set(id, { generation, revision, document });
    for (const [id, kept] of current) this.#keep(id, kept);
    for (const id of unsure.keys()) if (!current.has(id)) this.#kept.delete(id);
    return new Map([...current].map(([id, { document }]) => [id, document]));
  }

  #keep(id: string, kept: Kept): void {
    this.#kept.delete(id);
    this.#kept.set(id, kept);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= KEPT) break;
      this.#kept.delete(oldest);
    }
  }
}

interface Kept {
  /** The index's, when the version was looked up: asked first, so the document is of this generation or of a later one. */
  generation: number;
  revision: string;
  document: SourceDocument;
}
