import { SpellingCorrector } from "./retrieve/spelling.js";
import type { Store } from "./store/store.js";

/** The corrector of misspelt words, kept while the words of the index are the same: those of a new document are no mistakes. */
export class CorrectorCache {
  readonly #store: Pick<Store, "generation" | "words">;
  readonly #generalWords: () => readonly string[];
  #kept: { generation: number; made: Promise<SpellingCorrector> } | undefined;

  /** @param generalWords words of the language, the commonest first */
  constructor(store: Pick<Store, "generation" | "words">, generalWords: () => readonly string[]) {
    this.#store = store;
    this.#generalWords = generalWords;
  }

  async get(): Promise<SpellingCorrector> {
    const generation = await this.#store.generation();
    if (this.#kept?.generation !== generation) {
      const made = this.#make(this.#kept?.made);
      this.#kept = { generation, made };
      made.catch(() => {
        this.#kept = undefined; // a failure is not kept
      });
    }
    return this.#kept.made;
  }

  async #make(before: Promise<SpellingCorrector> | undefined): Promise<SpellingCorrector> {
    const words = await this.#store.words();
    const earlier = await before?.catch(() => undefined);
    if (earlier?.words === words) return earlier;
    return new SpellingCorrector({ words, generalWords: this.#generalWords() });
  }
}
