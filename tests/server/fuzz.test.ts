import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadSettings } from "../../src/config.js";
import { createApp } from "../../src/server/app.js";
import { type LocalWaymark, openWaymark } from "../../src/waymark.js";
import { budget } from "../fuzz-budget.js";
import { complete, messagesFor, type Tool } from "../mcp/messages.js";
import { anyText, type Schema, valuesOf } from "../schema-values.js";

interface Operation {
  parameters?: { name: string; in: string }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, unknown>;
}
interface Description {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

let folder: string;
let waymark: LocalWaymark;
let app: ReturnType<typeof createApp>;
let description: Description;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "waymark-fuzz-"));
  writeFileSync(join(folder, "a.txt"), "Bees sleep at night.");
  const models = { reader: null };
  waymark = await openWaymark(
    loadSettings({ index: join(folder, "index"), models }, { env: {}, cwd: folder }),
  );
  await waymark.ingest({ paths: [join(folder, "a.txt")] });
  app = createApp({ waymark, host: "127.0.0.1" });
  description = (await (await app.request("/api/openapi.json")).json()) as Description;
});

afterAll(async () => {
  await waymark.close();
  rmSync(folder, { recursive: true, force: true });
});

/** No request of anyone's is the server's fault, and every refusal is a document that says what to do. */
async function expectNoFault(response: Response, operation?: Operation): Promise<void> {
  const text = await response.text();
  expect(response.status, text).toBeLessThan(500);
  expect(text).not.toMatch(/\n\s+at |node_modules|\/src\//);
  if (operation !== undefined) expect(Object.keys(operation.responses)).toContain(String(response.status));
  const isText = response.headers.get("content-type")?.startsWith("text/plain");
  if (response.status >= 400 && text !== "" && !isText) expect(JSON.parse(text)).toBeTypeOf("object");
}

describe("any request", () => {
  it("that is made after the API's description gets an answer that the description has", async () => {
    const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );
    expect(operations.length).toBeGreaterThan(6);
    const json = operations.filter(
      ({ operation }) => operation.requestBody?.content["application/json"] !== undefined,
    );
    for (const { path, method, operation } of json) {
      const schema = operation.requestBody?.content["application/json"]?.schema ?? {};
      await fc.assert(
        fc.asyncProperty(
          valuesOf(schema, description.components.schemas),
          fc.constantFrom("application/json", "text/event-stream"),
          async (body, accept) => {
            const headers = { "Content-Type": "application/json", Accept: accept };
            const response = await app.request(path, {
              method: method.toUpperCase(),
              headers,
              body: JSON.stringify(body),
            });
            await expectNoFault(response, operation);
          },
        ),
        budget(40),
      );
    }
  });

  it("of any body, path, method and header gets a refusal in words at the most", async () => {
    const paths = [
      ...Object.keys(description.paths),
      "/",
      "/main.js",
      "/%00",
      "/..%2f..%2fetc%2fpasswd",
      "/api/documents/..%2f",
    ];
    const path = fc.oneof(
      fc.constantFrom(...paths),
      anyText.map((text) => `/api/documents/${encodeURIComponent(text.toWellFormed())}`),
      fc.webPath(),
    );
    const method = fc.constantFrom("GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD", "PATCH");
    const header = fc.constantFrom(
      "Accept",
      "Content-Type",
      "Authorization",
      "Origin",
      "Range",
      "If-None-Match",
      "Cookie",
      "Host",
    );
    const headers = fc.dictionary(header, visibleText, { maxKeys: 3 });
    await fc.assert(
      fc.asyncProperty(
        path,
        method,
        headers,
        fc.uint8Array({ maxLength: 300 }),
        async (where, how, what, body) => {
          const bodied = how === "GET" || how === "HEAD" ? {} : { body: Buffer.from(body) };
          await expectNoFault(await app.request(where || "/", { method: how, headers: what, ...bodied }));
        },
      ),
      budget(300),
    );
  });

  it("in MCP, of any method, parameters and headers, alone or many at once, gets an answer that is MCP's", async () => {
    const { result } = JSON.parse(await (await mcp({ method: "tools/list" })).text());
    const tools = result.tools as Tool[];
    expect(tools.map(({ name }) => name).sort()).toEqual(["ask", "get_document", "search"]);
    const message = messagesFor(tools);
    const body = fc.oneof({ weight: 3, arbitrary: message }, fc.array(message, { maxLength: 6 }));
    const headers = fc.dictionary(
      fc.constantFrom("Accept", "Mcp-Session-Id", "MCP-Protocol-Version", "Last-Event-ID", "Content-Type"),
      fc.oneof(fc.constantFrom("*/*", "text/event-stream", "2025-06-18", "1"), visibleText),
      { maxKeys: 2 },
    );
    await fc.assert(
      fc.asyncProperty(body, headers, async (what, over) => {
        await expectNoFault(await mcp(what, over));
      }),
      budget(150),
    );
  });

  it("in MCP with more messages than a turn is for is refused in words", async () => {
    const ping = { method: "ping" };
    expect((await mcp(Array(5).fill(ping))).status).toBe(200);
    const refused = await mcp(Array(6).fill(ping));
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain("at most 5 messages");
  });

  it.each(["GET", "DELETE", "PUT", "HEAD"])("in MCP by %s is refused in words", async (method) => {
    const response = await app.request("/mcp", { method, headers: { "Mcp-Session-Id": "1" } });
    expect(response.status).toBe(405);
    await expectNoFault(response);
  });

  it.each([
    ["MCP", "/mcp"],
    ["a question", "/api/ask"],
    ["a chat", "/v1/chat/completions"],
  ])("that is too large, or nested 15,000 deep, is refused in words: %s", async (_, path) => {
    const headers = { "Content-Type": "application/json", Accept: "application/json, text/event-stream" };
    for (const [body, status] of [
      [JSON.stringify({ jsonrpc: "2.0", method: "x".repeat(100_000) }), 413],
      [`${"[".repeat(15_000)}${"]".repeat(15_000)}`, 400],
      [`${'{"params":'.repeat(5_000)}1${"}".repeat(5_000)}`, 400],
      ["[".repeat(60_000), 400],
      ["", 400],
    ] as const) {
      const response = await app.request(path, { method: "POST", headers, body });
      expect(response.status).toBe(status);
      await expectNoFault(response);
    }
  });
});

const visibleText = fc.stringMatching(/^[\x20-\x7e]{0,40}$/);

/** A POST of one JSON-RPC message or of anything else; an object is completed to a message. */
async function mcp(body: unknown, over: Record<string, string> = {}): Promise<Response> {
  const headers = {
    "Content-Type": "application/json",
    Accept: "application/json, text/event-stream",
    ...over,
  };
  const text = JSON.stringify(Array.isArray(body) ? body.map(complete) : complete(body));
  return app.request("/mcp", { method: "POST", headers, body: text });
}
