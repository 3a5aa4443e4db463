import { createRoute, OpenAPIHono } from "@hono/zod-openapi";
import type { Waymark } from "../../waymark.js";
import type { ServerEnv } from "../env.js";
import { documentParamsSchema, documentSchema, documentsResponseSchema } from "../schemas/documents.js";
import { exampleDocument } from "./examples.js";
import { json, problems } from "./responses.js";

const listRoute = createRoute({
  method: "get",
  path: "/api/documents",
  summary: "List the documents",
  responses: {
    200: json("All indexed documents.", documentsResponseSchema, {
      documents: [
        {
          id: exampleDocument.id,
          uri: exampleDocument.uri,
          title: exampleDocument.title,
          mediaType: exampleDocument.mediaType,
          contentHash: "4f1c2b6d7a8e90b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f708192a3b4c5d6e7f",
          indexedAt: exampleDocument.indexedAt,
          passages: 1,
          characters: exampleDocument.text.length,
        },
      ],
    }),
    ...problems(403, 500, 503),
  },
});

const oneRoute = createRoute({
  method: "get",
  path: "/api/documents/{id}",
  summary: "Read a document",
  description: "The text that all ranges refer to, and its structure.",
  request: { params: documentParamsSchema },
  responses: {
    200: json("The document.", documentSchema, exampleDocument),
    ...problems(400, 403, 404, 500, 503),
  },
});

/** `GET /api/documents` and `GET /api/documents/{id}`. */
export function documentRoutes(waymark: Waymark): OpenAPIHono<ServerEnv> {
  return new OpenAPIHono<ServerEnv>()
    .openapi(listRoute, async (c) => c.json({ documents: await waymark.documents() }, 200))
    .openapi(oneRoute, async (c) => c.json(await waymark.document(c.req.valid("param").id), 200));
}
