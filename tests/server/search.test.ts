import { describe, expect, it } from "vitest";
import { createApp } from "../../src/server/app.js";
import { exampleSearchResult } from "../../src/server/routes/examples.js";
import { searchResponseSchema } from "../../src/server/schemas/search.js";
import type { SearchOptions } from "../../src/waymark.js";
import { bodyOf, post, scripted } from "./scripted.js";

describe("POST /api/search", () => {
  it("gives ranked passages, as the schema says", async () => {
    const response = await createApp({ waymark: scripted() }).request(
      "/api/search",
      post({ query: "backups" }),
    );
    const body = await bodyOf(response);
    expect([response.status, body]).toEqual([200, { results: [exampleSearchResult] }]);
    expect(searchResponseSchema.parse(body)).toEqual(body);
  });

  it("passes documents and limit on", async () => {
    let given: SearchOptions | undefined;
    const search = async (_query: string, options?: SearchOptions) => {
      given = options;
      return [];
    };
    const app = createApp({ waymark: scripted({ search }) });
    await app.request("/api/search", post({ query: "backups", limit: 50, documentIds: ["a"] }));
    expect(given).toMatchObject({ limit: 50, documentIds: ["a"] });
  });

  it.each([
    ["an empty query", { query: "" }, "#/query"],
    ["white space", { query: "   " }, "#/query"],
    ["2,001 characters", { query: "a".repeat(2001) }, "#/query"],
    ["a question instead of a query", { query: "x", question: "x" }, "#/question"],
    ["limit 51", { query: "x", limit: 51 }, "#/limit"],
  ])("refuses %s", async (_name, body, pointer) => {
    const response = await createApp({ waymark: scripted() }).request("/api/search", post(body));
    const { code, errors } = await bodyOf(response);
    expect([response.status, code, errors[0].pointer]).toEqual([400, "invalid-input", pointer]);
  });
});
