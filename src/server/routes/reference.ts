import { createHash } from "node:crypto";
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { etag } from "hono/etag";
import type { ServerEnv } from "../env.js";
import { referencePage } from "../reference/page.js";
import { REFERENCE_STYLE } from "../reference/style.js";
import { problems } from "./responses.js";

/** An OpenAPI 3.1 document. */
export type OpenApiDocument = ReturnType<OpenAPIHono["getOpenAPI31Document"]>;

const documentRoute = createRoute({
  method: "get",
  path: "/api/openapi.json",
  summary: "This API as OpenAPI 3.1",
  responses: {
    200: {
      description: "The OpenAPI document.",
      content: { "application/json": { schema: z.looseObject({ openapi: z.string() }) } },
    },
    ...problems(401, 403),
  },
});

const pageRoute = createRoute({
  method: "get",
  path: "/api/docs",
  summary: "This API as a page to read",
  responses: {
    200: { description: "The reference.", content: { "text/html": { schema: z.string() } } },
    ...problems(401, 403),
  },
});

/** `GET /api/openapi.json`, `GET /api/docs` and the latter's style sheet. `describe` gives the document. */
export function referenceRoutes(describe: () => OpenApiDocument): OpenAPIHono<ServerEnv> {
  const routes = new OpenAPIHono<ServerEnv>();
  const styleTag = `"${createHash("sha256").update(REFERENCE_STYLE).digest("base64url")}"`;
  routes.get("/reference.css", etag(), (c) =>
    c.body(REFERENCE_STYLE, 200, {
      "Content-Type": "text/css; charset=utf-8",
      ETag: styleTag,
      "Cache-Control": "no-cache",
    }),
  );
  routes.openAPIRegistry.registerPath(documentRoute);
  routes.get(documentRoute.getRoutingPath(), (c) => c.json(describe()));
  routes.openapi(pageRoute, async (c) => c.html(await referencePage(describe())));
  return routes;
}
