import Database from "libsql";
import { describe, expect, it, onTestFinished } from "vitest";
import { type LexicalQuery, LexicalSearch } from "../../src/store/lexical-search.js";

const PASSAGES = 3_000;
const STATE = { index: "one", generation: 1 };
const UNFILTERED = { depth: 50, filter: undefined, state: STATE };

/** Every passage has the word "common"; each hundredth, from 7 on, has "rare" too. */
function setUp() {
  const database = new Database(":memory:");
  onTestFinished(() => {
    database.close();
  });
  database.exec("CREATE VIRTUAL TABLE passages_text USING fts5 (body, headings, title)");
  const insert = database.prepare(
    "INSERT INTO passages_text (rowid, body, headings, title) VALUES (?, ?, '', '')",
  );
  database.exec("BEGIN");
  for (let key = 1; key <= PASSAGES; key += 1)
    insert.run(key, `common ${"filler ".repeat(key % 5)}${key % 100 === 7 ? "rare" : ""}`);
  database.exec("COMMIT");
  return { database, search: new LexicalSearch(database) };
}

/** The scores of what is found for a text, and of others. */
function scoresOf(
  search: LexicalSearch,
  text: string,
  { others = [], ...options }: Partial<LexicalQuery> & { others?: number[] } = {},
): Map<number, number> {
  return search.scores(search.find({ ...UNFILTERED, text, ...options }), others);
}

describe("LexicalSearch", () => {
  it("finds the passages with the rarest word, with the scores that all words give them", () => {
    const { database, search } = setUp();
    const found = scoresOf(search, "common rare");
    const naive = database
      .prepare(
        "SELECT rowid AS key, -bm25(passages_text, 1, 1, 2) AS score FROM passages_text WHERE passages_text MATCH ?",
      )
      .all("common OR rare") as { key: number; score: number }[];
    const best = naive.sort((a, b) => b.score - a.score || a.key - b.key).slice(0, 30);
    expect(found).toEqual(new Map(best.map(({ key, score }) => [key, score])));
    expect([...found.keys()].every((key) => key % 100 === 7)).toBe(true);
  });

  it("gives no more than the depth, and besides what is asked for where a word matches", () => {
    const { search } = setUp();
    const found = scoresOf(search, "common rare", { depth: 3, others: [1, 2, 99_999] });
    expect(found.size).toBe(5);
    expect(found.get(1)).toBeGreaterThan(0);
    expect(found.has(99_999)).toBe(false);
  });

  it("still answers where every word is common, and not where none is there", () => {
    const { search } = setUp();
    expect(scoresOf(search, "common").size).toBe(50);
    expect(scoresOf(search, "nowhere").size).toBe(0);
    expect(scoresOf(search, "?!").size).toBe(0);
  });

  it("looks only at the keys that a filter lets pass", () => {
    const { search } = setUp();
    const filter = { sql: "SELECT value FROM json_each(:chosen)", parameters: { chosen: "[7, 107, 8]" } };
    expect([...scoresOf(search, "rare", { filter }).keys()].sort((a, b) => a - b)).toEqual([7, 107]);
  });

  it("finds a word that has just come, also where it was looked for before", () => {
    const { database, search } = setUp();
    expect(scoresOf(search, "novel").size).toBe(0);
    database.exec("INSERT INTO passages_text (rowid, body, headings, title) VALUES (9999, 'novel', '', '')");
    expect(scoresOf(search, "novel", { state: { ...STATE, generation: 2 } }).size).toBe(1);
  });

  it("counts words anew after many changes, and in another index", () => {
    const { database, search } = setUp();
    const ranked = (state: typeof STATE) => [...scoresOf(search, "common rare", { state }).keys()];
    expect(ranked(STATE).every((key) => key % 100 === 7)).toBe(true);
    // Now the other word is the rare one: only passages with it are ranked.
    database.exec("DELETE FROM passages_text WHERE rowid % 100 <> 7 AND rowid > 20");
    database.exec("UPDATE passages_text SET body = 'rare' WHERE rowid > 20");
    const before = ranked({ ...STATE, generation: STATE.generation + 1 });
    expect(ranked({ ...STATE, generation: STATE.generation + 100 })).not.toEqual(before);
    expect(ranked({ index: "other", generation: 1 })).not.toEqual(before);
  });
});
