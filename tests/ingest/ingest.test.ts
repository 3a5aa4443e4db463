import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Document } from "@langchain/core/documents";
import Database from "libsql";
import { describe, expect, it } from "vitest";
import { readSourceFile } from "../../src/documents/read-file.js";
import { sha256 } from "../../src/documents/sha256.js";
import { type IngestOptions, type IngestProgress, ingest } from "../../src/ingest/ingest.js";
import { ingestDocuments } from "../../src/ingest/langchain.js";
import { Stamps, stampOf } from "../../src/ingest/stamps.js";
import type { PackedText, TextToPack } from "../../src/models/embedder.js";
import { withTitle } from "../../src/passages/vector.js";
import type { SqliteStore } from "../../src/store/sqlite.js";
import { packTokenVectors } from "../passages/pack.js";
import {
  DIMENSIONS,
  failure,
  openStore,
  randomVector,
  record,
  seededRandom,
  temporaryFolder,
} from "../store/fixture.js";

/** A folder of files, a store, and counters of what was done. */
function setUp(files: Record<string, string> = {}) {
  const corpus = temporaryFolder();
  const index = temporaryFolder();
  const write = (uri: string, text: string) => {
    mkdirSync(join(corpus, uri, ".."), { recursive: true });
    writeFileSync(join(corpus, uri), text);
  };
  for (const [uri, text] of Object.entries(files)) write(uri, text);
  const embedded: string[] = [];
  const run = (store: SqliteStore, options: Partial<IngestOptions> = {}) =>
    ingest({
      collections: [{ collection: "default", paths: [corpus] }],
      extensions: [".txt"],
      store,
      load: async ({ path, uri }, known) => {
        const text = Buffer.from(readSourceFile(path)).toString("utf8");
        if (text.startsWith("broken")) throw new Error(`${uri} is broken`);
        const contentHash = sha256(text);
        const document = contentHash === known ? undefined : record(uri, text.split("\n")).document;
        return { contentHash, document };
      },
      buildPassages: ({ uri, text }) => record(uri, text.trim().split("\n\n")).passages,
      embed: async (texts) => {
        embedded.push(...texts.map(joined));
        return texts.map(embed);
      },
      ...options,
    });
  return {
    corpus,
    index,
    write,
    run,
    embedded,
    store: openStore(index),
    remove: (uri: string) => rmSync(join(corpus, uri)),
  };
}

/** A text's vector, and one for each of its parts as if it were a token. */
function embed(text: TextToPack): PackedText {
  return {
    vector: vectorOf(joined(text)),
    tokens: packTokenVectors(text.parts.map(vectorOf), DIMENSIONS),
  };
}

/** As `passageText` puts them together. */
function joined({ context, parts }: TextToPack): string {
  return [context, ...parts].filter((part) => part !== "").join("\n");
}

function vectorOf(text: string): Float32Array {
  return randomVector(seededRandom(createHash("sha256").update(text).digest().readInt32LE()), DIMENSIONS);
}

const uris = async (store: SqliteStore) => (await store.documents()).map(({ uri }) => uri);

