import type { PackedText, TextToPack } from "../models/embedder.js";
import { contextText, unitText } from "../passages/passage.js";
import { withTitle } from "../passages/vector.js";
import type { DocumentRecord, Store } from "../store/store.js";

/** A document whose passages are known, and that has no vectors yet. */
export interface Unmade extends Pick<DocumentRecord, "document" | "contentHash" | "collection" | "passages"> {
  /** Size of its file, where that is known. */
  bytes: number;
}

export interface MakingParts {
  store: Store;
  /** Embeds texts, in order; see `Embedder.embedManyPacked`. */
  embed: (texts: readonly TextToPack[]) => Promise<PackedText[]>;
  /** A document's passages are about to be embedded. */
  onBegun: (document: Unmade) => void;
  /** So many passages of a document were embedded, and so many are left. */
  onEmbedded: (document: Unmade, passages: number, left: number) => void;
  onStored: (document: Unmade) => void;
}

/**
 * Texts that are embedded in one call: a book can be stopped between two of them. With {@link GROUPS}, of the time of two
 * cores so much is idle: 4.3 % with 2 groups of 64, 3.4 with 3 of 32, 2.5 with 3 of 16, which are stored so often that the main
 * thread is a tenth longer at work (1,500 abstracts of SciFact). A question asked meanwhile takes 150 ms with the first, 190 with
 * the second (p50).
 */
const BATCH = 32;

/** Groups that are at work at once: while one is stored, and its last text embedded, the others keep all threads busy. */
const GROUPS = 3;

/**
 * Embeds and stores documents beside whatever else is done, as reading and parsing the next ones. Documents that come while
 * all is busy are taken together: embedded in one call, stored in one transaction. What waits is about a batch, so memory
 * is bounded, and a stop loses little.
 */
export class Making {
  readonly #parts: MakingParts;
  readonly #running = new Set<Promise<void>>();
  readonly #titles = new Map<string, Float32Array>();
  #waiting: Unmade[] = [];
  #failure: { error: unknown } | undefined;

  constructor(parts: MakingParts) {
    this.#parts = parts;
  }

  /** Takes a document, and gives back control when there is room for another. @throws what the embedder and the store throw */
  async add(document: Unmade): Promise<void> {
    this.#waiting.push(document);
    this.#begin();
    while (passagesOf(this.#waiting) >= BATCH && this.#failure === undefined)
      await Promise.race(this.#running);
    await this.#throwFailure();
  }

  /** Waits until all is stored. @throws what the embedder and the store throw */
  async drain(): Promise<void> {
    while (this.#running.size > 0) await Promise.race(this.#running);
    await this.#throwFailure();
  }

  /** Begins nothing more, and waits for what has begun. */
  async stop(): Promise<void> {
    this.#waiting = [];
    while (this.#running.size > 0) await Promise.race(this.#running);
  }

  async #throwFailure(): Promise<void> {
    if (this.#failure === undefined) return;
    await this.stop();
    throw this.#failure.error;
  }

  #begin(): void {
    if (this.#waiting.length === 0 || this.#running.size === GROUPS || this.#failure !== undefined) return;
    const group = this.#waiting;
    this.#waiting = [];
    const making = this.#make(group)
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => {
        this.#running.delete(making);
        this.#begin();
      });
    this.#running.add(making);
  }

  async #make(group: readonly Unmade[]): Promise<void> {
    const { store, onBegun, onStored } = this.#parts;
    for (const document of group) onBegun(document);
    const titles = await this.#embedAll(group);
    const indexedAt = new Date().toISOString();
    const records = group.map(({ bytes: _, ...made }, index): DocumentRecord => {
      const ofTitle = this.#titles.get(made.document.title);
      const embedded = titles[index] ?? [];
      return {
        ...made,
        indexedAt,
        vectors: embedded.map(({ vector }) => withTitle(vector, ofTitle ?? vector)),
        tokens: embedded.map(({ tokens }) => tokens),
      };
    });
    await store.putMany(records);
    for (const document of group) onStored(document);
  }

  /** The passages of each document; their titles are in {@link #titles} then. */
  async #embedAll(group: readonly Unmade[]): Promise<PackedText[][]> {
    const { embed, onEmbedded } = this.#parts;
    if (this.#titles.size >= TITLES_KEPT) this.#titles.clear();
    const titles = new Set(
      group.filter(({ passages }) => passages.length > 0).map(({ document }) => document.title),
    );
    const texts: Text[] = [
      ...[...titles]
        .filter((title) => !this.#titles.has(title))
        .map((title) => ({ title, context: title, parts: [] })),
      ...group.flatMap((of, index) =>
        of.passages.map((passage) => ({
          of,
          index,
          context: contextText(passage),
          parts: passage.units.map(unitText),
        })),
      ),
    ];
    const embedded = group.map((): PackedText[] => []);
    for (let start = 0; start < texts.length; start += BATCH) {
      const batch = texts.slice(start, start + BATCH);
      for (const [place, result] of (await embed(batch)).entries()) {
        const text = batch[place] as Text;
        if ("title" in text) this.#titles.set(text.title, result.vector);
        else embedded[text.index]?.push(result);
      }
      for (const [index, of] of group.entries()) {
        const made = batch.filter((text) => "of" in text && text.of === of).length;
        if (made > 0) onEmbedded(of, made, of.passages.length - (embedded[index]?.length ?? 0));
      }
    }
    return embedded;
  }
}

/** Pages of one file often have one title. */
const TITLES_KEPT = 1_000;

type Text = TextToPack & ({ title: string } | { of: Unmade; index: number });

function passagesOf(documents: readonly Unmade[]): number {
  return documents.reduce((sum, { passages }) => sum + passages.length, 0);
}
