import { createRoute, OpenAPIHono, type z } from "@hono/zod-openapi";
import type { IndexingState, Waymark } from "../../waymark.js";
import type { ServerEnv } from "../env.js";
import { healthSchema } from "../schemas/health.js";
import { json, problems } from "./responses.js";

const route = createRoute({
  method: "get",
  path: "/api/health",
  summary: "How the server is",
  description:
    "Whether questions can be asked, what is indexed, and by which models. Cheap enough to be polled.",
  responses: {
    200: json("The server runs; status tells whether it can answer.", healthSchema, {
      status: "ready",
      version: "0.1.0",
      schemaVersion: 1,
      generation: 3,
      documents: 1,
      passages: 1,
      models: {
        embedder: { name: "minilm-l6-v2", checksum: "9d2b…" },
        reader: { name: "reader", checksum: "c41e…" },
      },
      indexing: { state: "idle" },
    }),
    ...problems(401, 403, 500, 503),
  },
});

/** `GET /api/health`. */
export function healthRoutes(waymark: Waymark): OpenAPIHono<ServerEnv> {
  return new OpenAPIHono<ServerEnv>().openapi(route, async (c) => {
    const { version, schemaVersion, generation, documents, passages, models } = await waymark.status();
    const indexing = waymark.indexing();
    const status = healthOf(indexing, documents);
    return c.json({ status, version, schemaVersion, generation, documents, passages, models, indexing }, 200);
  });
}

function healthOf({ state }: IndexingState, documents: number): z.infer<typeof healthSchema>["status"] {
  if (state === "running") return "indexing";
  if (state === "failed") return "failed";
  return documents === 0 ? "empty" : "ready";
}
