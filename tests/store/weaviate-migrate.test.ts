import { describe, expect, it } from "vitest";
import { type MigrateProgress, migrate } from "../../src/store/migrate.js";
import type { DocumentRecord, Store } from "../../src/store/store.js";
import { failure, openStore, randomVector, record, seededRandom, temporaryFolder } from "./fixture.js";
import { newSettings, openCluster, WEAVIATE, WHY_SKIPPED, withCluster } from "./weaviate-server.js";

const binary = WEAVIATE !== undefined && !URL.canParse(WEAVIATE);

/** A sentence that stands in each third document. */
const COPIED =
  "This sentence is long enough to speak for itself, whatever the heading above it may be, in any document.";

const LIBRARY: DocumentRecord[] = Array.from({ length: 12 }, (_, index) => {
  const texts = Array.from({ length: 100 }, (_, place) => `drift of ${index} at ${place}, café ${place % 7}`);
  if (index % 3 === 0) texts[index] = COPIED;
  const made = record(`${index}.md`, texts, {
    random: seededRandom(index),
    headings: ["Data", `Part ${index}`],
    title: `Model ${index}`,
  });
  Object.assign(made.document, { pages: [{ offset: 0, value: 1 }], lines: [{ offset: 0, value: 4 }] });
  return {
    ...made,
    collection: index % 2 === 0 ? "default" : "notes",
    // Of one document none were made.
    ...(index === 5 ? {} : { tokens: texts.map((_, place) => Uint8Array.of(place, index, 255)) }),
  };
});
const SOURCES = [
  { collection: "default", paths: ["/a"] },
  { collection: "notes", paths: ["/b"], include: ["*.md"] },
];

const openLocal = (folder = temporaryFolder()) => openStore(folder, { fingerprint: "one" });

async function filled(): Promise<Store> {
  const store = openLocal();
  await store.putMany([...LIBRARY, record("empty.md", [])]);
  await store.rememberSources(SOURCES);
  await store.optimize?.();
  return store;
}

/** All that an index holds and says of it; of the scores only the cosines where BM25 is another one. */
async function contentOf(store: Store, { exact = true }: { exact?: boolean } = {}) {
  const documents = await store.documents();
  const records = await Promise.all(documents.map(({ id }) => store.record(id)));
  const ids = records.flatMap((each) => each?.passages.map(({ id }) => id) ?? []);
  const copies = await store.copies(ids, { limit: 50 });
  const candidates = await store.candidates({
    text: "drift café model",
    vector: randomVector(seededRandom(99)),
    depth: 2_000,
  });
  return {
    documents,
    records,
    passages: await store.passages(ids),
    tokens: await store.tokenVectors(ids),
    copies: new Map([...copies].map(([id, found]) => [id, found.map((passage) => passage.id).sort()])),
    sources: await store.sources(),
    words: new Map([...(await store.words())].sort()),
    candidates: candidates
      .map(({ lexical, dense, ...rest }) => ({
        ...rest,
        lexical: exact ? lexical : lexical > 0,
        dense: Math.round(dense * 1e5) / 1e5,
      }))
      .sort((a, b) => (a.passageId < b.passageId ? -1 : 1)),
  };
}

describe.skipIf(!binary)(
  `migrate, with a real cluster ${binary ? "" : WHY_SKIPPED}`,
  { timeout: 600_000 },
  () => {
    const cluster = withCluster();
    const openRemote = () => openCluster(newSettings(cluster()), { fingerprint: "one" });

    it("there and back gives the same index", async () => {
      const [first, remote, second] = [await filled(), await openRemote(), openLocal()];
      expect(await migrate({ from: first, to: remote })).toMatchObject({ copied: 13, passages: 1200 });
      expect(await contentOf(remote, { exact: false })).toEqual(await contentOf(first, { exact: false }));
      expect(await migrate({ from: remote, to: second })).toMatchObject({ copied: 13, passages: 1200 });
      const [before, after] = [await contentOf(first), await contentOf(second)];
      expect(before.candidates).toHaveLength(1200);
      expect(before.copies.size).toBe(4);
      expect(after).toEqual(before);
      expect(await migrate({ from: remote, to: first })).toMatchObject({ copied: 0, present: 13, others: 0 });
    });

    it("goes on where it was stopped, both ways", async () => {
      const [first, remote] = [await filled(), await openRemote()];
      const folder = temporaryFolder();
      for (const [from, to, reopen] of [
        [first, remote, () => remote],
        [remote, openLocal(folder), () => openLocal(folder)],
      ] as const) {
        const stop = new AbortController();
        const onProgress = ({ done }: MigrateProgress) => done > 0 && stop.abort();
        const stopped = await failure(() => migrate({ from, to, onProgress, signal: stop.signal }));
        expect(stopped.code).toBe("aborted");
        const { documents } = await to.stats();
        expect(documents).toBeGreaterThan(0);
        expect(documents).toBeLessThan(13);
        const rest = { copied: 13 - documents, present: documents };
        expect(await migrate({ from, to: reopen() })).toMatchObject(rest);
      }
      expect(await contentOf(openLocal(folder))).toEqual(await contentOf(first));
    });

    it("says that the cluster has gone while it is copied from, and goes on when it is back", async () => {
      const [first, remote, second] = [await filled(), await openRemote(), openLocal()];
      await migrate({ from: first, to: remote });
      let killed: Promise<void> | undefined;
      const onProgress = ({ done }: MigrateProgress) => {
        if (done > 0) killed ??= cluster().kill(0);
      };
      const gone = await failure(() => migrate({ from: remote, to: second, onProgress }));
      expect(gone.code).toBe("store-unreachable");
      await killed;
      const { documents } = await second.stats();
      expect(documents).toBeLessThan(13);
      await cluster().restart(0);
      expect(await migrate({ from: remote, to: second })).toMatchObject({ present: documents });
      expect(await contentOf(second)).toEqual(await contentOf(first));
    });

    it("leaves what only the target has, and replaces what has another content there", async () => {
      const [first, remote, second] = [await filled(), await openRemote(), openLocal()];
      await migrate({ from: first, to: remote });
      const own = record("own.md", ["its own"]);
      await second.put(own);
      await second.put(record("3.md", ["an older version"]));
      await second.rememberSources([{ collection: "default", paths: ["/own"] }]);
      expect(await migrate({ from: remote, to: second })).toMatchObject({ copied: 13, others: 1 });
      expect(await second.stats()).toMatchObject({ documents: 14, passages: 1201 });
      expect(await second.record(own.document.id)).toEqual({ ...own, collection: "default" });
      for (const each of LIBRARY) expect(await second.record(each.document.id)).toEqual(each);
      expect(await second.sources()).toEqual([{ collection: "default", paths: ["/own"] }]);
    });
  },
);
