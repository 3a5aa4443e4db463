import Database from "libsql";
import { expect } from "vitest";
import { textKey } from "../../src/passages/text-key.js";
import { DEFAULT_COLLECTION } from "../../src/store/collection.js";
import { COLUMN_WEIGHTS, fullTextQuery } from "../../src/store/full-text.js";
import type { Candidate, CandidateQuery, DocumentRecord } from "../../src/store/store.js";

/** The same candidates in any order, with the same scores; of a store with a BM25 of its own, the same that match. */
export function expectSame(found: Candidate[], expected: Candidate[], bm25: "exact" | "own" = "exact") {
  const byId = (a: Candidate, b: Candidate) => (a.passageId < b.passageId ? -1 : 1);
  found.sort(byId);
  expected.sort(byId);
  const named = ({ passageId, documentId, textKey }: Candidate) => [passageId, documentId, textKey];
  expect(found.map(named)).toEqual(expected.map(named));
  for (const [i, candidate] of found.entries()) {
    expect(candidate.dense).toBeCloseTo(expected[i]?.dense ?? Number.NaN, 5);
    const lexical = expected[i]?.lexical ?? Number.NaN;
    if (bm25 === "exact") expect(candidate.lexical).toBeCloseTo(lexical, 9);
    else expect(candidate.lexical > 0).toBe(lexical > 0);
  }
}

/** Every score of every passage, by FTS5 on a table that never saw another row, and by plain arithmetic. */
export function naiveCandidates(
  records: DocumentRecord[],
  { text, vector, depth, documentIds, collections }: CandidateQuery & { vector: Float32Array },
): Candidate[] {
  const database = new Database(":memory:");
  database.exec(
    "CREATE VIRTUAL TABLE t USING fts5 (body, headings, title, tokenize = 'porter unicode61 remove_diacritics 2')",
  );
  const insert = database.prepare("INSERT INTO t (body, headings, title) VALUES (?, ?, ?)");
  const all: (Candidate & { collection: string })[] = [];
  for (const { document, passages, vectors, collection = DEFAULT_COLLECTION } of records) {
    for (const [i, passage] of passages.entries()) {
      const body = passage.units[0]?.pieces[0]?.text ?? "";
      insert.run(body, passage.headings.join("\n"), document.title);
      const dense =
        vectors[i]?.reduce((sum, value, j) => sum + value * (vector[j] as number), 0) ?? Number.NaN;
      const { id: passageId, documentId } = passage;
      all.push({ passageId, documentId, collection, textKey: textKey(passage), lexical: 0, dense });
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
  const allowed = all.filter(
    ({ documentId, collection }) =>
      (documentIds?.includes(documentId) ?? true) && (collections?.includes(collection) ?? true),
  );
  const best = (score: (candidate: Candidate) => number) =>
    allowed.toSorted((a, b) => score(b) - score(a)).slice(0, depth);
  const lexical = best(({ lexical }) => lexical);
  return [...new Set([...best(({ dense }) => dense), ...lexical.filter(({ lexical }) => lexical > 0)])];
}
