import type { CollectionSummary } from "../store/collection.js";
import { keep, kept } from "./browser-storage.js";
import { byId, el } from "./dom.js";

const KEY = "waymark.collection";

/** Where there is more than one collection: the choice which of them is asked. */
export class CollectionSwitch {
  readonly #choice = byId("within", HTMLLabelElement);
  readonly #select = byId("collection", HTMLSelectElement);
  #names: readonly string[] = [];

  constructor() {
    this.#select.addEventListener("change", () => keep(KEY, this.#select.value || undefined));
  }

  /** The collection to ask; undefined: all of them. */
  get name(): string | undefined {
    return this.#names.length > 1 ? this.#select.value || undefined : undefined;
  }

  /** Shows what there is to choose from; what was chosen before stays chosen while it is there. */
  setCollections(collections: readonly CollectionSummary[]): void {
    const names = collections.map(({ name }) => name);
    this.#choice.hidden = names.length < 2;
    if (names.join("\n") === this.#names.join("\n")) return;
    this.#names = names;
    const chosen = kept(KEY) ?? "";
    this.#select.replaceChildren(
      el("option", { value: "" }, "all documents"),
      ...names.map((name) => el("option", { value: name }, name)),
    );
    this.#select.value = names.includes(chosen) ? chosen : "";
  }
}
