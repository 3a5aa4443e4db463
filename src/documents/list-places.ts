import type { BlockShape, DocumentBuilder } from "./builder.js";
import type { ListMarker } from "./list-marker.js";

/**
 * Finds for each item, in formats that have markers but no lists, the list that it belongs to and how deep it lies
 * in it: by the indent of its marker, in any unit.
 */
export class ListPlaces {
  readonly #builder: DocumentBuilder;
  #list: { group: number; ordered: boolean; indents: number[] } | undefined;

  constructor(builder: DocumentBuilder) {
    this.#builder = builder;
  }

  /** The shape of the next item. Another kind of marker, or a number 1, starts a new list. */
  place({ indent, ordinal }: Pick<ListMarker, "indent" | "ordinal">): BlockShape {
    const ordered = ordinal !== undefined;
    let list = this.#list;
    while (list !== undefined && list.indents.length > 1 && (list.indents.at(-1) ?? 0) > indent)
      list.indents.pop();
    const outermost = list?.indents.length === 1 && indent <= (list.indents[0] ?? 0);
    if (list === undefined || (outermost && (list.ordered !== ordered || ordinal === 1))) {
      list = { group: this.#builder.newGroup(), ordered, indents: [indent] };
      this.#list = list;
    }
    if (indent > (list.indents.at(-1) ?? 0)) list.indents.push(indent);
    const shape: BlockShape = { type: "list-item", depth: list.indents.length - 1, group: list.group };
    return ordered ? { ...shape, ordinal } : shape;
  }

  /** Something else than an item has come: the next item starts a new list. */
  close(): void {
    this.#list = undefined;
  }
}
