import { describe, expect, it } from "vitest";
import { DocumentCache } from "../src/document-cache.js";
import { openStore, record, temporaryFolder } from "./store/fixture.js";

const get = async (documents: DocumentCache, id: string) => (await documents.get([id])).get(id);

describe("DocumentCache", () => {
  it("gives the same document until the store has another version of it", async () => {
    const store = openStore(temporaryFolder());
    const documents = new DocumentCache(store);
    const first = record("a.md", ["old"]);
    const { id } = first.document;
    await store.put(first);
    await store.put(record("b.md", ["other"]));
    const kept = await get(documents, id);
    expect(kept).toEqual(first.document);
    await store.put(record("b.md", ["another"]));
    expect(await get(documents, id)).toBe(kept);
    const second = record("a.md", ["new"]);
    await store.put(second);
    expect(await get(documents, id)).toEqual(second.document);
    await store.remove(id);
    expect(await get(documents, id)).toBeUndefined();
  });

  it("looks a document's version up again only after the index has changed", async () => {
    const store = openStore(temporaryFolder());
    const { document } = record("a.md", ["text"]);
    await store.put(record("a.md", ["text"]));
    let looked = 0;
    const documents = new DocumentCache({
      generation: () => store.generation(),
      versions: (known) => {
        looked += 1;
        return store.versions(known);
      },
    });
    await get(documents, document.id);
    await get(documents, document.id);
    expect(looked).toBe(1);
    await store.put(record("b.md", ["other"]));
    await get(documents, document.id);
    expect(looked).toBe(2);
  });

  it("asks again after a failure", async () => {
    const store = openStore(temporaryFolder());
    const { document } = record("a.md", ["text"]);
    await store.put(record("a.md", ["text"]));
    let fails = true;
    const documents = new DocumentCache({
      generation: () => store.generation(),
      versions: async (known) => {
        if (fails) throw new Error("not now");
        return store.versions(known);
      },
    });
    await expect(get(documents, document.id)).rejects.toThrow("not now");
    fails = false;
    expect(await get(documents, document.id)).toEqual(document);
  });

  it("does not keep more than 64 documents", async () => {
    const store = openStore(temporaryFolder());
    const ids = Array.from({ length: 66 }, (_, i) => record(`${i}.md`, ["text"]));
    for (const each of ids) await store.put(each);
    const documents = new DocumentCache(store);
    const id = (index: number) => ids[index]?.document.id ?? "";
    const [oldest, newest] = [await get(documents, id(0)), await get(documents, id(1))];
    for (let i = 2; i < 65; i++) await get(documents, id(i));
    expect(await get(documents, id(1))).toBe(newest);
    expect(await get(documents, id(0))).not.toBe(oldest);
  });
});
