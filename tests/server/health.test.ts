import { describe, expect, it } from "vitest";
import { WaymarkError } from "../../src/errors.js";
import { createApp } from "../../src/server/app.js";
import { healthSchema } from "../../src/server/schemas/health.js";
import type { IndexingState } from "../../src/waymark.js";
import { bodyOf, scripted } from "./scripted.js";

async function health(indexing: IndexingState, documents: number) {
  const status = await scripted().status();
  const waymark = scripted({ indexing: () => indexing, status: async () => ({ ...status, documents }) });
  return createApp({ waymark }).request("/api/health");
}

describe("GET /api/health", () => {
  it("gives generation, counts, models and versions, as the schema says", async () => {
    const response = await health({ state: "idle" }, 1);
    const body = await bodyOf(response);
    expect([response.status, body]).toEqual([
      200,
      {
        status: "ready",
        version: "0.1.0",
        schemaVersion: 1,
        generation: 3,
        documents: 1,
        passages: 1,
        models: {
          embedder: { name: "embedder", checksum: "ab" },
          reader: { name: "reader", checksum: "cd" },
        },
        indexing: { state: "idle" },
      },
    ]);
    expect(healthSchema.parse(body)).toEqual(body);
  });

  it.each<[string, IndexingState, number]>([
    ["ready", { state: "idle" }, 2],
    ["empty", { state: "idle" }, 0],
    ["indexing", { state: "running", done: 3, total: 8, phase: "embedding" }, 0],
    ["indexing", { state: "running" }, 2],
    ["failed", { state: "failed", message: "The disk is full." }, 2],
  ])("is %s when the indexer is %o with %i documents", async (status, indexing, documents) => {
    const body = await bodyOf(await health(indexing, documents));
    expect(body).toMatchObject({ status, indexing });
  });

  it("is a problem where the index cannot be read", async () => {
    const status = async () => {
      throw new WaymarkError("index-damaged", "The index cannot be read.", { hint: "Build it again." });
    };
    const response = await createApp({ waymark: scripted({ status }) }).request("/api/health");
    expect([response.status, (await bodyOf(response)).code]).toEqual([500, "index-damaged"]);
  });
});
