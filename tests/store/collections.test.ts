import { statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import Database from "libsql";
import { describe, expect, it } from "vitest";
import { isCollectionName, requireCollectionName } from "../../src/store/collection.js";
import { examineIndex } from "../../src/store/examine.js";
import { failure, openStore, randomVector, record, seededRandom, temporaryFolder } from "./fixture.js";

const VECTOR = randomVector(seededRandom(99));

describe("the collection of a document", () => {
  it("is the default one where none is given, comes back, and changes with the document", async () => {
    const store = openStore(temporaryFolder());
    await store.put(record("a.md", ["alpha"]));
    await store.put({ ...record("b.md", ["alpha"]), collection: "notes" });
    const collections = async () => (await store.documents()).map(({ collection }) => collection);
    expect(await collections()).toEqual(["default", "notes"]);
    await store.put({ ...record("a.md", ["alpha"]), collection: "papers" });
    expect(await collections()).toEqual(["papers", "notes"]);
    const found = await store.candidates({
      text: "alpha",
      vector: VECTOR,
      depth: 5,
      collections: ["default"],
    });
    expect(found).toEqual([]);
  });

  it("is under the document's checksum", async () => {
    for (const [from, to] of [
      ["notes", "default"],
      ["default", "notes"],
      ["notes", "papers"],
    ]) {
      const folder = temporaryFolder();
      const store = openStore(folder);
      await store.put({ ...record("a.md", ["alpha"]), collection: from as string });
      await store.close();
      expect(await examineIndex(folder, { repair: false })).toEqual([]);
      const database = new Database(join(folder, "waymark.db"));
      database.prepare("UPDATE documents SET collection = ?").run(to);
      database.close();
      expect((await examineIndex(folder, { repair: false }))[0]?.problem).toContain("checksum");
    }
  });

  it("that is no text any more is found as damage and ends nothing", async () => {
    const folder = temporaryFolder();
    const store = openStore(folder);
    await store.put({ ...record("a.md", ["alpha"]), collection: "notes" });
    await store.close();
    const database = new Database(join(folder, "waymark.db"));
    database.exec("UPDATE documents SET collection = CAST(x'ff6e' AS TEXT)");
    database.close();
    const damaged = openStore(folder);
    expect((await failure(() => damaged.documents())).code).toBe("index-damaged");
    const asked = { text: "alpha", vector: VECTOR, depth: 5, collections: ["notes"] };
    expect(await damaged.candidates(asked)).toEqual([]);
    expect((await examineIndex(folder, { repair: false }))[0]?.problem).toContain("cannot be read");
  });
});

describe("where collections come from", () => {
  const sources = [
    { collection: "default", paths: ["/a"] },
    { collection: "notes", paths: ["/b", "/c.md"], include: ["*.md"], exclude: ["drafts/"] },
  ];

  it("is remembered as it was told, and forgotten", async () => {
    const folder = temporaryFolder();
    const store = openStore(folder);
    expect(await store.sources()).toEqual([]);
    await store.rememberSources(sources);
    expect(await openStore(folder).sources()).toEqual(sources);
    await store.rememberSources(sources.slice(1));
    expect(await store.sources()).toEqual(sources.slice(1));
  });

  it("outlives a database that is damaged and made anew", async () => {
    const folder = temporaryFolder();
    const store = openStore(folder);
    await store.rememberSources(sources);
    for (let i = 0; i < 20; i += 1) await store.put(record(`${i}.md`, ["alpha beta ".repeat(50)]));
    await store.optimize();
    await store.close();
    const path = join(folder, "waymark.db");
    truncateSync(path, statSync(path).size - 4096);
    expect((await failure(() => openStore(folder))).code).toBe("index-damaged");
    expect(await openStore(folder, { rebuild: true }).sources()).toEqual(sources);
  });
});

describe("candidates of some collections", () => {
  it("are those that a look at every candidate gives, with documents too, by words and by meaning", async () => {
    const store = openStore(temporaryFolder());
    const random = seededRandom(3);
    const names = ["default", "notes", "papers"];
    const of = new Map<string, string>();
    for (let i = 0; i < 24; i += 1) {
      const made = record(`${i}.md`, [`alpha ${i}`, "beta", `gamma alpha ${i % 5}`], { random });
      const collection = names[i % 3] as string;
      of.set(made.document.id, collection);
      await store.put({ ...made, collection });
    }
    const ids = [...of.keys()];
    await fc.assert(
      fc.asyncProperty(
        fc.subarray([...names, "unknown"]),
        fc.option(fc.subarray(ids), { nil: undefined }),
        fc.constantFrom("alpha", "beta 3", "nothing"),
        async (collections, documentIds, text) => {
          const query = { text, vector: VECTOR, depth: 100 };
          const wanted = (await store.candidates(query)).filter(
            ({ documentId }) =>
              collections.includes(of.get(documentId) ?? "") && documentIds?.includes(documentId) !== false,
          );
          const found = await store.candidates({
            ...query,
            collections,
            ...(documentIds && { documentIds }),
          });
          const sorted = (list: typeof found) =>
            list.sort((a, b) => (a.passageId < b.passageId ? -1 : 1)).map(({ passageId }) => passageId);
          expect(sorted(found)).toEqual(sorted(wanted));
        },
      ),
      { numRuns: 60 },
    );
  });

  it("are as many as there are to be had, whatever is nearer in other collections", async () => {
    const store = openStore(temporaryFolder(), { exactScanLimit: 0 });
    for (let i = 0; i < 30; i += 1) {
      await store.put({ ...record(`${i}.md`, ["alpha"], { vectors: [VECTOR] }), collection: "crowd" });
    }
    const random = seededRandom(4);
    for (let i = 0; i < 3; i += 1) {
      await store.put({ ...record(`far-${i}.md`, ["alpha and much else"], { random }), collection: "few" });
    }
    await store.optimize();
    const query = { text: "alpha", vector: VECTOR, depth: 3, collections: ["few"] };
    expect(await store.candidates(query)).toHaveLength(3);
    expect(await store.candidates({ ...query, collections: [] })).toEqual([]);
  });
});

describe("isCollectionName", () => {
  it.each(["notes", "Papers-2024", "a", "über.uns_2"])("takes %s", (name) => {
    expect(isCollectionName(name)).toBe(true);
  });

  it.each(["", " ", "a b", "a/b", "a:b", ".hidden", "-x", "added", "Langchain", "a".repeat(65)])(
    "refuses %j, with what may be used",
    async (name) => {
      expect(isCollectionName(name)).toBe(false);
      const error = await failure(() => requireCollectionName(name));
      expect(error).toMatchObject({ code: "invalid-input", hint: expect.stringContaining("letters") });
    },
  );
});
