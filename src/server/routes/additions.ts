import { createRoute, OpenAPIHono } from "@hono/zod-openapi";
import type { Context, MiddlewareHandler } from "hono";
import type { Additions } from "../../waymark.js";
import type { ServerEnv } from "../env.js";
import { problem, problemResponse } from "../problem.js";
import { addedDocumentSchema, documentParamsSchema, newDocumentSchema } from "../schemas/documents.js";
import { exampleSummary } from "./examples.js";
import { json, problems } from "./responses.js";

const added = (description: string, outcome: "added" | "changed") =>
  json(description, addedDocumentSchema, {
    outcome,
    document: { ...exampleSummary, uri: "added:handbook.md" },
  });

/** What a server says that takes no documents. */
export function refuseAddition(c: Context): Response {
  return problemResponse(
    c,
    problem("adding-not-allowed", "This server takes no documents and removes none.", {
      hint: "It does where it listens on this machine alone, or asks for a token. Otherwise run `waymark ingest`.",
    }),
  );
}

/** `POST /api/documents` and `DELETE /api/documents/{id}`. Without `additions` both are refused. */
export function additionRoutes(additions: Additions | undefined): OpenAPIHono<ServerEnv> {
  const refuse: MiddlewareHandler<ServerEnv> = async (c, next) =>
    additions === undefined ? refuseAddition(c) : next();
  const addRoute = createRoute({
    method: "post",
    path: "/api/documents",
    summary: "Add a document",
    description:
      "One file as multipart/form-data. It is kept beside the index as added:<name>, whatever the corpus is, and replaces an earlier one of this name. The response comes when it can be asked.",
    middleware: refuse,
    request: {
      body: {
        required: true,
        content: { "multipart/form-data": { schema: newDocumentSchema, example: { file: "# Handbook …" } } },
      },
    },
    responses: {
      200: added(
        "A file of this name was there: it is replaced (changed), or the same (unchanged).",
        "changed",
      ),
      201: added("The document is indexed.", "added"),
      ...problems(400, 401, 403, 413, 415, 422, 429, 500, 503),
    },
  });
  const removeRoute = createRoute({
    method: "delete",
    path: "/api/documents/{id}",
    summary: "Remove an added document",
    description: "Deletes the copy that was added, and what the index has of it.",
    middleware: refuse,
    request: { params: documentParamsSchema },
    responses: {
      204: { description: "It is gone." },
      ...problems(400, 401, 403, 404, 409, 500, 503),
    },
  });
  return new OpenAPIHono<ServerEnv>()
    .openapi(addRoute, async (c) => {
      const { file } = c.req.valid("form");
      const bytes = new Uint8Array(await file.arrayBuffer());
      const result = await (additions as Additions).addDocument({ name: file.name, bytes });
      return c.json(result, result.outcome === "added" ? 201 : 200);
    })
    .openapi(removeRoute, async (c) => {
      await (additions as Additions).removeDocument(c.req.valid("param").id);
      return c.body(null, 204);
    });
}
