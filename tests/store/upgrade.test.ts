import { join } from "node:path";
import Database from "libsql";
import { describe, expect, it } from "vitest";
import { makeOlder } from "../../scripts/trials/older-schema.js";
import { examineIndex } from "../../src/store/examine.js";
import { SCHEMA_VERSION } from "../../src/store/schema.js";
import { failure, openStore, randomVector, record, seededRandom, temporaryFolder } from "./fixture.js";

/** An index of `a.md` as an older schema had it. */
async function indexOfSchema(version: number): Promise<string> {
  const folder = temporaryFolder();
  const store = openStore(folder);
  await store.put(record("a.md", ["alpha"]));
  await store.close();
  const database = new Database(join(folder, "waymark.db"));
  makeOlder(database, version);
  database.close();
  return folder;
}

describe("an index of an older schema", () => {
  it("is brought up to date when it is opened, with all that it holds", async () => {
    const folder = await indexOfSchema(1);
    const store = openStore(folder);
    expect(await store.stats()).toMatchObject({ documents: 1, passages: 1, schemaVersion: SCHEMA_VERSION });
    const query = { text: "alpha", vector: randomVector(seededRandom(5)), depth: 5 };
    expect(await store.candidates(query)).toHaveLength(1);
    await store.put(record("b.md", ["beta"]));
    await store.close();
    expect(await examineIndex(folder, { repair: false })).toEqual([]);
  });

  it("from before collections keeps its documents, ids and checksums, in the default collection", async () => {
    const folder = await indexOfSchema(3);
    const store = openStore(folder);
    const before = record("a.md", ["alpha"]).document;
    expect(await store.documents()).toMatchObject([{ id: before.id, uri: "a.md", collection: "default" }]);
    expect(await examineIndex(folder, { repair: false })).toEqual([]);
    await store.put({ ...record("b.md", ["alpha"]), collection: "notes" });
    const query = { text: "alpha", vector: randomVector(seededRandom(5)), depth: 5 };
    const found = await store.candidates({ ...query, collections: ["default"] });
    expect(found.map(({ documentId }) => documentId)).toEqual([before.id]);
  });

  it("from before copies were found finds them among what it holds and what comes", async () => {
    const folder = await indexOfSchema(4);
    const store = openStore(folder);
    const copy = record("b.md", ["alpha"]);
    await store.put(copy);
    const [passage] = await store.passagesOf(copy.document.id);
    const copies = await store.copies([passage?.id ?? ""], { limit: 5 });
    const found = copies.get(passage?.id ?? "");
    expect(found).toEqual(record("a.md", ["alpha"]).passages);
    expect(await examineIndex(folder, { repair: false })).toEqual([]);
  });

  it("from before collections says what its default collection was made from", async () => {
    const folder = await indexOfSchema(3);
    const database = new Database(join(folder, "waymark.db"));
    database.exec(`REPLACE INTO settings VALUES ('sources', '["/notes","/papers"]')`);
    database.close();
    const store = openStore(folder);
    expect(await store.sources()).toEqual([{ collection: "default", paths: ["/notes", "/papers"] }]);
  });

  it("is refused by a reader, which may not change it, with what to do", async () => {
    const folder = await indexOfSchema(1);
    const error = await failure(() => openStore(folder, { readOnly: true }));
    expect(error).toMatchObject({ code: "index-mismatch", hint: expect.stringContaining("waymark ingest") });
  });
});
