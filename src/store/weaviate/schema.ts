import type { Collection, WeaviateClient } from "weaviate-client";
import { WaymarkError } from "../../errors.js";
import type { WeaviateSettings } from "../../store-settings.js";
import type { ClientModule } from "./client.js";

/** The shape of what Waymark keeps in Weaviate; an index of another shape is refused. */
export const CLUSTER_SCHEMA = 1;

/** A passage of one revision of a document. Only those of the revision that the document names are to be seen. */
export type PassageObject = {
  passageId: string;
  documentId: string;
  /** {@link DocumentObject.revision} of the record that it came with. */
  revision: string;
  collection: string;
  /** `textKey`, in decimal. */
  textKey: string;
  /** The `Passage` as JSON. */
  body: string;
  /** Its words as FTS5 has them, see `weightedStems`. */
  stems: string;
};

/**
 * The token vectors of a passage, under the passage's id. They are apart because they are three quarters of all bytes, and a
 * search reads the passages that it finds whole.
 */
export type TokensObject = {
  passageId: string;
  documentId: string;
  revision: string;
  /** `packedTokenVectors` in base64. */
  tokens: string;
};

/** A document; writing it is what makes a revision of its passages visible. */
export type DocumentObject = {
  documentId: string;
  /** Names the record: the same for the same content. */
  revision: string;
  /** The way its passages were built in. */
  fingerprint: string;
  /** How many passages it has. */
  passages: number;
  /** The `DocumentSummary` as JSON, without `stale`. */
  summary: string;
  /** The `SourceDocument` as JSON. */
  source: string;
};

/** What is kept once for the whole index, by name. */
export type SettingObject = {
  name: string;
  /** JSON. */
  value: string;
};

/** The collections of an index. */
export interface Collections {
  passages: Collection<PassageObject>;
  tokens: Collection<TokensObject>;
  documents: Collection<DocumentObject>;
  settings: Collection<SettingObject>;
}

type Options = Pick<
  WeaviateSettings,
  "collectionPrefix" | "replication" | "shards" | "consistency" | "compress"
>;

/** The collections as the settings name them, read and written with the consistency that they name. */
export function collectionsOf(
  client: WeaviateClient,
  { collectionPrefix, consistency }: Options,
): Collections {
  const named = names(collectionPrefix);
  return {
    passages: client.collections.use<string, PassageObject>(named.passages).withConsistency(consistency),
    tokens: client.collections.use<string, TokensObject>(named.tokens).withConsistency(consistency),
    documents: client.collections.use<string, DocumentObject>(named.documents).withConsistency(consistency),
    settings: client.collections.use<string, SettingObject>(named.settings).withConsistency(consistency),
  };
}

/**
 * Makes the collections that are not there.
 * @throws WaymarkError `invalid-settings` where the cluster has fewer nodes than copies are wanted
 */
export async function createCollections(
  client: WeaviateClient,
  { default: { configure } }: ClientModule,
  options: Options,
): Promise<void> {
  const named = names(options.collectionPrefix);
  const { replication, shards, compress } = options;
  const key = { dataType: "text", tokenization: "field", indexSearchable: false } as const;
  const kept = { dataType: "text", indexFilterable: false, indexSearchable: false } as const;
  const { hnsw, quantizer } = configure.vectorIndex;
  const sharding = (count: number | undefined) =>
    count === undefined ? {} : { sharding: configure.sharding({ desiredCount: count }) };
  const vectorizer = (index: Parameters<typeof hnsw>[0]) => ({
    vectorizers: configure.vectors.selfProvided({ vectorIndexConfig: hnsw(index) }),
  });
  const shared = {
    replication: configure.replication({
      factor: replication,
      // A node that was away gets what it missed by itself.
      asyncEnabled: replication > 1,
      deletionStrategy: "TimeBasedResolution",
    }),
    invertedIndex: configure.invertedIndex({ bm25k1: 1.2, bm25b: 0.75, stopwordsPreset: "none" }),
    ...sharding(shards),
    ...vectorizer({ quantizer: quantizer.none() }),
  };
  const missing = async (name: string) => !(await client.collections.exists(name));
  await explained(options, async () => {
    if (await missing(named.settings)) {
      await client.collections.create<SettingObject>({
        ...shared,
        ...sharding(1),
        name: named.settings,
        description: "Waymark: what is kept once for an index",
        properties: [
          { ...key, name: "name" },
          { ...kept, name: "value" },
        ],
      });
    }
    if (await missing(named.documents)) {
      await client.collections.create<DocumentObject>({
        ...shared,
        name: named.documents,
        description: "Waymark: documents, each with the revision of its passages that is valid",
        properties: [
          { ...key, name: "documentId" },
          { ...kept, name: "revision" },
          { ...kept, name: "fingerprint" },
          { name: "passages", dataType: "int" },
          { ...kept, name: "summary" },
          { ...kept, name: "source" },
        ],
      });
    }
    if (await missing(named.passages)) {
      await client.collections.create<PassageObject>({
        ...shared,
        ...vectorizer({
          distanceMetric: "cosine",
          quantizer: compress ? quantizer.rq({ bits: 8 }) : quantizer.none(),
        }),
        name: named.passages,
        description: "Waymark: passages with their vectors",
        properties: [
          { ...kept, name: "passageId" },
          { ...key, name: "documentId" },
          { ...key, name: "revision" },
          { ...key, name: "collection" },
          { ...key, name: "textKey" },
          { ...kept, name: "body" },
          { name: "stems", dataType: "text", tokenization: "whitespace" },
        ],
      });
    }
    if (await missing(named.tokens)) {
      await client.collections.create<TokensObject>({
        ...shared,
        name: named.tokens,
        description: "Waymark: token vectors of the passages",
        properties: [
          { ...kept, name: "passageId" },
          { ...key, name: "documentId" },
          { ...key, name: "revision" },
          { name: "tokens", dataType: "blob" },
        ],
      });
    }
  });
}

/** Takes the collections away with all that is in them. */
export async function deleteCollections(client: WeaviateClient, prefix: string): Promise<void> {
  for (const name of Object.values(names(prefix))) await client.collections.delete(name);
}

function names(prefix: string): Record<keyof Collections, string> {
  return {
    passages: `${prefix}Passages`,
    tokens: `${prefix}Tokens`,
    documents: `${prefix}Documents`,
    settings: `${prefix}Settings`,
  };
}

async function explained(options: Options, create: () => Promise<void>): Promise<void> {
  try {
    await create();
  } catch (error) {
    const message = error instanceof Error ? error.message : "";
    // Another server that starts has been quicker.
    if (/already exists/i.test(message)) return createdByAnother();
    if (!/could not find enough weaviate nodes|not enough (?:storage )?replicas/i.test(message)) throw error;
    throw new WaymarkError(
      "invalid-settings",
      `The cluster has too few nodes for ${options.replication} copies of everything.`,
      { hint: "Set store.replication to the number of nodes or less.", cause: error },
    );
  }

  async function createdByAnother(): Promise<void> {
    await create();
  }
}
