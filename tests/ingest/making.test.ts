import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { Making, type MakingParts, type Unmade } from "../../src/ingest/making.js";
import { openStore, record, temporaryFolder } from "../store/fixture.js";

/** 16 numbers of length 1. */
const VECTOR = Float32Array.from({ length: 16 }, (_, index) => (index === 0 ? 1 : 0));

function unmade(name: string, passages = 1, title = name): Unmade {
  const texts = Array.from({ length: passages }, (_, index) => `${name} ${index}`);
  const { document, contentHash, passages: built } = record(name, texts, { title });
  return { document, contentHash, passages: built, collection: "default", bytes: 100 };
}

/** An embedder that takes a moment, with what it was called with. */
function setUp(parts: Partial<MakingParts> = {}) {
  const store = openStore(temporaryFolder());
  const calls: string[][] = [];
  const seen = { begun: [] as string[], stored: [] as string[] };
  const making = new Making({
    store,
    embed: async (texts) => {
      calls.push(texts.map(({ context, parts }) => [context, ...parts].filter(Boolean).join("|")));
      await wait(5);
      return texts.map(() => ({ vector: VECTOR, tokens: new Uint8Array(4) }));
    },
    onBegun: ({ document }) => seen.begun.push(document.uri),
    onEmbedded: () => {},
    onStored: ({ document }) => seen.stored.push(document.uri),
    ...parts,
  });
  return { store, making, calls, seen };
}

describe("Making", () => {
  it("begins at once, and takes together what comes while three groups are at work", async () => {
    const { store, making, calls, seen } = setUp();
    const names = ["a", "b", "c", "d", "e", "f"];
    for (const name of names) await making.add(unmade(name));
    expect(seen.begun).toEqual(["a", "b", "c"]);
    await making.drain();
    expect(calls.map((texts) => texts.length)).toEqual([2, 2, 2, 6]);
    expect(calls[3]).toEqual(["d", "e", "f", "d 0", "e 0", "f 0"]);
    expect(seen.stored).toEqual(names);
    expect((await store.documents()).map(({ uri, passages }) => [uri, passages])).toEqual(
      names.map((uri) => [uri, 1]),
    );
  });

  it("embeds a title once, and none of a document without passages", async () => {
    const { store, making, calls } = setUp();
    await making.add(unmade("a", 1, "The title"));
    await making.drain();
    await making.add(unmade("b", 2, "The title"));
    await making.add(unmade("empty", 0));
    await making.drain();
    expect(calls).toEqual([
      ["The title", "a 0"],
      ["b 0", "b 1"],
    ]);
    expect((await store.stats()).documents).toBe(3);
  });

  it("embeds a long document in several calls, and makes a caller wait while a batch waits", async () => {
    const { making, calls, seen } = setUp();
    await making.add(unmade("book", 150));
    await making.add(unmade("a"));
    await making.add(unmade("b"));
    await making.add(unmade("long", 32));
    expect(seen.stored[0]).toBe("a");
    expect(seen.stored).not.toContain("book");
    await making.drain();
    const sizes = calls.map((texts) => texts.length).sort((a, b) => a - b);
    expect(sizes).toEqual([1, 2, 2, 23, 32, 32, 32, 32, 32]);
  });

  it("throws what the embedder threw, stores nothing of that, and begins nothing more", async () => {
    const store = openStore(temporaryFolder());
    let calls = 0;
    const { making } = setUp({
      store,
      embed: async () => {
        calls += 1;
        throw new Error("no model");
      },
    });
    await making.add(unmade("a"));
    await expect(making.drain()).rejects.toThrow("no model");
    await expect(making.add(unmade("b"))).rejects.toThrow("no model");
    expect(calls).toBe(1);
    expect((await store.stats()).documents).toBe(0);
  });

  it("stops with what has begun", async () => {
    const { store, making, seen } = setUp();
    for (const name of ["a", "b", "c", "d"]) await making.add(unmade(name));
    await making.stop();
    expect(seen.stored).toEqual(["a", "b", "c"]);
    expect((await store.stats()).documents).toBe(3);
  });
});
