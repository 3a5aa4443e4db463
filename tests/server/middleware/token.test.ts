import { describe, expect, it } from "vitest";
import { createApp } from "../../../src/server/app.js";
import { bodyOf, post, scripted } from "../scripted.js";

const TOKEN = "a-secret-of-24-characters";
const app = createApp({ waymark: scripted(), host: "192.168.1.7", token: TOKEN });
const basic = (name: string, password: string) =>
  `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}`;

function ask(authorization?: string) {
  const headers = { Host: "192.168.1.7:4100", ...(authorization && { Authorization: authorization }) };
  return app.request("/api/ask", post({ question: "x" }, headers));
}

describe("a server with a token", () => {
  it.each([`Bearer ${TOKEN}`, `bearer ${TOKEN}`, basic("", TOKEN), basic("anyone", TOKEN)])(
    "lets %s in",
    async (authorization) => expect((await ask(authorization)).status).toBe(200),
  );

  it.each([
    undefined,
    "",
    TOKEN,
    "Bearer",
    "Bearer ",
    `Bearer ${TOKEN}x`,
    `Bearer ${TOKEN.slice(1)}`,
    `Bearer ${TOKEN.toUpperCase()}`,
    `Digest ${TOKEN}`,
    basic(TOKEN, ""),
    `Basic ${Buffer.from(TOKEN).toString("base64")}`,
    "Basic %%%",
  ])("refuses %j, and says how to ask", async (authorization) => {
    const response = await ask(authorization);
    expect([response.status, (await bodyOf(response)).code]).toEqual([401, "unauthorized"]);
    expect(response.headers.get("www-authenticate")).toMatch(/^Basic .*Bearer /);
  });

  it("asks for it on every path, and does not give it back", async () => {
    for (const path of [
      "/",
      "/api/health",
      "/api/docs",
      "/api/openapi.json",
      "/nothing",
      "/api/documents/x",
    ]) {
      const response = await app.request(path, { headers: { Host: "192.168.1.7" } });
      expect([path, response.status]).toEqual([path, 401]);
      expect(JSON.stringify([...response.headers]) + (await response.text())).not.toContain(TOKEN);
    }
  });

  it("refuses a foreign host before it looks at the token", async () => {
    const headers = { Host: "evil.example", Authorization: `Bearer ${TOKEN}` };
    expect((await app.request("/api/health", { headers })).status).toBe(403);
  });
});

describe("a server that would be open to a network without a token", () => {
  it.each(["0.0.0.0", "::", "192.168.1.7", "notes.example"])("is not made for %s", (host) => {
    expect(() => createApp({ waymark: scripted(), host })).toThrowError(
      expect.objectContaining({ code: "invalid-settings", hint: expect.stringContaining("WAYMARK_TOKEN") }),
    );
  });

  it.each(["127.0.0.1", "localhost", "::1"])("is made for %s", (host) => {
    expect(createApp({ waymark: scripted(), host })).toBeDefined();
  });
});

describe("other hosts and sites", () => {
  const open = createApp({
    waymark: scripted(),
    allowedHosts: ["notes.example"],
    allowedOrigins: ["https://app.example"],
  });
  const health = (headers: Record<string, string>) => open.request("/api/health", { headers });

  it("may be asked for and may ask where they are named, exactly", async () => {
    expect((await health({ Host: "notes.example:8443" })).status).toBe(200);
    expect((await health({ Host: "sub.notes.example" })).status).toBe(403);
    const allowed = await health({ Host: "localhost", Origin: "https://app.example" });
    expect([allowed.status, allowed.headers.get("access-control-allow-origin")]).toEqual([
      200,
      "https://app.example",
    ]);
    for (const origin of ["http://app.example", "https://app.example:1", "https://x.app.example", "null"]) {
      const refused = await health({ Host: "localhost", Origin: origin });
      expect([origin, refused.status]).toEqual([origin, 403]);
      expect(refused.headers.get("access-control-allow-origin")).toBeNull();
    }
  });

  it("get no permission to read where none are named", async () => {
    const app = createApp({ waymark: scripted() });
    const response = await app.request("/api/health", {
      headers: { Host: "localhost", Origin: "http://localhost" },
    });
    expect(response.headers.get("access-control-allow-origin")).toBeNull();
  });
});
