import { describe, expect, it } from "vitest";
import { createApp } from "../../../src/server/app.js";
import { post, scripted } from "../scripted.js";

const app = createApp({ waymark: scripted(), host: "127.0.0.1" });
const broken = createApp({ waymark: scripted({ ask: () => Promise.reject(new Error("x")) }) });
const guarded = createApp({ waymark: scripted(), host: "10.0.0.1", token: "a-secret-of-24-characters" });

const RESPONSES: [what: string, status: number, respond: () => Response | Promise<Response>][] = [
  ["the page", 404, () => app.request("/")],
  ["the reference", 200, () => app.request("/api/docs")],
  ["its style sheet", 200, () => app.request("/reference.css")],
  ["the description", 200, () => app.request("/api/openapi.json")],
  ["health", 200, () => app.request("/api/health")],
  ["an answer", 200, () => app.request("/api/ask", post({ question: "x" }))],
  ["events", 200, () => app.request("/api/ask", post({ question: "x" }, { Accept: "text/event-stream" }))],
  [
    "a chat",
    200,
    () =>
      app.request(
        "/v1/chat/completions",
        post({ model: "waymark", messages: [{ role: "user", content: "x" }] }),
      ),
  ],
  ["MCP", 400, () => app.request("/mcp", post("no JSON"))],
  ["a wrong question", 400, () => app.request("/api/ask", post({}))],
  ["no token", 401, () => guarded.request("/", { headers: { Host: "10.0.0.1" } })],
  ["a foreign host", 403, () => app.request("/", { headers: { Host: "example.com" } })],
  ["nothing there", 404, () => app.request("/nothing")],
  ["a wrong method", 405, () => app.request("/api/ask")],
  ["a body that is too large", 413, () => app.request("/api/ask", post("x".repeat(70_000)))],
  ["a wrong kind of body", 415, () => app.request("/api/ask", post("x", { "Content-Type": "text/plain" }))],
  ["a fault", 500, () => broken.request("/api/ask", post({ question: "x" }))],
];

describe("every response", () => {
  it.each(RESPONSES)(
    "has the headers that keep other pages and scripts out: %s (%i)",
    async (_, status, respond) => {
      const response = await respond();
      expect(response.status).toBe(status);
      const { headers } = response;
      expect(headers.get("content-security-policy")).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
      expect(headers.get("content-security-policy")).not.toContain("unsafe");
      expect(headers.get("permissions-policy")).toContain("camera=()");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("x-frame-options")).toBe("DENY");
      expect(headers.get("x-powered-by")).toBeNull();
    },
  );

  it.each(["/api/health", "/api/documents", "/v1/models", "/api/nothing", "/api/ask", "/mcp"])(
    "of the API is kept by no cache: %s",
    async (path) => expect((await app.request(path)).headers.get("cache-control")).toBe("no-store"),
  );
});