describe("ingest", () => {
  it("indexes a folder, and says what it did", async () => {
    const { run, store, embedded } = setUp({ "b.txt": "one\ntwo", "a/c.txt": "three", "d.jpg": "" });
    expect(await run(store)).toEqual({
      added: 2,
      changed: 0,
      unchanged: 0,
      removed: 0,
      waiting: 0,
      skipped: [],
      hidden: [],
      incomplete: [],
      passages: 3,
      milliseconds: expect.any(Number),
    });
    expect(await uris(store)).toEqual(["a/c.txt", "b.txt"]);
    expect(embedded).toEqual(["a/c.txt", "three", "b.txt", "one", "two"]); // each title, then the passages
    const [found] = await store.candidates({
      text: "two",
      vector: withTitle(vectorOf("two"), vectorOf("b.txt")),
      depth: 1,
    });
    expect(found).toMatchObject({ passageId: expect.stringMatching(/:1$/), dense: expect.closeTo(1, 5) });
  });

  it("does nothing for files that are as they were, even if they were touched", async () => {
    const { run, store, embedded, corpus } = setUp({ "a.txt": "one", "b.txt": "two" });
    await run(store);
    utimesSync(join(corpus, "a.txt"), new Date(), new Date());
    expect(await run(store)).toMatchObject({ added: 0, changed: 0, unchanged: 2, removed: 0, passages: 0 });
    expect(embedded).toHaveLength(4);
    expect((await store.stats()).generation).toBe(2);
  });

  it("replaces what changed and removes what is gone, of the same size and time or not", async () => {
    const { run, store, write, remove, corpus, embedded } = setUp({
      "a.txt": "one",
      "b.txt": "two",
      "c.txt": "six",
    });
    const time = new Date("2026-01-01");
    utimesSync(join(corpus, "a.txt"), time, time);
    await run(store);
    write("a.txt", "eno");
    utimesSync(join(corpus, "a.txt"), time, time);
    remove("b.txt");
    expect(await run(store)).toMatchObject({ added: 0, changed: 1, unchanged: 1, removed: 1, passages: 1 });
    expect(embedded.slice(6)).toEqual(["a.txt", "eno"]);
    expect(await uris(store)).toEqual(["a.txt", "c.txt"]);
    const found = await store.candidates({ text: "one two", vector: vectorOf("x"), depth: 5 });
    expect(found.every(({ lexical }) => lexical === 0)).toBe(true);
  });

  it("makes documents again when passages are built in another way, or when asked to", async () => {
    const { run, index, embedded } = setUp({ "a.txt": "one", "b.txt": "two" });
    const first = openStore(index, { fingerprint: "1" });
    await run(first);
    const second = openStore(index, { fingerprint: "2" });
    expect(await run(second)).toMatchObject({ changed: 2, unchanged: 0 });
    expect(await run(second)).toMatchObject({ changed: 0, unchanged: 2 });
    expect(await run(second, { rebuild: true })).toMatchObject({ changed: 2, unchanged: 0 });
    expect(embedded).toHaveLength(12);
  });

  it("gives the same rows for the same files", async () => {
    const { run, store, index, write } = setUp({ "a.txt": "one\ntwo", "b.txt": "three" });
    const other = temporaryFolder();
    await run(store);
    await run(openStore(other));
    expect(rows(index)).toEqual(rows(other));
    write("b.txt", "four");
    await run(store);
    expect(rows(index)).not.toEqual(rows(other));
  });

  it("skips a bad file with its reason, goes on, and keeps what the index has of it", async () => {
    const { run, store, write } = setUp({
      "a.txt": "one",
      "b.txt": "broken from the start",
      "c.txt": "three",
    });
    expect(await run(store)).toMatchObject({
      added: 2,
      skipped: [{ uri: "b.txt", reason: "b.txt is broken" }],
    });
    write("a.txt", "broken now");
    const { skipped, unchanged, removed } = await run(store);
    expect({ unchanged, removed }).toEqual({ unchanged: 1, removed: 0 });
    expect(skipped[0]).toEqual({
      uri: "a.txt",
      reason: "a.txt is broken. What the index has of it stays as it was.",
    });
    expect(await uris(store)).toEqual(["a.txt", "c.txt"]);
    write("a.txt", "whole again");
    expect(await run(store)).toMatchObject({ changed: 1 });
  });

  it.skipIf(process.getuid?.() === 0)(
    "keeps what the index has of a folder that it cannot look into",
    async () => {
      const { run, store, corpus } = setUp({ "a.txt": "one", "closed/b.txt": "two", "closed.txt": "three" });
      await run(store);
      rmSync(join(corpus, "closed.txt"));
      chmodSync(join(corpus, "closed"), 0o000);
      const { removed, unchanged, skipped } = await run(store);
      chmodSync(join(corpus, "closed"), 0o700);
      expect({ removed, unchanged }).toEqual({ removed: 1, unchanged: 1 });
      expect(skipped).toEqual([{ uri: "closed", reason: expect.stringContaining("stays as it was") }]);
      expect(await uris(store)).toEqual(["a.txt", "closed/b.txt"]);
    },
  );

  it("refuses a corpus that does not exist, and removes nothing", async () => {
    const { run, store, corpus } = setUp({ "a.txt": "one" });
    await run(store);
    const error = await failure(() =>
      run(store, { collections: [{ collection: "default", paths: [join(corpus, "gone")] }] }),
    );
    expect(error.code).toBe("corpus-not-found");
    expect(await store.stats()).toMatchObject({ documents: 1, generation: 1 });
  });

  it("empties the index for a folder that has become empty", async () => {
    const { run, store, remove } = setUp({ "a.txt": "one" });
    await run(store);
    remove("a.txt");
    expect(await run(store)).toMatchObject({ removed: 1, added: 0 });
    expect(await uris(store)).toEqual([]);
  });

  it("goes on where it was interrupted", async () => {
    const { run, store, embedded } = setUp({ "a.txt": "one", "b.txt": "two", "c.txt": "three" });
    const controller = new AbortController();
    const onProgress = ({ phase, uri }: IngestProgress) => {
      if (phase === "added" && uri === "b.txt") controller.abort();
    };
    const error = await failure(() => run(store, { signal: controller.signal, onProgress }));
    expect(error.code).toBe("aborted");
    expect(await uris(store)).toEqual(["a.txt", "b.txt"]);
    expect(await store.candidates({ text: "one", vector: vectorOf("x"), depth: 5 })).toHaveLength(2);
    expect(await run(store)).toMatchObject({ added: 1, unchanged: 2 });
    expect(embedded).toHaveLength(6);
  });

  it("stores nothing of a document that was interrupted half way, and embeds a long one in batches", async () => {
    const { run, store, embedded } = setUp({
      "long.txt": Array.from({ length: 300 }, (_, i) => `line ${i}`).join("\n"),
    });
    const controller = new AbortController();
    const sizes: number[] = [];
    const counting = async (texts: readonly TextToPack[]) => {
      sizes.push(texts.length);
      if (sizes.length === 2) controller.abort();
      return texts.map(embed);
    };
    const options = { signal: controller.signal, embed: counting };
    expect((await failure(() => run(store, options))).code).toBe("aborted");
    expect(Math.max(...sizes)).toBeLessThan(300);
    expect((await store.stats()).generation).toBe(0);
    expect(await run(store)).toMatchObject({ added: 1, passages: 300 });
    expect(embedded).toHaveLength(301);
  });

  it("leaves the index as it is when it is stopped before it begins", async () => {
    const { run, store } = setUp({ "a.txt": "one" });
    expect((await failure(() => run(store, { signal: AbortSignal.abort() }))).code).toBe("aborted");
    expect((await store.stats()).generation).toBe(0);
  });

  it("does not take a failing embedder for a bad file", async () => {
    const { run, store } = setUp({ "a.txt": "one" });
    const embed = () => Promise.reject(new Error("no model"));
    await expect(run(store, { embed })).rejects.toThrow("no model");
  });

  it("reports each document once, up to the total", async () => {
    const { run, store, remove, write } = setUp({
      "a.txt": "one",
      "b.txt": "broken",
      "c.txt": "three",
      "d.txt": "four",
    });
    await run(store);
    remove("c.txt");
    write("a.txt", "changed");
    const events: string[] = [];
    await run(store, {
      onProgress: ({ phase, done, total, uri = "" }) => events.push(`${done}/${total} ${phase} ${uri}`),
    });
    expect(events).toEqual([
      "0/3 scan ",
      "0/3 embed a.txt",
      "1/3 changed a.txt",
      "2/3 skipped b.txt",
      "3/3 unchanged d.txt",
      "3/3 removed c.txt",
      "3/3 optimize ",
    ]);
  });
});

