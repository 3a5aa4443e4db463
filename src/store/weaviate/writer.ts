import type { DocumentRecord } from "../store.js";
import { deleteDocument, readRevisions, revisionOf, writeDocuments } from "./documents.js";
import type { Lease, Use } from "./lease.js";
import { deletePassages, writePassages } from "./passages.js";
import type { Collections } from "./schema.js";
import { type ClusterState, writeState } from "./state.js";
import type { Stemmer } from "./stems.js";
import { writeTokens } from "./tokens.js";

export interface WriterParts {
  use: Use;
  state: (collections: Collections) => Promise<ClusterState>;
  stemmer: Stemmer;
  fingerprint: string;
}

/**
 * Changes documents in steps of which each may be repeated: what is under way is noted, the passages are written, the
 * documents are replaced, what is out of date is deleted, the generation rises. Wherever it ends, readers see either the
 * earlier or the new version of a document, and {@link Writer.begin} clears away what is left.
 */
export class Writer {
  readonly #parts: WriterParts;
  #lease: Lease | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(parts: WriterParts) {
    this.#parts = parts;
  }

  /** Writes under a lease from now on, and clears away what a writer that died has left. */
  async begin(lease: Lease): Promise<void> {
    this.#lease = lease;
    await this.#inTurn(() => this.#clearPending());
  }

  end(lease: Lease): void {
    if (this.#lease === lease) this.#lease = undefined;
  }

  put(given: readonly DocumentRecord[]): Promise<void> {
    const { stemmer, fingerprint } = this.#parts;
    const records = given.map((record) => ({ ...record, revision: revisionOf(record) }));
    const ids = records.map(({ document }) => document.id);
    return this.#change(ids, async (use) => {
      const before = await use((collections) => readRevisions(collections, ids));
      await use((collections) => writeTokens(collections, records));
      await use((collections) => writePassages(collections, records, stemmer));
      await use((collections) => writeDocuments(collections, records, fingerprint));
      for (const { document, revision } of records) {
        const earlier = before.get(document.id);
        if (earlier === undefined || earlier.revision === revision) continue;
        await use((collections) => deletePassages(collections, document.id, revision));
      }
    });
  }

  async remove(documentId: string): Promise<void> {
    const { use } = this.#parts;
    const present = await use((collections) => readRevisions(collections, [documentId]));
    if (!present.has(documentId)) return;
    return this.#change([documentId], async (use) => {
      await use((collections) => deleteDocument(collections, documentId));
      await use((collections) => deletePassages(collections, documentId));
    });
  }

  async #change(ids: readonly string[], steps: (use: Use) => Promise<void>): Promise<void> {
    const { use, state } = this.#parts;
    await this.#inTurn(async () => {
      await this.#lease?.require();
      await this.#clearPending();
      await use(async (collections) =>
        writeState(collections, { ...(await state(collections)), pending: [...ids] }),
      );
      await steps(use);
      await this.#commit();
    });
  }

  async #commit(): Promise<void> {
    const { use, state } = this.#parts;
    await use(async (collections) => {
      const { generation, ...rest } = await state(collections);
      await writeState(collections, { ...rest, generation: generation + 1, pending: [] });
    });
  }

  /** What was pending may have been seen for a moment, or still is: so it counts as a change. */
  async #clearPending(): Promise<void> {
    const { use, state } = this.#parts;
    const { pending } = await use(state);
    if (pending.length === 0) return;
    const revisions = await use((collections) => readRevisions(collections, pending));
    for (const id of pending) {
      await use((collections) => deletePassages(collections, id, revisions.get(id)?.revision));
    }
    await this.#commit();
  }

  /** One change after the other. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}
