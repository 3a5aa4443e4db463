import { expect, it } from "vitest";
import { CorrectorCache } from "../src/corrector-cache.js";
import { openStore, record, temporaryFolder } from "./store/fixture.js";

it("keeps the corrector while the words are the same, and knows new ones at once", async () => {
  const store = openStore(temporaryFolder());
  await store.put(record("a.md", ["the drift of models"]));
  const correctors = new CorrectorCache(store, () => ["the", "of"]);
  const first = await correctors.get();
  expect(await correctors.get()).toBe(first);
  expect(first.correct("the drfit of models")).toBe("the drift of models");
  await store.rememberSources([]); // a change that brings no words
  expect(await correctors.get()).toBe(first);
  expect(first.recognises("kubernetes")).toBe(false);
  await store.put(record("b.md", ["kubernetes"]));
  const second = await correctors.get();
  expect(second).not.toBe(first);
  expect(second.recognises("kubernetes")).toBe(true);
});

it("does not keep a failure", async () => {
  const store = openStore(temporaryFolder());
  await store.put(record("a.md", ["drift"]));
  let fails = true;
  const correctors = new CorrectorCache(
    {
      generation: () => store.generation(),
      words: async () => {
        if (fails) throw new Error("not now");
        return store.words();
      },
    },
    () => [],
  );
  await expect(correctors.get()).rejects.toThrow("not now");
  fails = false;
  expect((await correctors.get()).recognises("drift")).toBe(true);
});
