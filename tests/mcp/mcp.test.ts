import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { afterEach, describe, expect, it } from "vitest";
import { WaymarkError } from "../../src/errors.js";
import { MAX_PART, readPart } from "../../src/mcp/document-part.js";
import { createMcpServer } from "../../src/mcp/server.js";
import { createApp } from "../../src/server/app.js";
import { exampleAnswer, exampleDocument, exampleSearchResult } from "../../src/server/routes/examples.js";
import { serve } from "../../src/server/serve.js";
import type { AskOptions, SearchOptions, Waymark } from "../../src/waymark.js";
import { post, scripted } from "../server/scripted.js";

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function connect(waymark: Waymark, by: "memory" | "http" = "memory"): Promise<Client> {
  const client = new Client({ name: "test", version: "1" });
  if (by === "http") {
    const server = await serve({ app: createApp({ waymark }), host: "127.0.0.1", port: 0 });
    ends.push(() => server.close());
    // The SDK's own classes do not agree on optional fields under exactOptionalPropertyTypes.
    await client.connect(new StreamableHTTPClientTransport(new URL(`${server.url}/mcp`)) as Transport);
  } else {
    const [near, far] = InMemoryTransport.createLinkedPair();
    await createMcpServer(waymark, "1.2.3").connect(far);
    await client.connect(near);
  }
  ends.push(() => client.close());
  return client;
}

describe.each(["memory", "http"] as const)("an MCP client, by %s", (by) => {
  it("finds three tools with schemas, all of which only read", async () => {
    const { tools } = await (await connect(scripted(), by)).listTools();
    expect(tools.map(({ name }) => name)).toEqual(["search", "ask", "get_document"]);
    for (const { annotations, inputSchema, outputSchema, description } of tools) {
      expect(annotations).toMatchObject({ readOnlyHint: true, destructiveHint: false });
      expect(Object.keys(inputSchema.properties ?? {}).length).toBeGreaterThan(0);
      expect(outputSchema?.type).toBe("object");
      expect(description).not.toBe("");
    }
  });

  it("asks, and gets the answer as text and in full", async () => {
    const asked: { question: string; options: AskOptions }[] = [];
    const ask: Waymark["ask"] = async (question, options = {}) => {
      asked.push({ question, options });
      return exampleAnswer;
    };
    const client = await connect(scripted({ ask }), by);
    const args = { question: "When?", limit: 2, mode: "extractive", documentIds: ["a"] };
    const result = await client.callTool({ name: "ask", arguments: args });
    expect(result.structuredContent).toEqual(exampleAnswer);
    expect(result.content).toEqual([
      {
        type: "text",
        text: "Backups run every night at two. [1]\n\nSources:\n[1] Handbook › Backups (handbook.md, line 3)",
      },
    ]);
    const { question, ...options } = args;
    expect(asked).toMatchObject([{ question, options }]);
  });

  it("searches", async () => {
    const searched: SearchOptions[] = [];
    const search: Waymark["search"] = async (_query, options = {}) => {
      searched.push(options);
      return [exampleSearchResult];
    };
    const client = await connect(scripted({ search }), by);
    const result = await client.callTool({ name: "search", arguments: { query: "backups", limit: 3 } });
    expect(result.structuredContent).toEqual({ results: [exampleSearchResult] });
    expect(searched).toMatchObject([{ limit: 3 }]);
  });

  it("is told the place of what it finds, where the format has places", async () => {
    const found = { ...exampleSearchResult, place: "slide 3" };
    const client = await connect(scripted({ search: async () => [found] }), by);
    const result = await client.callTool({ name: "search", arguments: { query: "backups" } });
    expect(result.structuredContent).toEqual({ results: [found] });
    expect(result.content).toMatchObject([{ text: expect.stringMatching(/, slide 3\)\n/) }]);
  });

  it("is told in words why there is no resource, and nothing of what went wrong inside", async () => {
    const document: Waymark["document"] = async (id) => {
      if (id === "broken") throw new Error("SQLITE_ERROR at /home/someone/index");
      throw new WaymarkError("document-not-found", `No document has the id "${id}".`, {
        hint: "Look again.",
      });
    };
    const client = await connect(scripted({ document }), by);
    const read = (id: string) => client.readResource({ uri: `waymark://documents/${id}` });
    await expect(read("none")).rejects.toThrow('No document has the id "none". Look again.');
    await expect(read("%ff")).rejects.toThrow("The address of the resource is not well-formed.");
    const failure = await read("broken").catch((error: Error) => error.message);
    expect(failure).toContain("An unexpected error stopped the request.");
    expect(failure).not.toContain("someone");
  });

  it("reads a document, whole, in part and as a resource", async () => {
    const client = await connect(scripted(), by);
    const { id, text } = exampleDocument;
    const whole = await client.callTool({ name: "get_document", arguments: { id } });
    expect(whole.structuredContent).toMatchObject({ id, start: 0, end: text.length, text });
    const part = await client.callTool({ name: "get_document", arguments: { id, start: 8, end: 39 } });
    expect(part.structuredContent).toMatchObject({ start: 8, end: 39, text: text.slice(8, 39) });
    const { resources } = await client.listResources();
    expect(resources).toMatchObject([{ uri: `waymark://documents/${id}`, title: "Handbook" }]);
    const { contents } = await client.readResource({ uri: resources[0]?.uri ?? "" });
    expect(contents).toEqual([{ uri: resources[0]?.uri, mimeType: "text/plain", text }]);
  });

  it("is told what cannot be done, and what to do", async () => {
    const client = await connect(scripted(), by);
    const missing = await client.callTool({ name: "get_document", arguments: { id: "nobody" } });
    expect(missing).toMatchObject({
      isError: true,
      content: [{ text: "There is no such document. List the documents." }],
    });
    for (const args of [
      { question: "" },
      { question: "x", limit: 0 },
      { question: "x", mode: "creative" },
      {},
    ]) {
      expect(await client.callTool({ name: "ask", arguments: args })).toMatchObject({ isError: true });
    }
    await expect(client.readResource({ uri: "waymark://documents/nobody" })).rejects.toThrow(
      "no such document",
    );
  });
});

it("serves MCP by HTTP only to ours", async () => {
  const app = createApp({ waymark: scripted() });
  const call = { jsonrpc: "2.0", id: 1, method: "tools/list" };
  const accept = { Accept: "application/json, text/event-stream" };
  expect((await app.request("/mcp", post(call, accept))).status).toBe(200);
  const foreign = await app.request("/mcp", post(call, { ...accept, Origin: "https://evil.example" }));
  expect(foreign.status).toBe(403);
  expect((await app.request("/mcp")).status).toBe(405);
  const broken = await app.request("/mcp", post("{", accept));
  expect([broken.status, ((await broken.json()) as { error: { code: number } }).error.code]).toEqual([
    400, -32700,
  ]);
});

describe("a part of a document", () => {
  it("is never longer than one answer may be, and never outside of the text", () => {
    const document = { id: "a", title: "A", uri: "a.md", text: "x".repeat(MAX_PART + 10) };
    expect(readPart(document)).toMatchObject({ start: 0, end: MAX_PART, characters: MAX_PART + 10 });
    expect(readPart(document, MAX_PART)).toMatchObject({ end: MAX_PART + 10, text: "x".repeat(10) });
    expect(readPart(document, 5, 2)).toMatchObject({ start: 5, end: 5, text: "" });
    expect(readPart(document, 1e9, 2e9)).toMatchObject({ start: MAX_PART + 10, text: "" });
  });
});
