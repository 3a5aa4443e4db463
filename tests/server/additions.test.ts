import { describe, expect, it } from "vitest";
import { WaymarkError } from "../../src/errors.js";
import { createApp } from "../../src/server/app.js";
import { MAX_DOCUMENT_BYTES } from "../../src/server/routes/documents.js";
import { exampleSummary } from "../../src/server/routes/examples.js";
import { addedDocumentSchema } from "../../src/server/schemas/documents.js";
import type { AddedDocument, Additions } from "../../src/waymark.js";
import { bodyOf, scripted } from "./scripted.js";

/** Notes what it is told to add and to remove. */
function recorder(outcome: AddedDocument["outcome"] = "added") {
  const files: { name: string; text: string }[] = [];
  const removed: string[] = [];
  const additions: Additions = {
    async addDocument({ name, bytes }) {
      if (name.endsWith(".exe")) throw new WaymarkError("unsupported-format", `${name} is of no known kind.`);
      files.push({ name, text: new TextDecoder().decode(bytes) });
      return { outcome, document: { ...exampleSummary, uri: `added:${name}` } };
    },
    async removeDocument(id) {
      if (id === "mine") throw new WaymarkError("document-not-removable", "It was not added here.");
      removed.push(id);
    },
  };
  return { additions, files, removed };
}

function appWith(additions: Additions, host = "127.0.0.1") {
  return createApp({ waymark: scripted(), additions, host });
}

function upload(name: string, content: string | Uint8Array<ArrayBuffer>, field = "file"): RequestInit {
  const body = new FormData();
  body.append(field, new File([content], name));
  return { method: "POST", body };
}

describe("POST /api/documents", () => {
  it("hands the file on with its name and its bytes, and says what became of it", async () => {
    const { additions, files } = recorder();
    const response = await appWith(additions).request("/api/documents", upload("nötes.md", "# Höhe\n"));
    const body = await bodyOf(response);
    expect([response.status, body.outcome, body.document.uri]).toEqual([201, "added", "added:nötes.md"]);
    expect(addedDocumentSchema.parse(body)).toEqual(body);
    expect(files).toEqual([{ name: "nötes.md", text: "# Höhe\n" }]);
  });

  it.each(["changed", "unchanged"] as const)("answers 200 where the file was there: %s", async (outcome) => {
    const response = await appWith(recorder(outcome).additions).request(
      "/api/documents",
      upload("a.md", "x"),
    );
    expect([response.status, (await bodyOf(response)).outcome]).toEqual([200, outcome]);
  });

  it("tells why a file is not taken", async () => {
    const response = await appWith(recorder().additions).request("/api/documents", upload("a.exe", "MZ"));
    const { code, detail } = await bodyOf(response);
    expect([response.status, code, detail]).toEqual([
      422,
      "unsupported-format",
      "a.exe is of no known kind.",
    ]);
  });

  it.each([
    ["another field", upload("a.md", "x", "document"), "A file is needed"],
    [
      "a text instead of a file",
      { method: "POST", body: new URLSearchParams({ file: "x" }) },
      "A file is needed",
    ],
    [
      "a form without its boundary",
      { method: "POST", body: "x", headers: { "Content-Type": "multipart/form-data" } },
      "not well-formed multipart/form-data",
    ],
  ] as [string, RequestInit, string][])("refuses %s", async (_name, init, detail) => {
    const { additions, files } = recorder();
    const response = await appWith(additions).request("/api/documents", init);
    const body = await bodyOf(response);
    expect([response.status, body.code]).toEqual([400, "invalid-input"]);
    expect(body.detail).toContain(detail);
    expect(files).toEqual([]);
  });

  it("refuses what is no form", async () => {
    const response = await appWith(recorder().additions).request("/api/documents", {
      method: "POST",
      body: "# Notes",
    });
    const { code, hint } = await bodyOf(response);
    expect([response.status, code]).toEqual([415, "unsupported-media-type"]);
    expect(hint).toContain("multipart/form-data");
  });

  it("takes more than a question may have, and refuses what is too large, with the limit", async () => {
    const { additions, files } = recorder();
    const app = appWith(additions);
    expect((await app.request("/api/documents", upload("a.txt", "x".repeat(1_000_000)))).status).toBe(201);
    const response = await app.request(
      "/api/documents",
      upload("b.txt", new Uint8Array(MAX_DOCUMENT_BYTES + 70_000)),
    );
    expect([response.status, (await bodyOf(response)).detail]).toEqual([413, "A body has at most 50 MB."]);
    expect(files.map(({ name }) => name)).toEqual(["a.txt"]);
  });
});

describe("DELETE /api/documents/:id", () => {
  it("removes what was added", async () => {
    const { additions, removed } = recorder();
    const response = await appWith(additions).request("/api/documents/handbook-1", { method: "DELETE" });
    expect([response.status, await response.text(), removed]).toEqual([204, "", ["handbook-1"]]);
  });

  it("refuses what was not", async () => {
    const response = await appWith(recorder().additions).request("/api/documents/mine", { method: "DELETE" });
    expect([response.status, (await bodyOf(response)).code]).toEqual([409, "document-not-removable"]);
  });
});

describe("adding and removing", () => {
  it.each(["127.0.0.1", "localhost", "::1"])("is allowed on %s", async (host) => {
    const response = await appWith(recorder().additions, host).request("/api/documents");
    expect((await bodyOf(response)).adding).toMatchObject({ allowed: true, maxBytes: MAX_DOCUMENT_BYTES });
  });

  it("is allowed where the server asks for a token", async () => {
    const token = "a-secret-of-24-characters";
    const app = createApp({
      waymark: scripted(),
      additions: recorder().additions,
      host: "192.168.1.7",
      token,
    });
    const headers = { Host: "192.168.1.7", Authorization: `Bearer ${token}` };
    expect((await bodyOf(await app.request("/api/documents", { headers }))).adding.allowed).toBe(true);
  });

  it("is refused where the app does not know where it listens", async () => {
    const { additions, files, removed } = recorder();
    const app = createApp({ waymark: scripted(), additions });
    const responses = [
      await app.request("/api/documents", upload("a.md", "x")),
      await app.request("/api/documents/handbook-1", { method: "DELETE" }),
    ];
    for (const response of responses) {
      expect([response.status, (await bodyOf(response)).code]).toEqual([403, "adding-not-allowed"]);
    }
    expect([files, removed]).toEqual([[], []]);
    expect((await bodyOf(await app.request("/api/documents"))).adding.allowed).toBe(false);
  });

  it("is refused to pages of other sites", async () => {
    const { additions, files } = recorder();
    const foreign = { ...upload("a.md", "x"), headers: { Origin: "https://example.com" } };
    const response = await appWith(additions).request("/api/documents", foreign);
    expect([response.status, (await bodyOf(response)).code, files]).toEqual([403, "foreign-origin", []]);
  });
});