describe("ingest of several collections", () => {
  /** A store with the files of two folders, in the default collection and in notes. */
  async function twoCollections() {
    const base = setUp({ "a.txt": "one", "same.txt": "two" });
    const other = setUp({ "same.txt": "three", "sub/b.txt": "four" });
    const collections = [
      { collection: "default", paths: [base.corpus] },
      { collection: "notes", paths: [other.corpus] },
    ];
    await base.run(base.store, { collections });
    return { ...base, other, collections };
  }

  it("keeps the plain paths for the default one, and gives the others uris of their own", async () => {
    const { store } = await twoCollections();
    expect((await store.documents()).map(({ uri, collection }) => [uri, collection])).toEqual([
      ["a.txt", "default"],
      ["notes://same.txt", "notes"],
      ["notes://sub/b.txt", "notes"],
      ["same.txt", "default"],
    ]);
    const [plain] = (await store.documents()).filter(({ uri }) => uri === "same.txt");
    expect(plain?.id).toBe(record("same.txt", []).document.id);
  });

  it("brings one up to date and leaves the others alone", async () => {
    const { store, run, remove, other, collections } = await twoCollections();
    remove("a.txt");
    other.remove("same.txt");
    expect(await run(store, { collections: collections.slice(1) })).toMatchObject({
      unchanged: 1,
      removed: 1,
    });
    expect(await uris(store)).toEqual(["a.txt", "notes://sub/b.txt", "same.txt"]);
    expect(await run(store, { collections: collections.slice(0, 1) })).toMatchObject({
      unchanged: 1,
      removed: 1,
    });
    expect(await uris(store)).toEqual(["notes://sub/b.txt", "same.txt"]);
  });

  it("keeps what is in a folder that is away, and says so; all away is refused", async () => {
    const { store, run, other, collections, corpus } = await twoCollections();
    rmSync(other.corpus, { recursive: true });
    const { skipped, ...counts } = await run(store, { collections, missing: "keep" });
    expect(counts).toMatchObject({ unchanged: 2, removed: 0 });
    expect(skipped).toEqual([{ uri: "notes://", reason: expect.stringContaining("stays as it was") }]);
    expect(await uris(store)).toHaveLength(4);
    expect((await failure(() => run(store, { collections }))).code).toBe("corpus-not-found");
    rmSync(corpus, { recursive: true });
    expect((await failure(() => run(store, { collections, missing: "keep" }))).code).toBe("corpus-not-found");
    expect(await uris(store)).toHaveLength(4);
  });
});

