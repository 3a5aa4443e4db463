import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "libsql";
import { describe, expect, it } from "vitest";
import { examineIndex } from "../../src/store/examine.js";
import { lockForWriting } from "../../src/store/writer-lock.js";
import { failure, openStore, randomVector, record, seededRandom, temporaryFolder } from "./fixture.js";

const QUERY = { text: "alpha", vector: randomVector(seededRandom(5)), depth: 5 };

/** An index of three documents, closed. */
async function makeIndex(): Promise<string> {
  const folder = temporaryFolder();
  const store = openStore(folder);
  for (const name of ["a", "b", "c"]) await store.put(record(`${name}.md`, [`alpha of ${name}`, "beta"]));
  await store.optimize();
  await store.close();
  return folder;
}

/** Changes the database as no part of Waymark would. */
function tamper(folder: string, sql: string): void {
  const database = new Database(join(folder, "waymark.db"));
  database.exec(sql);
  database.close();
}

async function uris(folder: string): Promise<string[]> {
  const store = openStore(folder);
  const documents = await store.documents();
  await store.close();
  return documents.map(({ uri }) => uri);
}

describe("an index that is examined", () => {
  it("is found to be well where it is, and where there is none", async () => {
    const folder = await makeIndex();
    const before = readFileSync(join(folder, "waymark.db"));
    expect(await examineIndex(folder, { repair: false })).toEqual([]);
    expect(readFileSync(join(folder, "waymark.db")).equals(before)).toBe(true);
    expect(await examineIndex(folder, { repair: true })).toEqual([]);
    expect(await examineIndex(join(folder, "none"), { repair: true })).toEqual([]);
  });

  it.each([
    [
      "a text that was changed",
      `UPDATE documents SET source = replace(source, 'alpha', 'omega') WHERE uri = 'b.md'`,
    ],
    [
      "a passage that was changed",
      `UPDATE passages SET body = replace(body, 'alpha', 'omega') WHERE id LIKE 'b%'`,
    ],
    ["a vector that was changed", `UPDATE vectors SET vector = zeroblob(64) WHERE key = 3`],
    ["a vector that is gone", "DELETE FROM vectors WHERE key = 3"],
    ["a passage that is gone", "DELETE FROM passages WHERE key = 3"],
    ["a text for the search that is gone", "DELETE FROM passages_text WHERE rowid = 3"],
    ["a text for the search that was changed", "UPDATE passages_text SET body = 'omega' WHERE rowid = 3"],
    ["a key of its words that was changed", "UPDATE passages SET text_key = 1 WHERE key = 3"],
    ["a title that was changed", `UPDATE documents SET title = 'omega' WHERE uri = 'b.md'`],
  ])("names the document with %s, and takes it out to be read again", async (_, sql) => {
    const folder = await makeIndex();
    tamper(folder, sql);
    const found = await examineIndex(folder, { repair: false });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      file: join(folder, "waymark.db"),
      remedy: expect.stringContaining("doctor"),
    });
    expect(found[0]?.problem).toMatch(/^b\.md: /);
    expect(await uris(folder)).toEqual(["a.md", "b.md", "c.md"]);

    const [repaired] = await examineIndex(folder, { repair: true });
    expect(repaired?.repaired).toContain("waymark ingest");
    expect(await uris(folder)).toEqual(["a.md", "c.md"]);
    expect(await examineIndex(folder, { repair: false })).toEqual([]);
  });

  it("makes the full-text index again from the texts", async () => {
    const folder = await makeIndex();
    tamper(folder, "DELETE FROM passages_text_data WHERE id > 10");
    expect((await examineIndex(folder, { repair: false }))[0]?.problem).toContain("full-text index");
    expect((await examineIndex(folder, { repair: true }))[0]?.repaired).toContain("made again");
    expect(await examineIndex(folder, { repair: false })).toEqual([]);
    expect((await openStore(folder).candidates(QUERY)).filter(({ lexical }) => lexical > 0)).toHaveLength(3);
  });

  it("says what to do where the full-text index cannot even be opened, and it can be made anew", async () => {
    const folder = await makeIndex();
    tamper(folder, "DROP TABLE passages_text_config");
    const error = await failure(() => openStore(folder).candidates(QUERY));
    expect(error).toMatchObject({ code: "index-damaged", hint: expect.stringContaining("--rebuild") });
    expect((await examineIndex(folder, { repair: true }))[0]?.remedy).toContain("waymark ingest --rebuild");
    expect((await openStore(folder, { rebuild: true }).stats()).documents).toBe(0);
  });

  it("removes rows that belong to nothing", async () => {
    const folder = await makeIndex();
    tamper(folder, "PRAGMA foreign_keys = OFF; INSERT INTO vectors VALUES (99, zeroblob(64))");
    expect((await examineIndex(folder, { repair: true }))[0]).toMatchObject({ repaired: "removed" });
    expect(await examineIndex(folder, { repair: false })).toEqual([]);
  });

  it("makes a damaged graph again, and clears away what a dead writer left", async () => {
    const folder = await makeIndex();
    writeFileSync(join(folder, "graph.hnsw"), "no graph");
    writeFileSync(join(folder, "graph.hnsw.1.tmp"), "half a graph");
    const files = (await examineIndex(folder, { repair: false })).map(({ file }) => file);
    expect(files).toEqual([join(folder, "graph.hnsw.1.tmp"), join(folder, "graph.hnsw")]);
    const repaired = await examineIndex(folder, { repair: true });
    expect(repaired.map((finding) => finding.repaired)).toEqual([
      "removed",
      expect.stringContaining("vectors"),
    ]);
    expect(readdirSync(folder)).not.toContain("graph.hnsw.1.tmp");
    expect(await examineIndex(folder, { repair: false })).toEqual([]);
  });

  it("takes the graph of an earlier version for no damage", async () => {
    const folder = await makeIndex();
    writeFileSync(join(folder, "graph.hnsw"), "points in all their dimensions");
    writeFileSync(join(folder, "graph.json"), '{"format": 1, "points": 3}');
    expect(await examineIndex(folder, { repair: false })).toEqual([]);
    writeFileSync(join(folder, "graph.json"), '{"format": 3, "points": 3}');
    expect(await examineIndex(folder, { repair: false })).toHaveLength(1);
  });

  it("says what to do where the database cannot be read", async () => {
    const folder = await makeIndex();
    writeFileSync(join(folder, "waymark.db"), "Dear diary, ".repeat(1000));
    for (const repair of [false, true]) {
      const [finding] = await examineIndex(folder, { repair });
      expect(finding).toMatchObject({ remedy: expect.stringContaining("waymark ingest --rebuild") });
      expect(finding?.repaired).toBeUndefined();
    }
  });

  it("repairs nothing while another process writes", async () => {
    const folder = await makeIndex();
    const unlock = lockForWriting(folder);
    expect((await failure(() => examineIndex(folder, { repair: true }))).code).toBe("index-locked");
    expect(await examineIndex(folder, { repair: false })).toEqual([]);
    unlock();
    expect(await examineIndex(folder, { repair: true })).toEqual([]);
  });
});
