import { describe, expect, it } from "vitest";
import { createApp } from "../../src/server/app.js";
import { exampleDocument } from "../../src/server/routes/examples.js";
import { documentSchema, documentsResponseSchema } from "../../src/server/schemas/documents.js";
import { bodyOf, scripted } from "./scripted.js";

const app = createApp({ waymark: scripted() });

describe("GET /api/documents", () => {
  it("lists the documents, as the schema says", async () => {
    const response = await app.request("/api/documents");
    const body = await bodyOf(response);
    expect([response.status, body.documents[0].id]).toEqual([200, exampleDocument.id]);
    expect(documentsResponseSchema.parse(body)).toEqual(body);
  });
});

describe("GET /api/documents/:id", () => {
  it("gives the text and the blocks, as the schema says", async () => {
    const response = await app.request(`/api/documents/${exampleDocument.id}`);
    const body = await bodyOf(response);
    expect([response.status, body]).toEqual([200, exampleDocument]);
    expect(documentSchema.parse(body)).toEqual(body);
  });

  it.each(["unknown", "%2e%2e%2fpackage.json", "..%5c..%5cpackage.json", "%00", "%F0%9F%A6%8A", "%zz"])(
    "does not find %s",
    async (id) => {
      const response = await app.request(`/api/documents/${id}`);
      const { code, hint } = await bodyOf(response);
      expect([response.status, code, hint]).toEqual([404, "document-not-found", "List the documents."]);
    },
  );

  it("refuses an id that is too long", async () => {
    const response = await app.request(`/api/documents/${"a".repeat(201)}`);
    expect([response.status, (await bodyOf(response)).code]).toEqual([400, "invalid-input"]);
  });
});
