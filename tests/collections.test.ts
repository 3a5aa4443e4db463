import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Answer } from "../src/answer/answer.js";
import { loadSettings } from "../src/config.js";
import { createApp } from "../src/server/app.js";
import type { Problem } from "../src/server/problem.js";
import { type LocalWaymark, openWaymark } from "../src/waymark.js";
import { post } from "./server/scripted.js";

const SAID =
  "The bell of Brigstock is rung by hand whenever fog comes up the river, and by day it is left alone.";
const BELL = "When is the bell of Brigstock rung by hand?";
const COPIES = 60;

let folder: string;
let waymark: LocalWaymark;
let app: ReturnType<typeof createApp>;

function write(path: string, text: string): void {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  writeFileSync(join(folder, path), text);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "waymark-collections-"));
  for (let n = 0; n < COPIES; n += 1) write(`copies/${n}.md`, `# Report ${n}\n\n${SAID}\n`);
  const lines = ["The ferry leaves at noon.", "Fog is common in autumn.", "The mill was sold in spring."];
  for (const [n, line] of lines.entries()) write(`letters/${n}.md`, `# Letter ${n}\n\nDear Ann. ${line}\n`);
  const collections = { copies: "copies", letters: ["letters"] };
  const settings = loadSettings(
    { collections, index: "index", models: { reader: null }, retrieve: { depth: 20 } },
    { cwd: folder, env: {} },
  );
  waymark = await openWaymark(settings);
  await waymark.ingest();
  app = createApp({ waymark });
}, 180_000);
afterAll(async () => {
  await waymark.close();
  await rm(folder, { recursive: true, force: true });
});

describe("words that stand in many documents", () => {
  it("take one place in a search, whose other places are told, however many there are", async () => {
    const found = await waymark.search(BELL, { limit: 4 });
    expect(found).toHaveLength(4);
    expect(found.filter(({ quote }) => quote.includes("rung by hand"))).toHaveLength(1);
    const [first] = found;
    const places = new Set([first?.uri, ...(first?.alsoAt ?? []).map(({ uri }) => uri)]);
    expect(places.size).toBe(9);
    for (const { documentId, start, end, line } of first?.alsoAt ?? []) {
      expect((await waymark.document(documentId)).text.slice(start, end)).toBe(first?.quote);
      expect(line).toBe(3);
    }
  });

  it("are answered once, and are not near the answer a second time", async () => {
    const answer = await waymark.ask(BELL);
    const said = answer.sentences.filter(({ text }) => text.includes("rung by hand"));
    expect(said.length + answer.related.filter(({ quote }) => quote.includes("rung by hand")).length).toBe(1);
    const passages: string[] = [];
    await waymark.ask(BELL, {
      onEvent: (event) => {
        if (event.type === "passages") passages.push(...event.passages.map(({ quote }) => quote));
      },
    });
    expect(new Set(passages).size).toBe(passages.length);
  });

  it("are told of within what is asked alone", async () => {
    const [first] = await waymark.search(BELL, { collections: ["copies"] });
    const id = first?.documentId ?? "";
    const [alone, ...others] = await waymark.search(BELL, { documentIds: [id], collections: ["copies"] });
    expect(alone).toMatchObject({ documentId: id });
    expect(alone).not.toHaveProperty("alsoAt");
    expect(others).toEqual([]);
  });
});

describe("a collection", () => {
  it("is asked alone: by the library, by LangChain, and with a document of another one there is nothing", async () => {
    const all = await waymark.search("fog", { collections: ["letters"], limit: 50 });
    expect(all.map(({ uri }) => uri).sort()).toEqual(["letters://0.md", "letters://1.md", "letters://2.md"]);
    const retrieved = await waymark.retriever({ k: 9, collections: ["letters"] }).invoke("fog");
    expect(retrieved.map(({ metadata }) => metadata.source).sort()).toEqual(all.map(({ uri }) => uri).sort());
    const [elsewhere] = await waymark.search(BELL, { collections: ["copies"] });
    const documentIds = [elsewhere?.documentId ?? ""];
    expect(await waymark.search("fog", { collections: ["letters"], documentIds })).toEqual([]);
  });

  it("is listed with what it holds", async () => {
    const response = await app.request("/api/collections");
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      collections: [
        { name: "copies", documents: COPIES, passages: COPIES },
        { name: "letters", documents: 3, passages: 3 },
      ],
    });
  });

  it("is asked alone by HTTP and by chat clients", async () => {
    const asked = await app.request("/api/ask", post({ question: BELL, collections: ["letters"] }));
    const answer = (await asked.json()) as Answer;
    expect(asked.status).toBe(200);
    expect(answer.related.every(({ uri }) => uri.startsWith("letters://"))).toBe(true);
    expect(answer.related).not.toEqual([]);
    const searched = await app.request("/api/search", post({ query: "fog", collections: ["letters"] }));
    expect(((await searched.json()) as { results: object[] }).results).toHaveLength(3);
    const models = (await (await app.request("/v1/models")).json()) as { data: { id: string }[] };
    expect(models.data.map(({ id }) => id)).toEqual([
      "waymark",
      "waymark-extractive",
      "waymark:copies",
      "waymark:letters",
    ]);
    const chat = await app.request(
      "/v1/chat/completions",
      post({ model: "waymark:letters", messages: [{ role: "user", content: BELL }] }),
    );
    expect(chat.status).toBe(200);
    expect(await chat.text()).not.toContain("rung by hand whenever");
  });

  it.each([
    ["/api/ask", { question: BELL, collections: ["letters", "nowhere"] }],
    ["/api/search", { query: BELL, collections: ["nowhere"] }],
  ])("that is unknown is refused by %s, with those that there are", async (path, body) => {
    const response = await app.request(path, post(body));
    expect(response.status).toBe(404);
    expect((await response.json()) as Problem).toMatchObject({
      code: "collection-not-found",
      detail: 'No collection is called "nowhere".',
      hint: "The collections are: copies, letters.",
    });
  });

  it.each([[[]], [[""]], ["letters"], [[1]]])("is not named by %j", async (collections) => {
    const response = await app.request("/api/search", post({ query: "fog", collections }));
    expect(response.status).toBe(400);
  });

  it("takes its documents along when it is removed, and no others", async () => {
    expect(await waymark.removeCollection("letters")).toMatchObject({ removed: 3 });
    expect((await waymark.collections()).map(({ name }) => name)).toEqual(["copies"]);
    await expect(waymark.removeCollection("letters")).rejects.toMatchObject({ code: "collection-not-found" });
  });
});
