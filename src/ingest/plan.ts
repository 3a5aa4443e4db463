import { resolve } from "node:path";
import { WaymarkError } from "../errors.js";
import { DEFAULT_COLLECTION, requireCollectionName } from "../store/collection.js";
import type { CollectionSource } from "../store/store.js";
import type { PathPatterns } from "./rules.js";

/** What is to be brought up to date. */
export interface IngestRequest extends PathPatterns {
  /** Files and folders for the collection to hold from now on; left out: those that it was made from last. */
  paths?: readonly string[] | undefined;
  /** One collection alone. Left out: with paths the default one, without all that there are. */
  collection?: string | undefined;
}

/** What the settings say of what is indexed. Paths are absolute. */
export interface IngestSettings extends PathPatterns {
  corpus?: string | undefined;
  collections: Readonly<Record<string, readonly string[]>>;
}

export interface IngestPlan {
  /** The collections to bring up to date. */
  sources: CollectionSource[];
  /** All collections that there are then. */
  remember: CollectionSource[];
  /** What was named just now has to be there; what is known from before may be away for a while. */
  missing: "refuse" | "keep";
}

/**
 * Puts together what was asked for, what the settings say and what the index remembers, the earlier over the later.
 * Patterns that were given once hold until the collection is given other paths or patterns.
 * @param firstCorpus what the default collection is made from where nothing else says anything
 * @throws WaymarkError `collection-not-found`, `invalid-input` (no name for a collection)
 */
export function planIngest(
  { paths, collection, ...patterns }: IngestRequest,
  settings: IngestSettings,
  remembered: readonly CollectionSource[],
  firstCorpus: string,
): IngestPlan {
  if (collection !== undefined) requireCollectionName(collection);
  const known = new Map(remembered.map((source) => [source.collection, source]));
  const given = Object.entries(settings.collections);
  if (settings.corpus !== undefined) given.unshift([DEFAULT_COLLECTION, [settings.corpus]]);
  for (const [name, of] of given) known.set(name, { ...known.get(name), collection: name, paths: [...of] });
  const asked = collection ?? (paths === undefined ? undefined : DEFAULT_COLLECTION);
  if (asked !== undefined && paths !== undefined) {
    known.set(asked, { collection: asked, paths: paths.map((path) => resolve(path)) });
  }
  if (known.size === 0)
    known.set(DEFAULT_COLLECTION, { collection: DEFAULT_COLLECTION, paths: [firstCorpus] });
  if (asked !== undefined && !known.has(asked)) throw collectionNotFound(asked, [...known.keys()]);
  const patterned = [...known.values()].map((source) =>
    asked === undefined || source.collection === asked ? withPatterns(source, settings, patterns) : source,
  );
  return {
    sources: patterned.filter((source) => asked === undefined || source.collection === asked),
    remember: patterned,
    missing: paths === undefined ? "keep" : "refuse",
  };
}

/** Says which ones there are. */
export function collectionNotFound(name: string, names: readonly string[]): WaymarkError {
  return new WaymarkError("collection-not-found", `No collection is called "${name}".`, {
    hint:
      names.length === 0
        ? "There are no collections yet: make one with `waymark ingest --collection <name> <folder>`."
        : `The collections are: ${names.join(", ")}.`,
  });
}

function withPatterns(source: CollectionSource, ...over: readonly PathPatterns[]): CollectionSource {
  const { collection, paths } = source;
  const [include, exclude] = (["include", "exclude"] as const).map(
    (name) => over.findLast((patterns) => patterns[name] !== undefined)?.[name] ?? source[name],
  );
  return {
    collection,
    paths,
    ...(include === undefined || include.length === 0 ? {} : { include: [...include] }),
    ...(exclude === undefined || exclude.length === 0 ? {} : { exclude: [...exclude] }),
  };
}
