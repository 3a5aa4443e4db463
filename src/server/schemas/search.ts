import { z } from "@hono/zod-openapi";
import type { SearchOptions, SearchResult } from "../../waymark.js";
import { citationFields } from "./answer.js";
import { mirrors } from "./mirror.js";
import { collectionsSchema, documentIdsSchema, limitSchema, searchText } from "./text.js";

/** The body of `POST /api/search`. */
export const searchRequestSchema = mirrors<
  { query: string } & Pick<SearchOptions, "documentIds" | "collections" | "limit">
>()(
  z
    .strictObject(
      {
        query: searchText("query").openapi({ description: "Words or a question to search for." }),
        documentIds: documentIdsSchema.optional().openapi({ description: "Search these documents alone." }),
        collections: collectionsSchema.optional().openapi({ description: "Search these collections alone." }),
        limit: limitSchema
          .optional()
          .openapi({ description: "At most so many passages; 10 where it is left out." }),
      },
      { error: 'The body is a JSON object such as {"query": "…"}.' },
    )
    .openapi("SearchRequest"),
);

const searchResultSchema = mirrors<SearchResult>()(
  z
    .object({
      ...citationFields,
      score: citationFields.score.openapi({ description: "What results are ordered by, from 0 to 1." }),
      passageId: z.string(),
      scores: z
        .object({
          lexical: z.number().openapi({ description: "BM25; 0 where no term matches." }),
          dense: z.number().openapi({ description: "Cosine similarity." }),
          fused: z.number().openapi({ description: "Both, weighted." }),
          interaction: z.number().openapi({
            description: "Late interaction: how near the query's tokens are to those of a sentence.",
          }),
        })
        .openapi({ description: "The partial scores." }),
    })
    .openapi("SearchResult", { description: "A passage that matched; its quote is the passage's text." }),
);

/** The response of `POST /api/search`. */
export const searchResponseSchema = z
  .object({ results: z.array(searchResultSchema).openapi({ description: "Best first." }) })
  .openapi("SearchResponse");
