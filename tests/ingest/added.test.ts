import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadSettings } from "../../src/config.js";
import { Indexer } from "../../src/indexer.js";
import { addedPath, safeFileName } from "../../src/ingest/added.js";
import { Embedder } from "../../src/models/embedder.js";
import { failure, openStore, temporaryFolder } from "../store/fixture.js";

describe("safeFileName", () => {
  it.each([
    ["notes.md", "notes.md"],
    ["../../etc/notes.md", "notes.md"],
    ["C:\\Users\\me\\notes.md", "notes.md"],
    ["..", undefined],
    ["\u0000\u202E", undefined],
    ["evil\u202Etxt.md", "eviltxt.md"],
    ["Cafe\u0301: menu?.md", "Café_ menu_.md"],
    ["  .hidden.md ", "hidden.md"],
    ["NUL.txt", "_NUL.txt"],
    ["two\n  lines.txt", "two lines.txt"],
    ["<img src=x onerror=alert(1)>.md", "_img src=x onerror=alert(1)_.md"],
    [`${"ü".repeat(300)}.pdf`, `${"ü".repeat(98)}.pdf`],
  ])("makes %j %j", (given, expected) => {
    if (expected === undefined) expect(() => safeFileName(given)).toThrow("no name that can be used");
    else expect(safeFileName(given)).toBe(expected);
  });

  it("gives a name that stays in its folder, is not hidden, is stable and not too long", () => {
    const part = fc.constantFrom(
      "..",
      "/",
      "\\",
      ".",
      " ",
      "\u0000",
      "\u202E",
      "\u200B",
      ":",
      "com1",
      "a",
      "é",
      "🦊",
      "\uD800",
    );
    const name = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(part).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(name, (given) => {
        let safe: string;
        try {
          safe = safeFileName(given);
        } catch {
          return;
        }
        expect(safe).not.toMatch(/[\\/<>:"|?*\p{Cc}\p{Cf}]|^[. ]|[. ]$/u);
        expect(safe.isWellFormed()).toBe(true);
        expect(safeFileName(safe)).toBe(safe);
      }),
    );
  });
});

describe("addedPath", () => {
  it("is the file in the folder", () => {
    expect(addedPath("/index/added", "added:sub/notes.md")).toBe(resolve("/index/added/sub/notes.md"));
  });

  it.each([
    "added:../secret.txt",
    "added:",
    "added:sub/../../x",
    "added:/etc/hostname",
    "secret.txt",
    "langchain:a",
  ])("is nothing outside of it: %s", (uri) => {
    expect(() => addedPath("/index/added", uri)).toThrow("was not added here");
  });
});

describe("Indexer.add and Indexer.remove", () => {
  let embedder: Embedder;

  beforeAll(async () => {
    embedder = await Embedder.load(loadSettings({}, { env: {} }).models.embedder);
  });

  afterAll(() => embedder.close());

  function setUp() {
    const folder = temporaryFolder();
    const corpus = join(folder, "corpus");
    const added = join(folder, "index", "added");
    mkdirSync(corpus);
    writeFileSync(join(corpus, "cats.txt"), "Cats sleep for sixteen hours a day.");
    const store = openStore(join(folder, "index"), {
      embedder: embedder.identity,
      dimensions: embedder.dimensions,
    });
    const indexer = () => new Indexer(store, embedder, { added });
    const uris = async () => (await store.documents()).map(({ uri }) => uri);
    return { folder, corpus, added, store, indexer: indexer(), restarted: indexer, uris };
  }

  const bytes = (text: string) => new TextEncoder().encode(text);

  it("keeps a file and its document, through a restart, a run over the corpus, and one that makes all anew", async () => {
    const { corpus, added, indexer, restarted, uris, store } = setUp();
    expect(await indexer.add("dogs.txt", bytes("Dogs want a walk."))).toMatchObject({
      added: 1,
      passages: 1,
    });
    expect(readFileSync(join(added, "dogs.txt"), "utf8")).toBe("Dogs want a walk.");
    expect(readdirSync(added)).toEqual(["dogs.txt"]);
    expect(await restarted().files({ paths: [corpus] })).toMatchObject({
      added: 1,
      unchanged: 1,
      removed: 0,
    });
    expect(await restarted().files({ paths: [corpus] }, { rebuild: true })).toMatchObject({
      changed: 2,
      removed: 0,
    });
    expect(await uris()).toEqual(["added:dogs.txt", "cats.txt"]);
    expect((await store.documents()).map(({ title }) => title)).toEqual(["dogs", "cats"]);
  });

  it("replaces a file of the same name, and knows one that is the same", async () => {
    const { added, indexer, uris } = setUp();
    const { id } = await indexer.add("dogs.txt", bytes("Dogs want a walk."));
    expect(await indexer.add("sub/dogs.txt", bytes("Dogs want a walk."))).toMatchObject({ unchanged: 1, id });
    expect(await indexer.add("dogs.txt", bytes("Dogs want two walks."))).toMatchObject({ changed: 1, id });
    expect(readFileSync(join(added, "dogs.txt"), "utf8")).toBe("Dogs want two walks.");
    expect(await uris()).toEqual(["added:dogs.txt"]);
  });

  it("keeps nothing of a file that cannot be read", async () => {
    const { added, indexer, uris } = setUp();
    const refused = [
      await failure(() => indexer.add("dogs.exe", bytes("x"))),
      await failure(() => indexer.add("dogs.pdf", bytes("no PDF"))),
      await failure(() => indexer.add("dogs.txt", bytes("  \n"))),
    ];
    expect(refused.map(({ code }) => code)).toEqual([
      "unsupported-format",
      "unreadable-document",
      "unreadable-document",
    ]);
    for (const { message } of refused) expect(message).toMatch(/^dogs\.(exe|pdf|txt) /);
    expect([existsSync(added), await uris()]).toEqual([false, []]);
  });

  it("takes several at once, one after the other, and waits for a run that is under way", async () => {
    const { corpus, indexer, uris } = setUp();
    const names = ["one.txt", "two.txt", "three.txt"];
    await Promise.all([
      indexer.files({ paths: [corpus] }),
      ...names.map((name) => indexer.add(name, bytes(`This is file ${name}.`))),
    ]);
    expect(await uris()).toEqual(["added:one.txt", "added:three.txt", "added:two.txt", "cats.txt"]);
  });

  it("removes the file and its document, and refuses what is in the corpus", async () => {
    const { corpus, added, indexer, uris, store } = setUp();
    await indexer.files({ paths: [corpus] });
    await indexer.add("dogs.txt", bytes("Dogs want a walk."));
    const [dogs, cats] = await store.documents();
    await indexer.remove(dogs as { id: string; uri: string });
    expect([readdirSync(added), await uris()]).toEqual([[], ["cats.txt"]]);
    expect((await failure(() => indexer.remove(cats as { id: string; uri: string }))).code).toBe(
      "document-not-removable",
    );
    expect(existsSync(join(corpus, "cats.txt"))).toBe(true);
    expect([indexer.state, await uris()]).toEqual([{ state: "idle" }, ["cats.txt"]]);
  });

  it("finds what was added once, also where the index lies inside the corpus", async () => {
    const { folder, indexer, uris } = setUp();
    await indexer.add("dogs.txt", bytes("Dogs want a walk."));
    await indexer.files({ paths: [folder] });
    expect(await uris()).toEqual(["added:dogs.txt", "corpus/cats.txt"]);
  });

  it("forgets a file that was deleted by hand", async () => {
    const { corpus, added, indexer, uris } = setUp();
    await indexer.add("dogs.txt", bytes("Dogs want a walk."));
    rmSync(join(added, "dogs.txt"));
    expect(await indexer.files({ paths: [corpus] })).toMatchObject({ removed: 1 });
    expect(await uris()).toEqual(["cats.txt"]);
  });
});
