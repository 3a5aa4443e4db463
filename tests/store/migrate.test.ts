import { describe, expect, it } from "vitest";
import { type MigrateProgress, migrate } from "../../src/store/migrate.js";
import { failure, openStore, record, seededRandom, temporaryFolder } from "./fixture.js";

const RECORDS = Array.from({ length: 12 }, (_, index) => {
  const texts = Array.from({ length: 100 }, (_, place) => `words of ${index} at ${place}`);
  const made = record(`${index}.md`, texts, { random: seededRandom(index) });
  return {
    ...made,
    collection: index % 2 === 0 ? "default" : "notes",
    tokens: texts.map((_, place) => Uint8Array.of(place)),
  };
});

async function filled() {
  const store = openStore(temporaryFolder(), { fingerprint: "one" });
  await store.putMany(RECORDS);
  await store.rememberSources([{ collection: "default", paths: ["/a"] }]);
  return store;
}

const empty = () => openStore(temporaryFolder(), { fingerprint: "one" });

describe("migrate", () => {
  it("copies all documents with their passages, vectors, collections and sources", async () => {
    const [from, to] = [await filled(), empty()];
    const phases: MigrateProgress[] = [];
    const summary = await migrate({ from, to, onProgress: (progress) => phases.push(progress) });
    expect(summary).toMatchObject({ copied: 12, present: 0, passages: 1200, others: 0 });
    for (const each of RECORDS) expect(await to.record(each.document.id)).toEqual(each);
    expect(await to.sources()).toEqual(await from.sources());
    expect(phases[0]).toMatchObject({ phase: "copy", done: 0, total: 12 });
    expect(phases.at(-1)).toMatchObject({ phase: "verify", done: 12, total: 12 });
  });

  it("goes on where it was stopped, and copies what has changed since", async () => {
    const [from, to] = [await filled(), empty()];
    const stop = new AbortController();
    const onProgress = ({ done }: MigrateProgress) => done > 0 && stop.abort();
    expect((await failure(() => migrate({ from, to, onProgress, signal: stop.signal }))).code).toBe(
      "aborted",
    );
    const { documents } = await to.stats();
    expect(documents).toBeGreaterThan(0);
    expect(documents).toBeLessThan(12);
    expect(await migrate({ from, to })).toMatchObject({ copied: 12 - documents, present: documents });
    await from.put({ ...record("3.md", ["other words"]), collection: "notes" });
    expect(await migrate({ from, to })).toMatchObject({ copied: 1, present: 11, passages: 1101 });
    expect(await migrate({ from, to })).toMatchObject({ copied: 0, present: 12 });
  });

  it("leaves what only the other store has, and where that was made from", async () => {
    const [from, to] = [await filled(), empty()];
    await to.put(record("own.md", ["its own"]));
    await to.rememberSources([{ collection: "default", paths: ["/own"] }]);
    expect(await migrate({ from, to })).toMatchObject({ copied: 12, others: 1 });
    expect(await to.stats()).toMatchObject({ documents: 13, passages: 1201 });
    expect(await to.sources()).toEqual([{ collection: "default", paths: ["/own"] }]);
  });

  it("refuses documents that an ingest would make anew, and a store that another process writes to", async () => {
    const folder = temporaryFolder();
    const old = openStore(folder, { fingerprint: "one" });
    await old.put(record("a.md", ["one"]));
    const stale = openStore(folder, { fingerprint: "two" });
    const { code, hint } = await failure(() => migrate({ from: stale, to: empty() }));
    expect(code).toBe("invalid-input");
    expect(hint).toContain("waymark ingest");
    const target = temporaryFolder();
    const unlock = await openStore(target).lockForWriting();
    expect((await failure(() => migrate({ from: old, to: openStore(target) }))).code).toBe("index-locked");
    await unlock();
  });
});
