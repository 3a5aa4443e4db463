import { describe, expect, it } from "vitest";
import type { NewIndex } from "./contract.js";
import { DIMENSIONS, EMBEDDER, failure, randomVector, record, seededRandom } from "./fixture.js";

/** What is kept once for an index, and what several that open it see of each other. */
export function indexContract(newIndex: NewIndex): void {
  describe("an index", () => {
    it("is empty at first, and counts each change", async () => {
      const store = await newIndex().open();
      expect(await store.stats()).toMatchObject({
        documents: 0,
        passages: 0,
        generation: 0,
        embedder: EMBEDDER,
      });
      expect(await store.documents()).toEqual([]);
      expect(await store.sources()).toEqual([]);
      await store.put(record("a.md", ["one"]));
      await store.put(record("b.md", ["two"]));
      expect(await store.generation()).toBe(2);
    });

    it("is the same for all that have it open", async () => {
      const index = newIndex();
      const [writer, reader] = [await index.open(), await index.open()];
      const search = async () =>
        reader.candidates({ text: "words", vector: randomVector(seededRandom(2)), depth: 5 });
      expect(await search()).toEqual([]);
      await writer.put(record("a.md", ["first words"]));
      expect(await search()).toHaveLength(1);
      expect(await reader.generation()).toBe(1);
      const changed = record("a.md", ["other words", "more words"]);
      await writer.put(changed);
      expect(await search()).toHaveLength(2);
      expect(await reader.passagesOf(changed.document.id)).toEqual(changed.passages);
      await writer.remove(changed.document.id);
      expect(await search()).toEqual([]);
    });

    it("never shows a part of a document that is being replaced", async () => {
      const index = newIndex();
      const [writer, reader] = [await index.open(), await index.open()];
      const version = (word: string, count: number) =>
        record(
          "a.md",
          Array.from({ length: count }, (_, place) => `${word} ${place}`),
          { random: seededRandom(4) },
        );
      const versions = [version("old", 30), version("new", 50)];
      await writer.put(versions[0] as (typeof versions)[0]);
      const { id } = (versions[0] as (typeof versions)[0]).document;
      let writing = true;
      const write = async () => {
        for (let turn = 1; turn <= 6; turn += 1) await writer.put(versions[turn % 2] as (typeof versions)[0]);
        writing = false;
      };
      const read = async () => {
        while (writing) {
          const found = await reader.passagesOf(id);
          expect(versions.map(({ passages }) => passages.length)).toContain(found.length);
          expect(new Set(found.map(({ units }) => units[0]?.pieces[0]?.text.split(" ")[0])).size).toBe(1);
          const vector = randomVector(seededRandom(6));
          const hits = await reader.candidates({ text: "old new", vector, depth: 100 });
          expect([30, 50]).toContain(hits.length);
        }
      };
      await Promise.all([write(), read()]);
    });

    it("remembers where it was made from", async () => {
      const index = newIndex();
      const store = await index.open();
      const sources = [
        { collection: "default", paths: ["/a"] },
        { collection: "notes", paths: ["/b", "/c.md"], include: ["*.md"], exclude: ["drafts/"] },
      ];
      await store.rememberSources(sources);
      expect(await (await index.open()).sources()).toEqual(sources);
      await store.rememberSources([]);
      expect(await store.sources()).toEqual([]);
    });

    it("knows its words after a run of changes", async () => {
      const store = await newIndex().open();
      await store.put(record("a.md", ["Café au lait, café noir"], { headings: ["To Drink"], title: "Menu" }));
      await store.optimize?.();
      expect(await store.words()).toEqual(
        new Map([
          ["café", 2],
          ["au", 1],
          ["lait", 1],
          ["noir", 1],
          ["to", 1],
          ["drink", 1],
          ["menu", 1],
        ]),
      );
    });

    it("is brought up to date by one at a time", async () => {
      const index = newIndex();
      const [first, second] = [await index.open(), await index.open()];
      const unlock = await first.lockForWriting();
      expect((await failure(() => second.lockForWriting())).code).toBe("index-locked");
      await first.put(record("a.md", ["one"]));
      await unlock();
      await unlock();
      await (await second.lockForWriting())();
    });

    it("of another model is refused, taken over where it is empty, and made anew where that is asked for", async () => {
      const index = newIndex();
      const other = { embedder: { name: "other", checksum: "b".repeat(64) }, dimensions: DIMENSIONS + 1 };
      const use = async (options: Parameters<typeof index.open>[0]) => (await index.open(options)).stats();
      await use({});
      expect((await use(other)).embedder).toEqual(other.embedder);
      const store = await index.open();
      await store.put(record("a.md", ["one"]));
      const { code, message, hint } = await failure(() => use(other));
      expect(code).toBe("index-mismatch");
      expect(message).toContain(EMBEDDER.name);
      expect(hint).toContain("--rebuild");
      expect(await store.stats()).toMatchObject({ documents: 1 });
      const fresh = await use({ ...other, rebuild: true });
      expect(fresh).toMatchObject({ documents: 0, embedder: other.embedder });
      expect(fresh.generation).toBeGreaterThan(1);
      expect((await failure(() => store.put(record("b.md", ["two"])))).code).toBe("index-mismatch");
    });
  });
}
