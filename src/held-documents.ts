import type { SourceDocument } from "./documents/document.js";
import { WaymarkError } from "./errors.js";
import type { Passage, Unit } from "./passages/passage.js";

/** Gives documents of the index as they are now, by id; those that are not there are left out. */
export type LoadDocuments = (ids: readonly string[]) => Promise<ReadonlyMap<string, SourceDocument>>;

/** So often work is done anew: each time a document that it was just about to cite has been replaced. */
const ATTEMPTS = 5;

/**
 * Does work that reads passages and then cites their documents. An index may change between the two: where a document was
 * replaced or removed, the work is done anew, so that no citation has the place of one version and the words of another.
 * @throws WaymarkError `index-changing` where that happens again and again
 */
export async function withHeldDocuments<T>(
  load: LoadDocuments,
  work: (documents: HeldDocuments) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(new HeldDocuments(load));
    } catch (error) {
      if (!(error instanceof DocumentReplaced)) throw error;
      if (attempt === ATTEMPTS) {
        throw new WaymarkError(
          "index-changing",
          "What the answer was to cite is being replaced all the time.",
          {
            hint: "Ask again in a moment.",
            cause: error,
          },
        );
      }
    }
  }
}

/** The documents of one piece of work. Each is read once and held, so all that is cited of it is of one version. */
export class HeldDocuments {
  readonly #load: LoadDocuments;
  readonly #held = new Map<string, Promise<SourceDocument | undefined>>();

  constructor(load: LoadDocuments) {
    this.#load = load;
  }

  /** Reads at once those documents that will be wanted. */
  async hold(ids: Iterable<string>): Promise<void> {
    const missing = [...new Set(ids)].filter((id) => !this.#held.has(id));
    if (missing.length === 0) return;
    const loaded = this.#load(missing);
    for (const id of missing) {
      const held = loaded.then((documents) => documents.get(id));
      held.catch(() => undefined); // told below, also where nobody asks for this one
      this.#held.set(id, held);
    }
    await loaded;
  }

  /** The document that units of a passage stand in; undefined where another version of it is held, or none. */
  async find(
    { documentId }: Pick<Passage, "documentId">,
    units: readonly Unit[],
  ): Promise<SourceDocument | undefined> {
    await this.hold([documentId]);
    const document = await this.#held.get(documentId);
    return document !== undefined && units.every((unit) => standsIn(document, unit)) ? document : undefined;
  }

  /** {@link find}; where it finds nothing, {@link withHeldDocuments} does the work anew. */
  async of(passage: Pick<Passage, "documentId">, units: readonly Unit[]): Promise<SourceDocument> {
    const document = await this.find(passage, units);
    if (document === undefined) throw new DocumentReplaced(passage.documentId);
    return document;
  }
}

/** Never leaves {@link withHeldDocuments}. */
class DocumentReplaced extends Error {}

function standsIn({ text }: SourceDocument, { pieces }: Unit): boolean {
  return pieces.every(
    (piece) => piece.start === undefined || text.slice(piece.start, piece.end) === piece.text,
  );
}
