import { existsSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "libsql";
import { describe, expect, it } from "vitest";
import { WaymarkError } from "../../src/errors.js";
import { examineIndex } from "../../src/store/examine.js";
import { SCHEMA_VERSION } from "../../src/store/schema.js";
import {
  EMBEDDER,
  failure,
  openStore,
  randomVector,
  record,
  seededRandom,
  temporaryFolder,
} from "./fixture.js";

const QUERY = { text: "alpha", vector: randomVector(seededRandom(5)), depth: 5 };

describe("opening an index", () => {
  it("makes folder and tables, and finds them again", async () => {
    const folder = join(temporaryFolder(), "new", "index");
    const first = openStore(folder);
    expect(await first.stats()).toEqual({
      documents: 0,
      passages: 0,
      generation: 0,
      schemaVersion: SCHEMA_VERSION,
      embedder: EMBEDDER,
    });
    await first.put(record("a.md", ["alpha"]));
    await first.close();
    expect(await openStore(folder).stats()).toMatchObject({ documents: 1, generation: 1 });
  });

  it("refuses an index of another embedder, and leaves it as it was", async () => {
    const folder = temporaryFolder();
    await openStore(folder).put(record("a.md", ["alpha"]));
    for (const other of [
      { embedder: { name: "other", checksum: EMBEDDER.checksum } },
      { embedder: { name: EMBEDDER.name, checksum: "b".repeat(64) } },
      { dimensions: 8 },
      { embedder: { name: "other", checksum: "c" }, readOnly: true },
    ]) {
      const error = await failure(() => openStore(folder, other));
      expect(error.code).toBe("index-mismatch");
      expect(error.hint).toContain("waymark ingest --rebuild");
    }
    expect(await openStore(folder).stats()).toMatchObject({
      documents: 1,
      generation: 1,
      embedder: EMBEDDER,
    });
  });

  it("lets another embedder take an index that is empty, or that is to be rebuilt", async () => {
    const folder = temporaryFolder();
    await openStore(folder).close();
    const other = { name: "other", checksum: "b" };
    const second = openStore(folder, { embedder: other });
    await second.put(record("a.md", ["alpha"]));
    const third = openStore(folder, { rebuild: true });
    expect(await third.stats()).toMatchObject({
      documents: 0,
      passages: 0,
      generation: 2,
      embedder: EMBEDDER,
    });
    expect((await failure(() => second.put(record("b.md", ["beta"])))).code).toBe("index-mismatch");
    expect((await failure(() => second.candidates(QUERY))).code).toBe("index-mismatch");
    expect((await third.stats()).documents).toBe(0);
  });

  it("keeps an index that is to be rebuilt with its own embedder", async () => {
    const folder = temporaryFolder();
    await openStore(folder).put(record("a.md", ["alpha"]));
    expect((await openStore(folder, { rebuild: true }).stats()).documents).toBe(1);
  });

  it("refuses an index of a newer schema, untouched, even to rebuild it", async () => {
    const folder = temporaryFolder();
    const store = openStore(folder);
    await store.put(record("a.md", ["alpha"]));
    await store.optimize();
    await store.close();
    const raw = new Database(join(folder, "waymark.db"));
    raw.exec(`PRAGMA user_version = ${SCHEMA_VERSION + 1}`);
    raw.pragma("wal_checkpoint(TRUNCATE)");
    raw.close();
    const before = readFileSync(join(folder, "waymark.db"));
    for (const rebuild of [false, true]) {
      const error = await failure(() => openStore(folder, { rebuild }));
      expect(error.code).toBe("index-mismatch");
      expect(error.message).toContain("newer version");
    }
    expect(readFileSync(join(folder, "waymark.db")).equals(before)).toBe(true);
  });

  it.each([
    ["is not a database", (path: string) => writeFileSync(path, "Dear diary, ".repeat(1000))],
    ["was cut short", (path: string) => truncateSync(path, statSync(path).size - 4096)],
    ["lost its middle", (path: string) => writeFileSync(path, readFileSync(path).fill(7, 4096, 40_960))],
    [
      "lost its end",
      (path: string) => writeFileSync(path, readFileSync(path).fill(7, statSync(path).size - 20_480)),
    ],
    ["defines a table in a way that is no SQL", replacing("diacritics 2'\n  )", "diacritics 2'\n 0)")],
    ["names a tokenizer that there is not", replacing("'porter unicode61", "'qorter unicode61")],
    ["has a full-text index of no known format", setFullTextFormat],
    ["names a column otherwise", replacing("content_hash", "content_hach")],
  ])("says so where the file %s, and can make it anew", async (_, damage) => {
    const folder = temporaryFolder();
    const store = openStore(folder);
    for (let i = 0; i < 20; i += 1) await store.put(record(`${i}.md`, ["alpha beta ".repeat(50)]));
    await store.optimize();
    await store.close();
    damage(join(folder, "waymark.db"));
    const use = async () => {
      const damaged = openStore(folder);
      await damaged.candidates(QUERY);
      for (const { id } of await damaged.documents()) await damaged.passagesOf(id);
    };
    const error = await failure(use);
    expect(error.code).toBe("index-damaged");
    expect(error.hint).toContain("waymark ingest --rebuild");
    const [finding] = await examineIndex(folder, { repair: true });
    expect(finding?.remedy).toContain("waymark ingest --rebuild");
    const anew = openStore(folder, { rebuild: true });
    await anew.put(record("a.md", ["alpha"]));
    expect(await anew.candidates(QUERY)).toHaveLength(1);
  });

  it.each([
    ["a title that is no text", "UPDATE documents SET title = CAST(x'ff' AS TEXT)", "documents"],
    ["passages of no document", "UPDATE passages SET document_id = 'ghost'; DELETE FROM documents", "put"],
  ])("says so where rows do not fit together, and makes it anew: %s", async (_, damage, noticedBy) => {
    const folder = temporaryFolder();
    await openStore(folder).put(record("a.md", ["alpha"]));
    const raw = new Database(join(folder, "waymark.db"));
    raw.exec(`PRAGMA foreign_keys = OFF; ${damage}`);
    raw.close();
    const store = openStore(folder);
    const error = await failure(() =>
      noticedBy === "put" ? store.put(record("a.md", ["alpha"])) : store.documents(),
    );
    expect(error.code).toBe("index-damaged");
    expect(error.hint).toContain("waymark ingest --rebuild");
    await store.close();
    const anew = openStore(folder, { rebuild: true });
    await anew.put(record("a.md", ["alpha"]));
    expect(await anew.documents()).toHaveLength(1);
  });

  it("refuses a database that is not Waymark's, and keeps its hands off", async () => {
    const folder = temporaryFolder();
    const raw = new Database(join(folder, "waymark.db"));
    raw.exec("CREATE TABLE recipes (name); INSERT INTO recipes VALUES ('soup')");
    raw.close();
    for (const rebuild of [false, true]) {
      const error = await failure(() => openStore(folder, { rebuild }));
      expect(error.code).toBe("index-mismatch");
      expect(error.message).toContain("not one that Waymark made");
    }
    const again = new Database(join(folder, "waymark.db"));
    expect(again.prepare("SELECT name FROM recipes").pluck().all()).toEqual(["soup"]);
    again.close();
  });

  it("says so where the folder cannot be a folder", async () => {
    const folder = join(temporaryFolder(), "file");
    writeFileSync(folder, "");
    const error = await failure(() => openStore(folder));
    expect(error).toMatchObject({ code: "invalid-settings" });
    expect(error.message).toContain(folder);
    const database = temporaryFolder();
    openStore(join(database, "waymark.db"));
    expect((await failure(() => openStore(database))).code).toBe("invalid-settings");
  });
});

describe("reading only", () => {
  it("needs an index that is there, and makes nothing", async () => {
    const folder = temporaryFolder();
    const error = await failure(() => openStore(join(folder, "none"), { readOnly: true }));
    expect(error.code).toBe("index-not-ready");
    expect(error.hint).toContain("waymark ingest");
    expect(existsSync(join(folder, "none"))).toBe(false);
  });

  it("answers and does not write", async () => {
    const folder = temporaryFolder();
    const writer = openStore(folder);
    await writer.put(record("a.md", ["alpha"]));
    const reader = openStore(folder, { readOnly: true });
    expect(await reader.candidates(QUERY)).toHaveLength(1);
    const change = await failure(() => reader.put(record("b.md", ["beta"])));
    expect(WaymarkError.isInstance(change) && change.code).toBe("invalid-input");
    expect((await failure(() => reader.remove("a"))).code).toBe("invalid-input");
    await reader.optimize();
    expect(existsSync(join(folder, "graph.hnsw"))).toBe(false);
  });
});

describe("two at once", () => {
  it("a second writer is told that the index is locked", async () => {
    const folder = temporaryFolder();
    const store = openStore(folder, { busyTimeout: 50 });
    await store.put(record("a.md", ["alpha"]));
    const other = new Database(join(folder, "waymark.db"));
    other.exec("BEGIN IMMEDIATE");
    const error = await failure(() => store.put(record("b.md", ["beta"])));
    expect(error.code).toBe("index-locked");
    expect(error.message).toContain("Another process is writing");
    expect(await store.candidates(QUERY)).toHaveLength(1);
    expect((await openStore(folder, { busyTimeout: 50 }).stats()).documents).toBe(1);
    other.exec("ROLLBACK");
    other.close();
    await store.put(record("b.md", ["beta"]));
    expect((await store.stats()).documents).toBe(2);
  });

  it("making the graph does not fail because another writer is at work", async () => {
    const folder = temporaryFolder();
    const store = openStore(folder, { busyTimeout: 50, exactScanLimit: 0 });
    await store.put(record("a.md", ["alpha"]));
    const other = new Database(join(folder, "waymark.db"));
    other.exec("BEGIN IMMEDIATE; UPDATE settings SET value = 'x' WHERE name = 'nothing'");
    await store.optimize();
    expect(existsSync(join(folder, "graph.hnsw"))).toBe(true);
    other.exec("ROLLBACK");
    other.close();
  });

  it("a reader answers from the new state once another connection has committed", async () => {
    const folder = temporaryFolder();
    const writer = openStore(folder);
    await writer.put(record("a.md", ["alpha"]));
    const reader = openStore(folder, { readOnly: true });
    expect(await reader.candidates(QUERY)).toHaveLength(1);
    await writer.put(record("b.md", ["beta", "gamma"]));
    await writer.remove(record("a.md", []).document.id);
    const found = await reader.candidates(QUERY);
    expect(found.map(({ documentId }) => documentId)).toEqual(Array(2).fill(record("b.md", []).document.id));
    expect((await reader.stats()).generation).toBe(3);
  });
});

function setFullTextFormat(path: string): void {
  const raw = new Database(path);
  raw.exec("UPDATE passages_text_config SET v = 0 WHERE k = 'version'");
  raw.close();
}

/** Writes other bytes over some of a file. */
function replacing(what: string, by: string): (path: string) => void {
  return (path) => {
    const bytes = readFileSync(path);
    const at = bytes.indexOf(what);
    expect(at).toBeGreaterThan(0);
    bytes.write(by, at);
    writeFileSync(path, bytes);
  };
}
