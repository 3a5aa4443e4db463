import { z } from "zod";

/** Where a Weaviate node is: its origin, and a path where a proxy stands before it. */
const nodeUrl = z.url({ protocol: /^https?$/ });

/** One node, or several of one cluster: where one does not answer, the next is asked. */
const nodeUrls = z.union([nodeUrl, z.array(nodeUrl).min(1)]).transform((urls) => [urls].flat());

/** Where the index is kept; see docs/SCALING.md. */
export const storeSchema = z
  .discriminatedUnion("kind", [
    z.strictObject({
      /** In the index folder, on this machine. */
      kind: z.literal("local"),
    }),
    z.strictObject({
      /** In Weaviate. Its key is in the environment alone, `WAYMARK_WEAVIATE_KEY`. */
      kind: z.literal("weaviate"),
      url: nodeUrls,
      /** gRPC, for each `url` in the same order. Default: the same host, port 50051. */
      grpcUrl: nodeUrls.optional(),
      /** What the names of Waymark's collections there begin with: one cluster can hold several indexes. */
      collectionPrefix: z
        .string()
        .regex(/^[A-Z][A-Za-z0-9_]{0,99}$/, "begin with a capital letter, then letters, digits and _")
        .default("Waymark"),
      /** Copies of everything, on so many nodes. For collections that are yet to be made. */
      replication: z.number().int().min(1).max(16).default(1),
      /** Parts that the passages are split into; by default one a node. For collections that are yet to be made. */
      shards: z.number().int().min(1).max(1024).optional(),
      /** How many of the copies have to agree on what is written and read. */
      consistency: z.enum(["ONE", "QUORUM", "ALL"]).default("QUORUM"),
      /** Keep vectors in memory as 8 bits a number instead of 32. For collections that are yet to be made. */
      compress: z.boolean().default(false),
    }),
  ])
  .refine(
    (store) =>
      store.kind === "local" || store.grpcUrl === undefined || store.grpcUrl.length === store.url.length,
    "give as many gRPC addresses as there are nodes in url, in the same order",
  );

/** Where the index is kept, complete and checked. */
export type StoreSettings = z.infer<typeof storeSchema>;

/** The settings of an index in Weaviate. */
export type WeaviateSettings = Extract<StoreSettings, { kind: "weaviate" }>;
