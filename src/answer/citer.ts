import type { HeldDocuments } from "../held-documents.js";
import type { Passage, Unit } from "../passages/passage.js";
import type { RetrievedPassage, RetrieveOptions } from "../retrieve/retriever.js";
import type { Store } from "../store/store.js";
import type { AnswerSentence, Citation } from "./answer.js";
import { cite } from "./cite.js";
import type { ChosenUnit } from "./compose.js";
import { OtherPlaces } from "./other-places.js";
import { toSentence } from "./sentence.js";

export interface CiterOptions {
  /** Which documents were asked: copies elsewhere are not told. */
  asked: Omit<RetrieveOptions, "limit">;
  store: Pick<Store, "copies">;
  documents: HeldDocuments;
}

/**
 * Cites what was found for one question: from documents that are held, with the other places where the same words stand. Where a
 * document is not the one that was found any more, `withHeldDocuments` begins anew.
 */
export class Citer {
  readonly #documents: HeldDocuments;
  readonly #elsewhere: OtherPlaces;

  /** @param found the passages that may be cited */
  static async of(found: readonly RetrievedPassage[], options: CiterOptions): Promise<Citer> {
    const { asked, store, documents } = options;
    const { documentIds, collections } = asked;
    const filter = { ...(documentIds && { documentIds }), ...(collections && { collections }) };
    const passages = found.map(({ passage }) => passage);
    return new Citer(documents, await OtherPlaces.find(passages, filter, store, documents));
  }

  private constructor(documents: HeldDocuments, elsewhere: OtherPlaces) {
    this.#documents = documents;
    this.#elsewhere = elsewhere;
  }

  /** Reads the documents of what will be cited, so that none of it is missed later. */
  async hold(found: readonly RetrievedPassage[], chosen: readonly ChosenUnit[]): Promise<void> {
    await this.#documents.hold([...found, ...chosen].map(({ passage }) => passage.documentId));
    await Promise.all([
      ...found.map(({ passage }) => this.#documents.of(passage, passage.units)),
      ...chosen.map(({ unit, passage }) => this.#documents.of(passage, [unit])),
    ]);
  }

  /** Whole passages as places to look at, in order. */
  async passages(found: readonly Pick<RetrievedPassage, "passage" | "score">[]): Promise<Citation[]> {
    await this.#documents.hold(found.map(({ passage }) => passage.documentId));
    return Promise.all(
      found.map(async ({ passage, score }) => {
        const document = await this.#documents.of(passage, passage.units);
        return this.#elsewhere.addTo(cite(document, passage, passage.headings, score));
      }),
    );
  }

  /** @param score how likely the unit is evidence, in [0, 1] */
  async unit(
    unit: Unit,
    passage: Pick<Passage, "documentId" | "headings">,
    score: number,
  ): Promise<Citation> {
    const document = await this.#documents.of(passage, [unit]);
    return this.#elsewhere.addTo(cite(document, unit, passage.headings, score));
  }

  /** A unit as a sentence of the answer, in the document's own words. */
  async quote(chosen: ChosenUnit): Promise<AnswerSentence> {
    const sentence = toSentence(chosen, await this.#documents.of(chosen.passage, [chosen.unit]));
    return { ...sentence, citations: sentence.citations.map((citation) => this.#elsewhere.addTo(citation)) };
  }
}
