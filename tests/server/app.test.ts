import { describe, expect, it } from "vitest";
import { createApp } from "../../src/server/app.js";
import { bodyOf, post, scripted } from "./scripted.js";

const app = createApp({ waymark: scripted() });
const LIMIT = 65_536;

/** A JSON body of exactly `bytes` bytes: white space is allowed in JSON. */
function bodyOfSize(bytes: number): string {
  const body = JSON.stringify({ question: "x" });
  return body + " ".repeat(bytes - body.length);
}

function chunked(text: string): RequestInit & { duplex: "half" } {
  const bytes = new TextEncoder().encode(text);
  const body = new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += 5000) controller.enqueue(bytes.subarray(at, at + 5000));
      controller.close();
    },
  });
  return { ...post(""), body, duplex: "half" };
}

describe("bodies", () => {
  it.each([
    ["with a length", (text: string) => post(text, { "Content-Length": String(text.length) })],
    ["in chunks", chunked],
    [
      "in chunks that claim to be short",
      (text: string) => ({
        ...chunked(text),
        headers: { ...post("").headers, "Transfer-Encoding": "chunked", "Content-Length": "9" },
      }),
    ],
  ])("may have 64 kB and not more, sent %s", async (_name, send) => {
    expect((await app.request("/api/ask", send(bodyOfSize(LIMIT)))).status).toBe(200);
    const refused = await app.request("/api/ask", send(bodyOfSize(LIMIT + 1)));
    expect([refused.status, (await bodyOf(refused)).code]).toEqual([413, "body-too-large"]);
  });

  it.each(["application/json", "application/json; charset=utf-8", "APPLICATION/JSON"])(
    "may be %s",
    async (type) => {
      const response = await app.request("/api/ask", post({ question: "x" }, { "Content-Type": type }));
      expect(response.status).toBe(200);
    },
  );

  it.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "application/jsonp",
    "nonsense",
  ])("may not be %s", async (type) => {
    const response = await app.request("/api/ask", post({ question: "x" }, { "Content-Type": type }));
    const { code, hint } = await bodyOf(response);
    expect([response.status, code]).toEqual([415, "unsupported-media-type"]);
    expect(hint).toContain("application/json");
  });

  it("need a content type", async () => {
    const body = new TextEncoder().encode('{"question":"x"}');
    const response = await app.request("/api/ask", { method: "POST", body });
    expect([response.status, (await bodyOf(response)).code]).toEqual([415, "unsupported-media-type"]);
  });

  it.each(["", "{", '{"question":', "question=x", '{"question":"x"} x', "[".repeat(60_000)])(
    "may not be malformed JSON (%#)",
    async (body) => {
      const response = await app.request("/api/ask", post(body));
      const { code, detail } = await bodyOf(response);
      expect([response.status, code, detail]).toEqual([
        400,
        "invalid-input",
        "The body is not well-formed JSON.",
      ]);
    },
  );

  it("may not be missing", async () => {
    const response = await app.request("/api/ask", { method: "POST" });
    expect([response.status, (await bodyOf(response)).code]).toEqual([400, "invalid-input"]);
  });
});

describe("paths and methods", () => {
  it.each([
    "/nothing",
    "/api",
    "/api/nothing",
    "/api/ask/",
    "/api/documents/a/b",
    "/../package.json",
    "/%2e%2e/package.json",
  ])("%s is not found", async (path) => {
    const response = await app.request(path);
    expect([response.status, (await bodyOf(response)).code]).toEqual([404, "route-not-found"]);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
  });

  it.each([
    ["GET", "/api/ask", "POST"],
    ["OPTIONS", "/api/ask", "POST"],
    ["PUT", "/api/documents/some", "GET, HEAD, DELETE"],
    ["POST", "/api/health", "GET, HEAD"],
    ["PUT", "/", "GET, HEAD"],
  ])("%s %s is refused, with Allow: %s", async (method, path, allow) => {
    const response = await app.request(path, { method });
    expect([response.status, response.headers.get("allow")]).toEqual([405, allow]);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect((await bodyOf(response)).code).toBe("method-not-allowed");
  });

  it("HEAD is GET without a body", async () => {
    const response = await app.request("/api/health", { method: "HEAD" });
    expect([response.status, await response.text()]).toEqual([200, ""]);
  });
});

describe("headers", () => {
  const POLICY =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

  it.each([
    ["an answer", "/api/ask", post({ question: "x" })],
    ["a stream", "/api/ask", post({ question: "x" }, { Accept: "text/event-stream" })],
    ["a problem", "/api/ask", post("{")],
    ["no route", "/nothing", {}],
    ["a wrong method", "/api/ask", {}],
    ["a foreign host", "/api/health", { headers: { Host: "example.com" } }],
    ["the page", "/", {}],
    ["the reference", "/api/docs", {}],
  ])("are strict on %s", async (_name, path, init) => {
    const { headers } = await app.request(path, init);
    expect(headers.get("content-security-policy")).toBe(POLICY);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("x-frame-options")).toBe("DENY");
    expect(headers.get("access-control-allow-origin")).toBeNull();
    expect(headers.get("x-request-id")).toMatch(/^[\w-]{36}$/);
    if (path.startsWith("/api/")) expect(headers.get("cache-control")).toBe("no-store");
  });
});
