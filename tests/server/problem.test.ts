import { describe, expect, it } from "vitest";
import { type ErrorCode, WaymarkError } from "../../src/errors.js";
import { createApp } from "../../src/server/app.js";
import { PROBLEMS, toProblem } from "../../src/server/problem.js";
import { problemSchema } from "../../src/server/schemas/problem.js";
import { bodyOf, post, scripted } from "./scripted.js";

function failing(error: unknown) {
  return createApp({
    waymark: scripted({
      ask: async () => {
        throw error;
      },
    }),
  });
}

describe("errors of the library", () => {
  it.each<[ErrorCode, number, string | null]>([
    ["invalid-input", 400, null],
    ["document-not-found", 404, null],
    ["unsupported-format", 422, null],
    ["unreadable-document", 422, null],
    ["corpus-not-found", 500, null],
    ["index-damaged", 500, null],
    ["index-mismatch", 500, null],
    ["invalid-settings", 500, null],
    ["model-damaged", 500, null],
    ["model-missing", 500, null],
    ["port-in-use", 500, null],
    ["internal", 500, null],
    ["aborted", 503, "5"],
    ["index-changing", 503, "1"],
    ["index-locked", 503, "5"],
    ["index-not-ready", 503, "5"],
    ["store-unreachable", 503, "5"],
  ])("%s is %i", async (code, status, retryAfter) => {
    const error = new WaymarkError(code, "What happened.", { hint: "What to do." });
    const response = await failing(error).request("/api/ask", post({ question: "x" }));
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(response.headers.get("retry-after")).toBe(retryAfter);
    const body = await bodyOf(response);
    expect(body).toMatchObject({ code, status, detail: "What happened.", hint: "What to do." });
    expect(problemSchema.parse(body)).toEqual(body);
  });

  it("leaves the hint out where there is none", async () => {
    const response = await failing(new WaymarkError("internal", "x")).request(
      "/api/ask",
      post({ question: "x" }),
    );
    expect(await bodyOf(response)).not.toHaveProperty("hint");
  });
});

describe("other errors", () => {
  it.each([
    ["an error", new Error("ENOENT: /home/someone/secret.txt")],
    [
      "an error with a code",
      Object.assign(new Error("SQLITE_ERROR in /srv/index.db"), { code: "SQLITE_ERROR" }),
    ],
  ])("tell nothing of %s", async (_name, error) => {
    const response = await failing(error).request("/api/ask", post({ question: "x" }));
    const text = await response.text();
    expect([response.status, JSON.parse(text).code]).toEqual([500, "internal"]);
    for (const secret of ["ENOENT", "/home", "/srv", "SQLITE", "at ", ".ts"])
      expect(text).not.toContain(secret);
  });

  it("an AbortError is aborted", async () => {
    const response = await failing(new DOMException("gone", "AbortError")).request(
      "/api/ask",
      post({ question: "x" }),
    );
    expect([response.status, (await bodyOf(response)).code]).toEqual([503, "aborted"]);
  });

  it("do not stop the app", async () => {
    let calls = 0;
    const documents = async () => {
      calls += 1;
      if (calls === 1) throw new Error("once");
      return [];
    };
    const app = createApp({ waymark: scripted({ documents }) });
    expect((await app.request("/api/documents")).status).toBe(500);
    expect((await app.request("/api/documents")).status).toBe(200);
  });
});

describe("an error that names a folder of the machine", () => {
  it.each([
    ["index-damaged", "The index in /home/ada/my notes/index is damaged and cannot be read."],
    ["index-locked", "Another process is writing to the index in /home/ada/index."],
    ["model-missing", "The model file C:\\Users\\ada\\models\\config.json is not there."],
  ] as const)("is told to a client without it: %s", (code, message) => {
    const told = toProblem(new WaymarkError(code, message, { hint: `Look at "/home/ada/index".` }));
    expect(JSON.stringify(told)).not.toMatch(/ada/);
    expect(told).toMatchObject({
      code,
      detail: `${PROBLEMS[code].title}.`,
      hint: expect.stringContaining("doctor"),
    });
  });

  it("is told in full where it names none, or where the client is at fault", () => {
    const locked = new WaymarkError("index-locked", "Another process is writing.", { hint: "Wait." });
    expect(toProblem(locked)).toMatchObject({ detail: "Another process is writing.", hint: "Wait." });
    const unknown = new WaymarkError("document-not-found", 'No document has the id "/etc/passwd".');
    expect(toProblem(unknown).detail).toContain("/etc/passwd");
  });
});
