import { setTimeout as pause } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DocumentRecord } from "../../src/store/store.js";
import type { NewIndex } from "./contract.js";
import { failure, randomVector, record, seededRandom } from "./fixture.js";
import { expectSame, naiveCandidates } from "./naive.js";

const VECTOR = randomVector(seededRandom(99));

export interface SearchTraits {
  /** Whether BM25 is FTS5's to the last digit, or only positive where a term matches. */
  bm25: "exact" | "own";
}

/** Candidates with their scores. */
export function searchContract(newIndex: NewIndex, { bm25 }: SearchTraits): void {
  describe("candidates", () => {
    it("have the scores that a naive implementation gives them, after any changes", async () => {
      const words = ["drift", "model", "models", "data", "café", "the", "train", "training", "语言", "x"];
      const text = fc
        .array(fc.constantFrom(...words), { minLength: 1, maxLength: 6 })
        .map((parts) => parts.join(" "));
      const uri = fc.constantFrom("a", "b", "c", "d");
      const collection = fc.constantFrom("default", "notes");
      const change = fc.record({ uri, collection, texts: fc.array(text, { maxLength: 5 }) });
      const query = fc.record({
        text: fc.oneof(text, fc.constant("")),
        only: fc.option(fc.subarray(["a", "b", "c", "d"])),
        within: fc.option(fc.subarray(["default", "notes"])),
      });
      const store = await newIndex().open();
      await fc.assert(
        fc.asyncProperty(
          fc.array(change, { maxLength: 6 }),
          fc.array(query, { minLength: 1, maxLength: 3 }),
          fc.integer(),
          async (changes, queries, seed) => {
            const random = seededRandom(seed);
            for (const { id } of await store.documents()) await store.remove(id);
            const records = new Map<string, DocumentRecord>();
            for (const { uri, collection, texts } of changes) {
              const made = record(uri, texts, { random, headings: ["Data"], title: `Model ${uri}` });
              records.set(uri, { ...made, collection });
              await store.put({ ...made, collection });
            }
            for (const { text, only, within } of queries) {
              const documentIds = only?.map((uri) => record(uri, []).document.id);
              const filters = { ...(documentIds && { documentIds }), ...(within && { collections: within }) };
              // So deep that nothing is cut off: how equal scores are ordered is not promised.
              const full = { text, depth: 40, vector: randomVector(random), ...filters };
              const expected = naiveCandidates([...records.values()], full);
              expectSame(await store.candidates(full), expected, bm25);
            }
          },
        ),
        { numRuns: 12 },
      );
    });

    it("have both scores even where only one of them was among the best", async () => {
      const store = await newIndex().open();
      const near = VECTOR;
      const far = VECTOR.map((value) => -value);
      await store.put(
        record("a.md", ["drift", "drift drift drift", "nothing"], { vectors: [near, far, far] }),
      );
      const found = await store.candidates({ text: "drift", vector: near, depth: 1 });
      expect(found).toHaveLength(2);
      expect(found.every(({ lexical }) => lexical > 0)).toBe(true);
      expect(found.map(({ dense }) => Math.round(dense * 1e5) / 1e5).sort()).toEqual([-1, 1]);
    });

    it("waits for a vector that is on its way, and finds what came meanwhile", async () => {
      const store = await newIndex().open();
      await store.put(record("a.md", ["drift"]));
      const vector = pause(20).then(async () => {
        await store.put(record("b.md", ["drift drift"]));
        return VECTOR;
      });
      const found = await store.candidates({ text: "drift", vector, depth: 10 });
      expect(found.filter(({ lexical }) => lexical > 0)).toHaveLength(2);
      const lost = store.candidates({ text: "drift", vector: Promise.reject(new Error("lost")), depth: 10 });
      await expect(lost).rejects.toThrow("lost");
    });

    it("are the best of what the filters allow", async () => {
      const store = await newIndex().open();
      const random = seededRandom(5);
      const made = ["a", "b", "c"].map((uri) => record(uri, ["drift one", "drift two"], { random }));
      for (const [index, each] of made.entries())
        await store.put({ ...each, collection: index === 0 ? "notes" : "papers" });
      const ids = made.map(({ document }) => document.id);
      const find = async (filters: { documentIds?: string[]; collections?: string[] }) =>
        [
          ...new Set(
            (await store.candidates({ text: "drift", vector: VECTOR, depth: 2, ...filters })).map(
              ({ documentId }) => documentId,
            ),
          ),
        ].sort();
      expect(await find({ documentIds: [ids[1] ?? ""] })).toEqual([ids[1]]);
      expect(await find({ collections: ["notes"] })).toEqual([ids[0]]);
      expect(await find({ collections: ["papers"], documentIds: [ids[0] ?? "", ids[2] ?? ""] })).toEqual([
        ids[2],
      ]);
      expect(await find({ documentIds: [] })).toEqual([]);
      expect(await find({ collections: [] })).toEqual([]);
      expect(await find({ documentIds: ["nobody"] })).toEqual([]);
    });

    it("compare a query vector of any length by its direction", async () => {
      const store = await newIndex().open();
      await store.put(record("a.md", ["one"], { vectors: [VECTOR] }));
      const vector = VECTOR.map((value) => value * 40);
      const [found] = await store.candidates({ text: "", vector, depth: 1 });
      expect(found?.dense).toBeCloseTo(1, 5);
      const zero = await store.candidates({ text: "one", vector: VECTOR.map(() => 0), depth: 1 });
      expect(zero.map(({ dense }) => dense)).toEqual([0]);
    });

    it("refuse a query vector of another model's length", async () => {
      const store = await newIndex().open();
      const error = await failure(() =>
        store.candidates({ text: "x", vector: new Float32Array(3), depth: 1 }),
      );
      expect(error.code).toBe("invalid-input");
    });

    it("are found for any text at all", async () => {
      const store = await newIndex().open();
      await store.put(record("a.md", ["some text about drift"]));
      const hostile = [
        '"',
        "drift OR",
        "NEAR(a b)",
        "*",
        "\0drift\0",
        "x".repeat(100_000),
        "何ですか",
        "🎉",
        "\ud800",
        "title:drift",
      ];
      for (const text of hostile) {
        expect(await store.candidates({ text, vector: VECTOR, depth: 3 })).toHaveLength(1);
      }
    });
  });
}
