import { createRoute, OpenAPIHono } from "@hono/zod-openapi";
import type { SearchOptions, Waymark } from "../../waymark.js";
import type { ServerEnv } from "../env.js";
import { searchRequestSchema, searchResponseSchema } from "../schemas/search.js";
import { exampleSearchResult } from "./examples.js";
import { json, jsonBody, problems } from "./responses.js";

const route = createRoute({
  method: "post",
  path: "/api/search",
  summary: "Search for passages",
  description: "Ranked passages with their partial scores, by words and by meaning. Nothing is answered.",
  request: { body: jsonBody(searchRequestSchema, { query: "nightly backups", limit: 5 }) },
  responses: {
    200: json("The passages that match, best first.", searchResponseSchema, {
      results: [exampleSearchResult],
    }),
    ...problems(400, 401, 403, 404, 413, 415, 429, 500, 503),
  },
});

/** `POST /api/search`. */
export function searchRoutes(waymark: Waymark): OpenAPIHono<ServerEnv> {
  return new OpenAPIHono<ServerEnv>().openapi(route, async (c) => {
    const { query, documentIds, collections, limit } = c.req.valid("json");
    const options: SearchOptions = { signal: c.req.raw.signal };
    if (documentIds) options.documentIds = documentIds;
    if (collections) options.collections = collections;
    if (limit) options.limit = limit;
    return c.json({ results: await waymark.search(query, options) }, 200);
  });
}
