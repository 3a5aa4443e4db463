import { describe, expect, it } from "vitest";
import { WaymarkError } from "../../../src/errors.js";
import { createApp } from "../../../src/server/app.js";
import type { RequestLogEntry } from "../../../src/server/middleware/request-log.js";
import type { Waymark } from "../../../src/waymark.js";
import { post, scripted } from "../scripted.js";

const SECRET = "what-nobody-may-read";

/** The entries that these requests leave, with the last response. */
async function logOf(over: Partial<Waymark>, path: string, init?: RequestInit) {
  const entries: RequestLogEntry[] = [];
  const app = createApp({ waymark: scripted(over), logger: (entry) => entries.push(entry) });
  const response = await app.request(path, init);
  await response.text();
  await new Promise((resolve) => setImmediate(resolve));
  return { entries, response };
}

describe("the request log", () => {
  it("has one entry for a request, with the id that the response has", async () => {
    const { entries, response } = await logOf({}, "/api/health?debug=1");
    expect(entries).toEqual([
      {
        id: response.headers.get("x-request-id"),
        method: "GET",
        path: "/api/health",
        status: 200,
        ms: expect.any(Number),
      },
    ]);
  });

  it("takes over the id of the request", async () => {
    const { entries } = await logOf({}, "/api/health", { headers: { "X-Request-Id": "mine-1" } });
    expect(entries[0]?.id).toBe("mine-1");
  });

  it.each([
    ["an answer", {}, 200],
    ["events", { Accept: "text/event-stream" }, 200],
    ["a refusal", { Host: "example.com" }, 403],
    ["a wrong type", { "Content-Type": "text/plain" }, 415],
  ])("never has the question: %s", async (_name, headers, status) => {
    const { entries } = await logOf({}, "/api/ask", post({ question: SECRET }, headers));
    expect(entries.map((entry) => entry.status)).toEqual([status]);
    expect(JSON.stringify(entries)).not.toContain(SECRET);
  });

  it.each([
    ["JSON", {}, 500],
    ["events", { Accept: "text/event-stream" }, 200],
  ])("has the place of an unexpected error, not its message: %s", async (_name, headers, status) => {
    const ask: Waymark["ask"] = async (question) => {
      throw new RangeError(`cannot ask\n${question}`);
    };
    const { entries } = await logOf({ ask }, "/api/ask", post({ question: SECRET }, headers));
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({ status, error: { name: "RangeError" } });
    expect(entries[0]?.error?.frames[0]).toContain("request-log.test.ts");
    expect(JSON.stringify(entries)).not.toContain(SECRET);
  });

  it("has the code of an error that was raised on purpose, where the server is at fault", async () => {
    const fails = (code: "model-missing" | "document-not-found") => ({
      document: async () => {
        throw new WaymarkError(code, "x");
      },
    });
    const fault = await logOf(fails("model-missing"), "/api/documents/a");
    expect(fault.entries[0]).toMatchObject({ status: 500, error: { code: "model-missing" } });
    const noFault = await logOf(fails("document-not-found"), "/api/documents/a");
    expect(noFault.entries[0]).not.toHaveProperty("error");
  });

  it("is written when the events are over, not before", async () => {
    const entries: RequestLogEntry[] = [];
    let finish: () => void = () => undefined;
    const answer = await scripted().ask("x");
    const ask: Waymark["ask"] = () =>
      new Promise((resolve) => {
        finish = () => resolve(answer);
      });
    const app = createApp({ waymark: scripted({ ask }), logger: (entry) => entries.push(entry) });
    const response = await app.request("/api/ask", post({ question: "x" }, { Accept: "text/event-stream" }));
    expect(entries).toEqual([]);
    finish();
    await response.text();
    await new Promise((resolve) => setImmediate(resolve));
    expect(entries).toHaveLength(1);
  });
});
