import { describe, expect, it } from "vitest";
import type { Store } from "../../src/store/store.js";
import type { NewIndex } from "./contract.js";
import { failure, randomVector, record, seededRandom } from "./fixture.js";

const VECTOR = randomVector(seededRandom(99));
const LONG =
  "This sentence is long enough to speak for itself, whatever the heading above it may be, in any document.";

async function revisionOf(store: Store, id: string): Promise<string | undefined> {
  return (await store.versions(new Map([[id, undefined]]))).get(id)?.revision;
}

/** Putting, removing and reading documents with their passages. */
export function documentsContract(newIndex: NewIndex): void {
  describe("put", () => {
    it("stores a document that comes back as it was", async () => {
      const store = await newIndex().open();
      const given = record("guides/menu.md", ["Sole. Plaice.", "Coffee."], {
        headings: ["Fish", "Fresh"],
        title: "Menu",
      });
      given.document.blocks = [{ type: "list-item", start: 0, end: 5, group: 1, depth: 2 }];
      given.document.lines = [{ offset: 0, value: 4 }];
      given.document.pages = [
        { offset: 0, value: 1 },
        { offset: 7, value: 3 },
      ];
      Object.assign(given.passages[1] as object, { leadIn: "To drink:" });
      await store.put(given);
      expect(await store.document(given.document.id)).toEqual(given.document);
      expect(await store.passagesOf(given.document.id)).toEqual(given.passages);
      expect(await store.documents()).toEqual([
        {
          id: given.document.id,
          uri: "guides/menu.md",
          collection: "default",
          title: "Menu",
          mediaType: "text/plain",
          contentHash: given.contentHash,
          indexedAt: given.indexedAt,
          passages: 2,
          characters: given.document.text.length,
          pages: 3,
        },
      ]);
    });

    it("gives all of the record back, with vectors and token vectors", async () => {
      const store = await newIndex().open();
      const tokens = [Uint8Array.of(1, 2, 255), Uint8Array.of(7)];
      const given = { ...record("a.md", ["one", "two"]), tokens, collection: "notes" };
      await store.put(given);
      expect(await store.record(given.document.id)).toEqual(given);
      const without = { ...record("b.md", ["three"]), collection: "default" };
      await store.put(without);
      expect(await store.record(without.document.id)).toEqual(without);
      expect(await store.record("nobody")).toBeUndefined();
    });

    it("gives every UTF-16 string back, NULs and lone surrogates too", async () => {
      const store = await newIndex().open();
      const odd = "\0\ud800 \udc00é👩‍🔬 ";
      const given = record("odd.txt", [odd]);
      await store.put(given);
      expect(await store.document(given.document.id)).toEqual(given.document);
      expect(await store.passagesOf(given.document.id)).toEqual(given.passages);
    });

    it("replaces all that was stored under the id", async () => {
      const store = await newIndex().open();
      await store.put(record("a.md", ["old words", "older words", "oldest words"]));
      await store.put(record("b.md", ["other"]));
      const fresh = record("a.md", ["new words"]);
      await store.put(fresh);
      expect(await store.stats()).toMatchObject({ documents: 2, passages: 2, generation: 3 });
      expect(await store.passagesOf(fresh.document.id)).toEqual(fresh.passages);
      const found = await store.candidates({ text: "old older oldest", vector: VECTOR, depth: 10 });
      expect(found.map(({ lexical }) => lexical)).toEqual([0, 0]);
    });

    it("of the same record again changes nothing but the generation", async () => {
      const store = await newIndex().open();
      const given = { ...record("a.md", ["one", "two"]), collection: "notes" };
      await store.put(given);
      const before = await revisionOf(store, given.document.id);
      await store.put(given);
      expect(await store.stats()).toMatchObject({ documents: 1, passages: 2, generation: 2 });
      expect(await store.record(given.document.id)).toEqual(given);
      expect(await revisionOf(store, given.document.id)).toBe(before);
    });

    it("refuses vectors that are too few, too short, not of length 1 or not finite", async () => {
      const store = await newIndex().open();
      const wrong: Float32Array[][] = [
        [],
        [Float32Array.of(1)],
        [VECTOR.map((value) => value * 2)],
        [VECTOR.map(() => Number.NaN)],
      ];
      for (const vectors of wrong) {
        const error = await failure(() => store.put(record("a.md", ["text"], { vectors })));
        expect(error.code).toBe("invalid-input");
      }
      expect(await store.generation()).toBe(0);
    });

    it("takes a document without passages", async () => {
      const store = await newIndex().open();
      const empty = record("empty.md", []);
      await store.put(empty);
      expect(await store.stats()).toMatchObject({ documents: 1, passages: 0, generation: 1 });
      expect(await store.passagesOf(empty.document.id)).toEqual([]);
      expect(await store.candidates({ text: "x", vector: VECTOR, depth: 5 })).toEqual([]);
    });

    it("takes a document of very many passages", async () => {
      const store = await newIndex().open();
      const texts = Array.from({ length: 700 }, (_, index) => `passage number ${index}`);
      const book = record("book.md", texts, { random: seededRandom(3) });
      await store.put(book);
      expect(await store.passagesOf(book.document.id)).toEqual(book.passages);
      await store.put(record("book.md", ["abridged"]));
      expect(await store.stats()).toMatchObject({ documents: 1, passages: 1 });
    });
  });

  describe("remove", () => {
    it("takes a document away with all that is derived from it", async () => {
      const store = await newIndex().open();
      const gone = { ...record("a.md", ["one", "two"]), tokens: [Uint8Array.of(1), Uint8Array.of(2)] };
      await store.put(gone);
      await store.put(record("b.md", ["three"]));
      await store.remove(gone.document.id);
      const ids = gone.passages.map(({ id }) => id);
      expect(await store.document(gone.document.id)).toBeUndefined();
      expect(await revisionOf(store, gone.document.id)).toBeUndefined();
      expect(await store.passages(ids)).toEqual([]);
      expect(await store.tokenVectors(ids)).toEqual(new Map());
      expect(await store.passagesOf(gone.document.id)).toEqual([]);
      expect(await store.candidates({ text: "one two three", vector: VECTOR, depth: 5 })).toHaveLength(1);
      expect(await store.stats()).toMatchObject({ documents: 1, passages: 1, generation: 3 });
    });

    it("does nothing for what is not there", async () => {
      const store = await newIndex().open();
      await store.put(record("a.md", ["one"]));
      await store.remove("nobody");
      expect(await store.generation()).toBe(1);
    });
  });

  describe("documents", () => {
    it("are ordered by uri, and can be chosen by id", async () => {
      const store = await newIndex().open();
      const records = ["b.md", "a/z.md", "c.md"].map((uri) => record(uri, [uri]));
      for (const each of records) await store.put(each);
      expect((await store.documents()).map(({ uri }) => uri)).toEqual(["a/z.md", "b.md", "c.md"]);
      const ids = [records[2]?.document.id ?? "", records[0]?.document.id ?? "", "nobody"];
      expect((await store.documents(ids)).map(({ uri }) => uri)).toEqual(["b.md", "c.md"]);
      expect(await store.documents([])).toEqual([]);
      expect(await store.document("nobody")).toBeUndefined();
    });

    it("are stale where their passages were built in another way", async () => {
      const index = newIndex();
      const first = await index.open({ fingerprint: "one" });
      await first.put(record("a.md", ["text"]));
      expect((await first.documents())[0]).not.toHaveProperty("stale");
      expect((await (await index.open()).documents())[0]).not.toHaveProperty("stale");
      const second = await index.open({ fingerprint: "two" });
      expect((await second.documents())[0]?.stale).toBe(true);
      await second.put(record("a.md", ["text"]));
      expect((await second.documents())[0]).not.toHaveProperty("stale");
    });

    it("come with a version, and not again where that version is known", async () => {
      const store = await newIndex().open();
      const { document } = record("a.md", ["one"]);
      const versions = (known?: string) =>
        store.versions(
          new Map([
            ["nobody", known],
            [document.id, known],
          ]),
        );
      expect(await versions()).toEqual(new Map());
      await store.put(record("a.md", ["one"]));
      const revision = await revisionOf(store, document.id);
      expect(await versions()).toEqual(new Map([[document.id, { revision, document }]]));
      expect(await versions("another")).toEqual(new Map([[document.id, { revision, document }]]));
      expect(await versions(revision)).toEqual(new Map([[document.id, { revision }]]));
    });

    it("have a revision that changes with them alone", async () => {
      const store = await newIndex().open();
      const [a, b] = [record("a.md", ["one"]), record("b.md", ["two"])];
      await store.put(a);
      const before = await revisionOf(store, a.document.id);
      expect(before).toEqual(expect.any(String));
      await store.put(b);
      expect(await revisionOf(store, a.document.id)).toBe(before);
      await store.put(record("a.md", ["three"]));
      expect(await revisionOf(store, a.document.id)).not.toBe(before);
    });
  });

  describe("passages and token vectors", () => {
    it("come in the order of the ids, without the unknown ones", async () => {
      const store = await newIndex().open();
      const { passages } = record("a.md", ["one", "two", "three"]);
      await store.put(record("a.md", ["one", "two", "three"]));
      const ids = passages.map(({ id }) => id);
      const found = await store.passages([ids[2] ?? "", "nobody:0", ids[0] ?? "", ids[2] ?? ""]);
      expect(found.map(({ ordinal }) => ordinal)).toEqual([2, 0, 2]);
    });

    it("come by passage id, without the unknown ones and those stored without", async () => {
      const store = await newIndex().open();
      const tokens = [Uint8Array.of(1, 2, 255), Uint8Array.of(7)];
      const [one, two] = [record("a.md", ["one", "two"]), record("b.md", ["three"])];
      await store.put({ ...one, tokens });
      await store.put(two);
      const ids = [...one.passages, ...two.passages].map(({ id }) => id);
      const expected = ids.slice(0, 2).map((id, index) => [id, tokens[index]] as const);
      expect(await store.tokenVectors([...ids, "nobody:0"])).toEqual(new Map(expected));
    });

    it("that say the same are found as copies, where they are wanted and seen", async () => {
      const store = await newIndex().open();
      const [a, b, c] = ["a.md", "b.md", "c.md"].map((uri) => record(uri, [LONG, `Only ${uri}.`])) as [
        ReturnType<typeof record>,
        ReturnType<typeof record>,
        ReturnType<typeof record>,
      ];
      await store.put(a);
      await store.put({ ...b, collection: "notes" });
      await store.put({ ...c, collection: "papers" });
      const [wanted, other] = a.passages.map(({ id }) => id) as [string, string];
      const find = async (options: Parameters<typeof store.copies>[1]) =>
        (await store.copies([wanted, other], options)).get(wanted)?.map(({ documentId }) => documentId);
      expect(await find({ limit: 9 })).toEqual([b.document.id, c.document.id]);
      expect(await find({ limit: 1 })).toEqual([b.document.id]);
      expect(await find({ limit: 9, collections: ["default", "papers"] })).toEqual([c.document.id]);
      expect(await find({ limit: 9, documentIds: [b.document.id] })).toEqual([b.document.id]);
      expect(await find({ limit: 9, collections: [] })).toBeUndefined();
      await store.put(record("b.md", ["Changed."]));
      expect(await find({ limit: 9 })).toEqual([c.document.id]);
    });
  });
}
