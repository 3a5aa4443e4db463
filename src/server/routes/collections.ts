import { createRoute, OpenAPIHono } from "@hono/zod-openapi";
import type { Waymark } from "../../waymark.js";
import type { ServerEnv } from "../env.js";
import { collectionsResponseSchema } from "../schemas/collections.js";
import { json, problems } from "./responses.js";

const route = createRoute({
  method: "get",
  path: "/api/collections",
  summary: "List the collections",
  description: "The named sets of documents that questions and searches can be restricted to.",
  responses: {
    200: json("All collections.", collectionsResponseSchema, {
      collections: [
        { name: "default", documents: 1, passages: 1 },
        { name: "notes", documents: 12, passages: 340 },
      ],
    }),
    ...problems(401, 403, 500, 503),
  },
});

/** `GET /api/collections`. */
export function collectionRoutes(waymark: Waymark): OpenAPIHono<ServerEnv> {
  return new OpenAPIHono<ServerEnv>().openapi(route, async (c) =>
    c.json({ collections: await waymark.collections() }, 200),
  );
}
