import type { FilterValue } from "weaviate-client";
import type { CandidateQuery } from "../store.js";
import type { Collections } from "./schema.js";

/** All of some filters at once; undefined where there are none. */
export function allOf(filters: readonly FilterValue[]): FilterValue | undefined {
  return filters.length > 1 ? { operator: "And", filters: [...filters], value: null } : filters[0];
}

/** Passages of the documents and collections that a query allows; undefined where it allows all. */
export function filterOf(
  { passages }: Collections,
  { documentIds, collections }: Pick<CandidateQuery, "documentIds" | "collections">,
): FilterValue | undefined {
  const anyOf = (name: "documentId" | "collection", values: readonly string[] | undefined) =>
    values === undefined ? [] : [passages.filter.byProperty(name).containsAny([...values])];
  return allOf([...anyOf("documentId", documentIds), ...anyOf("collection", collections)]);
}
