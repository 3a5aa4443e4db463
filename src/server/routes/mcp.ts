import { Hono } from "hono";
import type { Waymark } from "../../waymark.js";
import type { ServerEnv } from "../env.js";

/** Messages in one request, at most: each may be a question, and a request has one turn for all of them. */
const MAX_BATCH = 5;

/** JSON-RPC's answers to bodies that no server is made for. */
const PARSE_ERROR = { jsonrpc: "2.0", error: { code: -32700, message: "The body is not JSON." }, id: null };
const BATCH_ERROR = {
  jsonrpc: "2.0",
  error: { code: -32600, message: `A batch has at most ${MAX_BATCH} messages.` },
  id: null,
};

/**
 * `POST /mcp`: MCP by streamable HTTP, without sessions: each request is served by itself, so nothing is kept for clients
 * that never come back. Loaded with the first request.
 */
export function mcpRoutes(waymark: Waymark): Hono<ServerEnv> {
  return new Hono<ServerEnv>().post("/mcp", async (c) => {
    // Read through Hono: a middleware may have read the body before, and the transport could not read it again.
    const parsedBody: unknown = await c.req.json().catch(() => undefined);
    if (parsedBody === undefined) return c.json(PARSE_ERROR, 400);
    if (Array.isArray(parsedBody) && parsedBody.length > MAX_BATCH) return c.json(BATCH_ERROR, 400);
    const [{ createMcpServer }, { WebStandardStreamableHTTPServerTransport }] = await Promise.all([
      import("../../mcp/server.js"),
      import("@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js"),
    ]);
    const { version } = await waymark.status();
    const server = createMcpServer(waymark, version);
    const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
    await server.connect(transport);
    c.req.raw.signal.addEventListener("abort", () => void server.close(), { once: true });
    try {
      return await transport.handleRequest(c.req.raw, { parsedBody });
    } finally {
      await server.close();
    }
  });
}
