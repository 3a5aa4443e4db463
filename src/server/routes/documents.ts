import { createRoute, OpenAPIHono } from "@hono/zod-openapi";
import { SUPPORTED_EXTENSIONS } from "../../documents/load.js";
import type { Waymark } from "../../waymark.js";
import type { ServerEnv } from "../env.js";
import { documentParamsSchema, documentSchema, documentsResponseSchema } from "../schemas/documents.js";
import { exampleDocument, exampleSummary } from "./examples.js";
import { json, problems } from "./responses.js";

/** The greatest size in bytes of a file that `POST /api/documents` takes. */
export const MAX_DOCUMENT_BYTES = 50 * 1024 * 1024;

const listRoute = createRoute({
  method: "get",
  path: "/api/documents",
  summary: "List the documents",
  responses: {
    200: json("All indexed documents.", documentsResponseSchema, {
      documents: [exampleSummary],
      adding: { allowed: true, maxBytes: MAX_DOCUMENT_BYTES, extensions: [...SUPPORTED_EXTENSIONS] },
    }),
    ...problems(401, 403, 500, 503),
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
    ...problems(400, 401, 403, 404, 500, 503),
  },
});

/** `GET /api/documents` and `GET /api/documents/{id}`. `takesDocuments`: whether more can be added here. */
export function documentRoutes(waymark: Waymark, takesDocuments: boolean): OpenAPIHono<ServerEnv> {
  const adding = {
    allowed: takesDocuments,
    maxBytes: MAX_DOCUMENT_BYTES,
    extensions: [...SUPPORTED_EXTENSIONS],
  };
  return new OpenAPIHono<ServerEnv>()
    .openapi(listRoute, async (c) => c.json({ documents: await waymark.documents(), adding }, 200))
    .openapi(oneRoute, async (c) => c.json(await waymark.document(c.req.valid("param").id), 200));
}
