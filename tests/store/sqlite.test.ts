import { join } from "node:path";
import fc from "fast-check";
import Database from "libsql";
import { describe, expect, it } from "vitest";
import { textKey } from "../../src/passages/text-key.js";
import { COLUMN_WEIGHTS, fullTextQuery } from "../../src/store/full-text.js";
import type { Candidate, CandidateQuery, DocumentRecord } from "../../src/store/store.js";
import { failure, openStore, randomVector, record, seededRandom, temporaryFolder } from "./fixture.js";

const VECTOR = randomVector(seededRandom(99));

describe("put", () => {
  it("stores a document that comes back as it was", async () => {
    const store = openStore(temporaryFolder());
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

  it("replaces all that was stored under the id", async () => {
    const store = openStore(temporaryFolder());
    await store.put(record("a.md", ["old words", "older words", "oldest words"]));
    await store.put(record("b.md", ["other"]));
    const fresh = record("a.md", ["new words"]);
    await store.put(fresh);
    expect(await store.stats()).toMatchObject({ documents: 2, passages: 2, generation: 3 });
    expect(await store.passagesOf(fresh.document.id)).toEqual(fresh.passages);
    const found = await store.candidates({ text: "old older oldest", vector: VECTOR, depth: 10 });
    expect(found.map(({ lexical }) => lexical)).toEqual([0, 0]);
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
    await expect(store.put(broken)).rejects.toThrow(/UNIQUE/);
    expect(await store.passagesOf(before.document.id)).toEqual(before.passages);
    expect(await store.stats()).toMatchObject({ documents: 1, passages: 1, generation: 1 });
    expect(await store.candidates({ text: "kept", vector: VECTOR, depth: 10 })).toHaveLength(1);
  });

  it("refuses vectors that are too few, too short, not of length 1 or not finite", async () => {
    const store = openStore(temporaryFolder());
    const wrong: Float32Array[][] = [
      [],
      [Float32Array.of(1)],
      [VECTOR.map((value) => value * 2)],
      [VECTOR.map(() => 0)],
      [VECTOR.map(() => Number.NaN)],
    ];
    for (const vectors of wrong) {
      expect((await failure(() => store.put(record("a.md", ["text"], { vectors })))).code).toBe(
        "invalid-input",
      );
    }
    const tooFew = { ...record("a.md", ["one", "two"]), tokens: [Uint8Array.of(1)] };
    expect((await failure(() => store.put(tooFew))).code).toBe("invalid-input");
    expect((await store.stats()).generation).toBe(0);
  });

  it("takes a document without passages", async () => {
    const store = openStore(temporaryFolder());
    await store.put(record("empty.md", []));
    expect(await store.stats()).toMatchObject({ documents: 1, passages: 0, generation: 1 });
    expect(await store.candidates({ text: "x", vector: VECTOR, depth: 5 })).toEqual([]);
  });
});

describe("remove", () => {
  it("takes a document away with all that is derived from it", async () => {
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

  it("does nothing for what is not there", async () => {
    const store = openStore(temporaryFolder());
    await store.put(record("a.md", ["one"]));
    await store.remove("nobody");
    expect((await store.stats()).generation).toBe(1);
  });
});

describe("documents", () => {
  it("are ordered by uri, and can be chosen by id", async () => {
    const store = openStore(temporaryFolder());
    const records = ["b.md", "a/z.md", "c.md"].map((uri) => record(uri, [uri]));
    for (const each of records) await store.put(each);
    expect((await store.documents()).map(({ uri }) => uri)).toEqual(["a/z.md", "b.md", "c.md"]);
    const chosen = await store.documents([
      records[2]?.document.id ?? "",
      records[0]?.document.id ?? "",
      "nobody",
    ]);
    expect(chosen.map(({ uri }) => uri)).toEqual(["b.md", "c.md"]);
    expect(await store.documents([])).toEqual([]);
  });

  it("are stale where their passages were built in another way", async () => {
    const folder = temporaryFolder();
    const first = openStore(folder, { fingerprint: "one" });
    await first.put(record("a.md", ["text"]));
    expect((await first.documents())[0]).not.toHaveProperty("stale");
    expect((await openStore(folder).documents())[0]).not.toHaveProperty("stale");
    const second = openStore(folder, { fingerprint: "two" });
    expect((await second.documents())[0]?.stale).toBe(true);
    await second.put(record("a.md", ["text"]));
    expect((await second.documents())[0]).not.toHaveProperty("stale");
  });
});

describe("tokenVectors", () => {
  it("come by passage id, without the unknown ones and those stored without", async () => {
    const store = openStore(temporaryFolder());
    const tokens = [Uint8Array.of(1, 2, 255), Uint8Array.of(7)];
    const [one, two] = [record("a.md", ["one", "two"]), record("b.md", ["three"])];
    await store.put({ ...one, tokens });
    await store.put(two);
    const ids = [...one.passages, ...two.passages].map(({ id }) => id);
    expect(await store.tokenVectors([...ids, "nobody:0"])).toEqual(
      new Map([
        [ids[0], tokens[0]],
        [ids[1], tokens[1]],
      ]),
    );
    await store.put({ ...one, tokens: [Uint8Array.of(9), Uint8Array.of(8)] });
    expect(await store.tokenVectors([ids[0] ?? ""])).toEqual(new Map([[ids[0], Uint8Array.of(9)]]));
  });
});

describe("passages", () => {
  it("come in the order of the ids, without the unknown ones", async () => {
    const store = openStore(temporaryFolder());
    const { passages } = record("a.md", ["one", "two", "three"]);
    await store.put(record("a.md", ["one", "two", "three"]));
    const ids = passages.map(({ id }) => id);
    const found = await store.passages([ids[2] ?? "", "nobody:0", ids[0] ?? "", ids[2] ?? ""]);
    expect(found.map(({ ordinal }) => ordinal)).toEqual([2, 0, 2]);
  });
});

describe("candidates", () => {
  it("are what a naive implementation finds, after any changes", async () => {
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

  it("have their exact BM25 even where only the vector was near", async () => {
    const store = openStore(temporaryFolder());
    const near = VECTOR;
    const far = VECTOR.map((value) => -value);
    await store.put(record("a.md", ["drift", "drift drift drift", "nothing"], { vectors: [near, far, far] }));
    const found = await store.candidates({ text: "drift", vector: near, depth: 1 });
    expect(found).toHaveLength(2);
    expect(found.every(({ lexical }) => lexical > 0)).toBe(true);
    expect(found.map(({ dense }) => Math.round(dense * 1e6) / 1e6).sort()).toEqual([-1, 1]);
  });

  it("compare a query vector of any length by its direction", async () => {
    const store = openStore(temporaryFolder());
    await store.put(record("a.md", ["one"], { vectors: [VECTOR] }));
    const [found] = await store.candidates({ text: "", vector: VECTOR.map((value) => value * 40), depth: 1 });
    expect(found?.dense).toBeCloseTo(1, 5);
    const [zero] = await store.candidates({ text: "", vector: VECTOR.map(() => 0), depth: 1 });
    expect(zero?.dense).toBe(0);
  });

  it("refuse a query vector of another model's length", async () => {
    const store = openStore(temporaryFolder());
    const error = await failure(() => store.candidates({ text: "x", vector: new Float32Array(3), depth: 1 }));
    expect(error.code).toBe("invalid-input");
  });

  it("are found for any text at all", async () => {
    const store = openStore(temporaryFolder());
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

function expectSame(found: Candidate[], expected: Candidate[]) {
  const byId = (a: Candidate, b: Candidate) => (a.passageId < b.passageId ? -1 : 1);
  found.sort(byId);
  expected.sort(byId);
  const named = ({ passageId, documentId, textKey }: Candidate) => [passageId, documentId, textKey];
  expect(found.map(named)).toEqual(expected.map(named));
  for (const [i, candidate] of found.entries()) {
    expect(candidate.dense).toBeCloseTo(expected[i]?.dense ?? Number.NaN, 5);
    expect(candidate.lexical).toBeCloseTo(expected[i]?.lexical ?? Number.NaN, 9);
  }
}

/** Every score of every passage, by FTS5 on a table that never saw another row, and by plain arithmetic. */
function naiveCandidates(
  records: DocumentRecord[],
  { text, vector, depth, documentIds }: CandidateQuery,
): Candidate[] {
  const database = new Database(":memory:");
  database.exec(
    "CREATE VIRTUAL TABLE t USING fts5 (body, headings, title, tokenize = 'porter unicode61 remove_diacritics 2')",
  );
  const insert = database.prepare("INSERT INTO t (body, headings, title) VALUES (?, ?, ?)");
  const all: Candidate[] = [];
  for (const { document, passages, vectors } of records) {
    for (const [i, passage] of passages.entries()) {
      const body = passage.units[0]?.pieces[0]?.text ?? "";
      insert.run(body, passage.headings.join("\n"), document.title);
      const dense =
        vectors[i]?.reduce((sum, value, j) => sum + value * (vector[j] as number), 0) ?? Number.NaN;
      const { id: passageId, documentId } = passage;
      all.push({ passageId, documentId, textKey: textKey(passage), lexical: 0, dense });
    }
  }
  const match = fullTextQuery(text);
  if (match !== undefined) {
    const { body, headings, title } = COLUMN_WEIGHTS;
    const select = database
      .prepare(`SELECT rowid, -bm25(t, ${body}, ${headings}, ${title}) FROM t WHERE t MATCH ?`)
      .raw();
    for (const [rowid, score] of select.all(match) as [number, number][])
      (all[rowid - 1] as Candidate).lexical = score;
  }
  database.close();
  const allowed = all.filter(({ documentId }) => documentIds?.includes(documentId) ?? true);
  const best = (score: (candidate: Candidate) => number) =>
    allowed.toSorted((a, b) => score(b) - score(a)).slice(0, depth);
  const lexical = best(({ lexical }) => lexical);
  return [...new Set([...best(({ dense }) => dense), ...lexical.filter(({ lexical }) => lexical > 0)])];
}