describe("ingest with what earlier runs found", () => {
  const past = new Date(Date.now() - 60_000);

  it("reads a file again only where its state on disk is another one", async () => {
    const { run, store, write, corpus } = setUp({ "a.txt": "one" });
    const stamps = new Stamps();
    const path = join(corpus, "a.txt");
    const read = await stampOf(path);
    stamps.remember(path, { ...read, age: 60_000 }, { contentHash: "what it held" });
    expect(stamps.find(path, await stampOf(path))).toEqual({ contentHash: "what it held" });
    expect(await run(store, { stamps })).toMatchObject({ added: 1 });
    write("a.txt", "eno");
    utimesSync(path, past, past);
    expect(stamps.find(path, await stampOf(path))).toBeUndefined();
    expect(await run(store, { stamps })).toMatchObject({ changed: 1 });
  });

  it("trusts no state that is so young that a change may not show in it", async () => {
    const { corpus } = setUp({ "a.txt": "one" });
    const path = join(corpus, "a.txt");
    const stamps = new Stamps();
    const young = { ...(await stampOf(path)), age: 5 };
    stamps.remember(path, young, { contentHash: "x" });
    expect(stamps.find(path, young)).toBeUndefined();
  });

  it("leaves a file that was changed just now for the next run, and what the index has of it", async () => {
    const { run, store, write } = setUp({ "a.txt": "one" });
    const hour = 3_600_000;
    expect(await run(store, { settle: hour })).toMatchObject({ added: 0, waiting: 1, removed: 0 });
    expect(await run(store)).toMatchObject({ added: 1, waiting: 0 });
    write("a.txt", "two");
    expect(await run(store, { settle: hour })).toMatchObject({ changed: 0, waiting: 1, removed: 0 });
    expect(await uris(store)).toEqual(["a.txt"]);
  });
});

describe("ingestDocuments", () => {
  const parts = (store: SqliteStore) => ({
    store,
    buildPassages: ({ uri, text }: { uri: string; text: string }) => record(uri, [text]).passages,
    embed: async (texts: readonly TextToPack[]) => texts.map(embed),
  });
  const page = (pageNumber: number, pageContent: string) =>
    new Document({ pageContent, metadata: { source: "papers/one.pdf", title: "One", loc: { pageNumber } } });

  it("indexes what loaders give, beside the files", async () => {
    const { run, store } = setUp({ "a.txt": "one" });
    await run(store);
    const documents = [
      page(1, "The first page."),
      page(2, "The second page."),
      new Document({ pageContent: "From nowhere." }),
      new Document({ pageContent: "Row one.", metadata: { source: "t.csv" } }),
      new Document({ pageContent: "Row two.", metadata: { source: "t.csv" } }),
      new Document({ pageContent: "  " }),
    ];
    const summary = await ingestDocuments({ ...parts(store), documents });
    expect(summary).toMatchObject({
      added: 5,
      removed: 0,
      skipped: [{ reason: expect.stringContaining("no text") }],
    });
    expect(await uris(store)).toEqual([
      "a.txt",
      "langchain:papers/one.pdf#page=1",
      "langchain:papers/one.pdf#page=2",
      "langchain:t.csv",
      "langchain:t.csv#2",
      expect.stringMatching(/^langchain:text-[0-9a-f]{16}$/),
    ]);
    expect((await store.documents())[1]?.title).toBe("One");
    expect(await run(store)).toMatchObject({ removed: 0, unchanged: 1 });
    expect(await ingestDocuments({ ...parts(store), documents })).toMatchObject({ unchanged: 5, added: 0 });
  });

  it("replaces what the same sources had before", async () => {
    const store = openStore(temporaryFolder());
    await ingestDocuments({
      ...parts(store),
      documents: [page(1, "Old."), page(2, "Gone."), new Document({ pageContent: "Else." })],
    });
    const summary = await ingestDocuments({ ...parts(store), documents: [page(1, "New.")] });
    expect(summary).toMatchObject({ changed: 1, removed: 1, added: 0 });
    expect(await uris(store)).toHaveLength(2);
  });
});

/** All rows but the time of indexing and the index's own id. */
function rows(folder: string): unknown[] {
  const database = new Database(join(folder, "waymark.db"));
  const all = [
    "SELECT * FROM passages ORDER BY key",
    "SELECT key, hex(vector) FROM vectors ORDER BY key",
    "SELECT rowid, * FROM passages_text ORDER BY rowid",
    "SELECT id, uri, title, media_type, content_hash, characters, pages, source FROM documents ORDER BY id",
    "SELECT * FROM settings WHERE name <> 'index'",
  ].map((sql) => database.prepare(sql).raw().all());
  database.close();
  return all;
}
