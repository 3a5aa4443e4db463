import { Hono } from "hono";
import { describe, expect, it } from "vitest";
import { sameOrigin } from "../../../src/server/middleware/same-origin.js";

/** The status that a request with these headers gets from a server on `host`. */
async function statusOf(headers: Record<string, string>, host?: string): Promise<number> {
  const app = new Hono();
  app.use(sameOrigin(host === undefined ? {} : { host }));
  app.get("/", (c) => c.text("in"));
  return (await app.request("/", { headers })).status;
}

describe("Host", () => {
  it.each([
    "localhost",
    "localhost:4100",
    "LOCALHOST.",
    "app.localhost:80",
    "127.0.0.1",
    "127.9.9.9:4100",
    "[::1]:4100",
  ])("%s passes", async (Host) => {
    expect(await statusOf({ Host }, "127.0.0.1")).toBe(200);
  });

  it.each([
    "example.com",
    "localhost.example.com",
    "notlocalhost",
    "127.0.0.1.example.com",
    "192.168.1.5",
    "0.0.0.0",
    "[::2]",
    "example.com@localhost",
    "localhost/example.com",
    "localhost:99999",
    "",
  ])("%s is refused", async (Host) => {
    expect(await statusOf({ Host }, "127.0.0.1")).toBe(403);
  });

  it("of the configured name passes, another name is refused", async () => {
    expect(await statusOf({ Host: "Notes.lan:4100" }, "notes.lan")).toBe(200);
    expect(await statusOf({ Host: "other.lan:4100" }, "notes.lan")).toBe(403);
    expect(await statusOf({ Host: "[fd00::1]:4100" }, "fd00::1")).toBe(200);
    expect(await statusOf({ Host: "[fd00::2]:4100" }, "fd00::1")).toBe(403);
  });

  it.each(["0.0.0.0", "::"])(
    "on %s any address passes and a name that could be rebound is refused",
    async (host) => {
      expect(await statusOf({ Host: "192.168.1.5:4100" }, host)).toBe(200);
      expect(await statusOf({ Host: "[fd00::1]:4100" }, host)).toBe(200);
      expect(await statusOf({ Host: "localhost:4100" }, host)).toBe(200);
      expect(await statusOf({ Host: "example.com" }, host)).toBe(403);
    },
  );
});

describe("Origin", () => {
  it.each(["http://localhost:4100", "https://localhost", "http://127.0.0.1:3000", "http://[::1]:4100"])(
    "%s passes",
    async (Origin) => {
      expect(await statusOf({ Host: "localhost:4100", Origin }, "127.0.0.1")).toBe(200);
    },
  );

  it.each([
    "https://example.com",
    "http://localhost.example.com",
    "null",
    "file://",
    "chrome-extension://abc",
    "localhost",
    "",
  ])("%s is refused", async (Origin) => {
    expect(await statusOf({ Host: "localhost:4100", Origin }, "127.0.0.1")).toBe(403);
  });

  it("on all addresses has to be the one that was asked", async () => {
    expect(await statusOf({ Host: "192.168.1.5:4100", Origin: "http://192.168.1.5:4100" }, "0.0.0.0")).toBe(
      200,
    );
    expect(await statusOf({ Host: "192.168.1.5:4100", Origin: "http://192.168.1.6:4100" }, "0.0.0.0")).toBe(
      403,
    );
  });
});

it("says what to do", async () => {
  const app = new Hono();
  app.use(sameOrigin());
  app.get("/", (c) => c.text("in"));
  const response = await app.request("/", { headers: { Host: "example.com" } });
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  expect(await response.json()).toMatchObject({
    status: 403,
    code: "foreign-origin",
    hint: "Use localhost, or put the name that you use into the setting server.allowedHosts.",
  });
});
