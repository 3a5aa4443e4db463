import type { SourceDocument } from "../documents/document.js";
import type { HeldDocuments } from "../held-documents.js";
import { type Passage, type Unit, unitText } from "../passages/passage.js";
import type { CopiesOptions, Store } from "../store/store.js";
import type { Citation, OtherPlace } from "./answer.js";
import { placeOf } from "./cite.js";

/** So many other places of a passage are told. */
const MAX_OTHER_PLACES = 8;

/** Knows where else the words of some passages stand, so that an answer gives them once, with all their places. */
export class OtherPlaces {
  readonly #passages: readonly Passage[];
  readonly #copies: ReadonlyMap<string, readonly Copy[]>;

  /** Looks for the copies of passages, within the documents and collections that are asked. */
  static async find(
    passages: readonly Passage[],
    filter: Omit<CopiesOptions, "limit">,
    store: Pick<Store, "copies">,
    documents: HeldDocuments,
  ): Promise<OtherPlaces> {
    const found = await store.copies(
      passages.map(({ id }) => id),
      { ...filter, limit: MAX_OTHER_PLACES },
    );
    const loaded = [...found].map(async ([id, others]): Promise<[string, Copy[]]> => {
      const copies = others.map(async (passage): Promise<Copy[]> => {
        const document = await documents.find(passage, passage.units);
        return document === undefined ? [] : [{ passage, document }]; // the copy has just been taken away
      });
      return [id, (await Promise.all(copies)).flat()];
    });
    return new OtherPlaces(passages, new Map(await Promise.all(loaded)));
  }

  private constructor(passages: readonly Passage[], copies: ReadonlyMap<string, readonly Copy[]>) {
    this.#passages = passages;
    this.#copies = copies;
  }

  /** The citation with the other places of its words, where there are any. */
  addTo(citation: Citation): Citation {
    const { documentId, start, end } = citation;
    const passage = this.#passages.find(
      (one) => one.documentId === documentId && one.start <= start && end <= one.end,
    );
    const copies = this.#copies.get(passage?.id ?? "");
    if (passage === undefined || copies === undefined) return citation;
    const first = passage.units.findIndex((unit) => unit.end > start);
    const last = passage.units.findLastIndex((unit) => unit.start < end);
    const said = textOf(passage.units, first, last);
    const alsoAt = copies.flatMap(({ passage: { units }, document }): OtherPlace[] => {
      const from = units[first];
      const to = units[last];
      if (from === undefined || to === undefined || textOf(units, first, last) !== said) return [];
      return [placeOf(document, { start: from.start, end: to.end })];
    });
    return alsoAt.length === 0 ? citation : { ...citation, alsoAt };
  }
}

interface Copy {
  passage: Passage;
  document: SourceDocument;
}

function textOf(units: readonly Unit[], first: number, last: number): string {
  return units
    .slice(first, last + 1)
    .map((unit) => unitText(unit).replace(/\s+/g, " ").trim())
    .join(" ");
}
