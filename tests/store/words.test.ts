import { describe, expect, it } from "vitest";
import { openStore, record, temporaryFolder } from "./fixture.js";

describe("the words of a store", () => {
  it("are those of what is stored now, after any run of additions, replacements and removals", async () => {
    const folder = temporaryFolder();
    const store = openStore(folder);
    const changes = [
      () => store.put(record("a.md", ["one two", "two three"])),
      () => store.put(record("b.md", ["three four"])),
      () => store.put(record("a.md", ["one five"])),
      () => store.put(record("c.md", Array(300).fill("six"))),
      () => store.remove(record("b.md", []).document.id),
      () => store.put(record("b.md", ["seven"])),
    ];
    for (const change of changes) {
      await change();
      expect(await store.words()).toEqual(await openStore(folder).words());
    }
    expect((await store.words()).get("six")).toBe(300);
    expect((await store.words()).has("four")).toBe(false);
  });

  it("are the same map until they have changed, and the map that was given stays as it was", async () => {
    const store = openStore(temporaryFolder());
    await store.put(record("a.md", ["one"]));
    const words = await store.words();
    expect(await store.words()).toBe(words);
    await store.put(record("b.md", ["two"]));
    expect((await store.words()).has("two")).toBe(true);
    expect(words.has("two")).toBe(false);
  });
});
