import { WaymarkError } from "../errors.js";

/** The collection of all documents that were put into no other: those of the corpus and those that were added. */
export const DEFAULT_COLLECTION = "default";

/** A named set of documents of an index, and how much it holds. */
export interface CollectionSummary {
  name: string;
  documents: number;
  passages: number;
}

/** Names that stand before a colon in uris of another meaning. */
const RESERVED = new Set(["added", "langchain", "http", "https", "file"]);

/** A name that can be typed without quotes and stand in a uri. */
const NAME = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u;

/** Whether a collection may have this name: up to 64 letters, digits, dots, hyphens and underscores. */
export function isCollectionName(name: string): boolean {
  return NAME.test(name) && !RESERVED.has(name.toLowerCase());
}

/** @throws WaymarkError `invalid-input` where no collection may have this name. */
export function requireCollectionName(name: string): void {
  if (isCollectionName(name)) return;
  throw new WaymarkError("invalid-input", `A collection cannot be called "${name}".`, {
    hint: `Use up to 64 letters, digits, dots, hyphens and underscores; ${[...RESERVED].join(", ")} are taken.`,
  });
}
