import { z } from "@hono/zod-openapi";
import type { CollectionSummary } from "../../waymark.js";
import { mirrors } from "./mirror.js";

const count = z.int().min(0);

const collectionSchema = mirrors<CollectionSummary>()(
  z
    .object({
      name: z.string().openapi({ description: "default: the corpus and what was added through this API." }),
      documents: count,
      passages: count,
    })
    .openapi("Collection", { description: "A named set of documents." }),
);

/** The response of `GET /api/collections`. */
export const collectionsResponseSchema = z
  .object({
    collections: z
      .array(collectionSchema)
      .openapi({ description: "The default one first, then by name; empty ones too." }),
  })
  .openapi("CollectionsResponse");
