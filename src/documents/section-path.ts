import type { DocumentBuilder } from "./builder.js";

/**
 * Writes the headings that a block needs above it, in formats whose parts are nested and where something may follow
 * after a part has ended: back at an outer part, that part's heading is written once more.
 */
export class SectionPath {
  readonly #builder: DocumentBuilder;
  readonly #title: string;
  #path: readonly string[] = [];

  /** `title` is the document's: the heading of what is in no part. */
  constructor(builder: DocumentBuilder, title: string) {
    this.#builder = builder;
    this.#title = title;
  }

  /** Makes the next block one of the part `path`, outermost first. `line` is the source's, of a part that begins. */
  enter(path: readonly string[], line?: number): void {
    let shared = 0;
    while (shared < path.length && path[shared] === this.#path[shared]) shared += 1;
    if (shared === path.length && shared === this.#path.length) return;
    const first = shared === path.length ? shared - 1 : shared;
    for (let index = first; index < path.length; index += 1) {
      const text = path[index] ?? this.#title;
      const piece = line === undefined ? { text } : { text, line };
      this.#builder.add({ type: "heading", level: Math.min(index + 2, 6) }, [piece]);
    }
    this.#path = path;
  }
}
