import { Hono } from "hono";
import type { Waymark } from "../../waymark.js";
import type { ServerEnv } from "../env.js";

/**
 * `POST /mcp`: MCP by streamable HTTP, without sessions: each request is served by itself, so nothing is kept for clients
 * that never come back. Loaded with the first request.
 */
export function mcpRoutes(waymark: Waymark): Hono<ServerEnv> {
  return new Hono<ServerEnv>().post("/mcp", async (c) => {
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
      return await transport.handleRequest(c.req.raw);
    } finally {
      await server.close();
    }
  });
}
