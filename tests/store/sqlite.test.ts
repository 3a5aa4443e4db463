import { join } from "node:path";
import fc from "fast-check";
import Database from "libsql";
import { describe, expect, it } from "vitest";
import type { DocumentRecord } from "../../src/store/store.js";
import { openStore, randomVector, record, seededRandom, temporaryFolder } from "./fixture.js";
import { expectSame, naiveCandidates } from "./naive.js";

const VECTOR = randomVector(seededRandom(99));

describe("SqliteStore, beyond what every store has to keep", () => {
  it("gives every UTF-16 string back, NULs and lone surrogates too", async () => {
    const store = openStore(temporaryFolder());
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary" }), async (text) => {
        const odd = `${text}\0\ud800 \udc00é👩‍🔬`;
        await store.put(record("odd.txt", [odd]));
        const [summary] = await store.documents();
        expect((await store.document(summary?.id ?? ""))?.text).toBe(`${odd}\n\n`);
      }),
      { numRuns: 30 },
    );
  });

  it("changes nothing where it fails half way", async () => {
    const store = openStore(temporaryFolder());
    const before = record("a.md", ["kept"]);
    await store.put(before);
    const broken = record("a.md", ["one", "two"]);
    broken.passages[1] = {
      ...(broken.passages[1] as DocumentRecord["passages"][0]),
      id: `${before.document.id}:0`,
    };
    await expect(store.put(broken)).rejects.toMatchObject({
      cause: expect.objectContaining({ message: expect.stringMatching(/UNIQUE/) }),
    });
    expect(await store.passagesOf(before.document.id)).toEqual(before.passages);
    expect(await store.stats()).toMatchObject({ documents: 1, passages: 1, generation: 1 });
    expect(await store.candidates({ text: "kept", vector: VECTOR, depth: 10 })).toHaveLength(1);
  });

  it("leaves no row of a document that is removed", async () => {
    const folder = temporaryFolder();
    const store = openStore(folder);
    const gone = { ...record("a.md", ["one", "two"]), tokens: [Uint8Array.of(1), Uint8Array.of(2)] };
    await store.put(gone);
    await store.put({ ...record("b.md", ["three"]), tokens: [Uint8Array.of(3)] });
    await store.candidates({ text: "one", vector: VECTOR, depth: 5 });
    await store.remove(gone.document.id);
    expect(await store.document(gone.document.id)).toBeUndefined();
    expect(await store.passages(gone.passages.map(({ id }) => id))).toEqual([]);
    expect(await store.candidates({ text: "one two three", vector: VECTOR, depth: 5 })).toHaveLength(1);
    const raw = new Database(join(folder, "waymark.db"));
    for (const table of ["documents", "passages", "vectors", "token_vectors", "passages_text"]) {
      expect(raw.prepare(`SELECT count(*) FROM ${table}`).pluck().all()).toEqual([1]);
    }
    raw.close();
  });

  it("finds the candidates that a naive implementation finds, after any changes", async () => {
    const words = ["drift", "model", "models", "data", "café", "the", "train", "training", "语言", "x"];
    const text = fc
      .array(fc.constantFrom(...words), { minLength: 1, maxLength: 6 })
      .map((parts) => parts.join(" "));
    const change = fc.record({
      uri: fc.constantFrom("a", "b", "c", "d"),
      texts: fc.array(text, { maxLength: 5 }),
    });
    const query = fc.record({
      text: fc.oneof(text, fc.constant("")),
      depth: fc.integer({ min: 1, max: 6 }),
      only: fc.option(fc.subarray(["a", "b", "c", "d"])),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { maxLength: 8 }),
        fc.array(query, { minLength: 1, maxLength: 3 }),
        fc.integer(),
        async (changes, queries, seed) => {
          const random = seededRandom(seed);
          const store = openStore(temporaryFolder());
          const records = new Map<string, DocumentRecord>();
          for (const [index, { uri, texts }] of changes.entries()) {
            const next = record(uri, texts, { random, headings: ["Data"], title: `Model ${uri}` });
            // Last put, last in order: equal scores go by it in both.
            records.delete(uri);
            records.set(uri, next);
            await store.put(next);
            // Some queries in between, so that the vectors in memory are brought up to date step by step.
            if (index % 3 === 0) await store.candidates({ text: "", vector: VECTOR, depth: 1 });
          }
          for (const { text, depth, only } of queries) {
            const documentIds = only?.map((uri) => record(uri, []).document.id);
            const full = { text, depth, vector: randomVector(random), ...(documentIds && { documentIds }) };
            expectSame(await store.candidates(full), naiveCandidates([...records.values()], full));
          }
          await store.close();
        },
      ),
      { numRuns: 60 },
    );
  });
});
