import fc from "fast-check";
import Database from "libsql";
import { describe, expect, it } from "vitest";
import { fullTextQuery } from "../../src/store/full-text.js";
import { budget } from "../fuzz-budget.js";

function table(texts: string[]) {
  const database = new Database(":memory:");
  database.exec(
    "CREATE VIRTUAL TABLE t USING fts5 (body, tokenize = 'porter unicode61 remove_diacritics 2')",
  );
  for (const text of texts) database.prepare("INSERT INTO t VALUES (?)").run(text);
  return (query: string) => {
    const match = fullTextQuery(query);
    if (match === undefined) return undefined;
    return database.prepare("SELECT rowid FROM t WHERE t MATCH ? ORDER BY rowid").pluck().all(match);
  };
}

describe("fullTextQuery", () => {
  it("quotes the words and joins them by OR", () => {
    expect(fullTextQuery("gradient descent")).toBe('"gradient" OR "descent"');
  });

  it("leaves out question and stop words while content words remain", () => {
    expect(fullTextQuery("What is the p-value of a test?")).toBe('"p" OR "value" OR "test"');
    expect(fullTextQuery("I'd like what's THE drift")).toBe('"like" OR "drift"');
  });

  it("keeps stop words where there is nothing else", () => {
    expect(fullTextQuery("To be or not to be")).toBe('"to" OR "be" OR "or" OR "not"');
  });

  it("gives nothing for text without words", () => {
    for (const text of ["", "   ", "?!…", "🎉🚀", '"" * ^ ( ) : -', "\0"])
      expect(fullTextQuery(text)).toBeUndefined();
  });

  it("takes FTS5's operators and columns as words", () => {
    const search = table(["alpha", "beta", "near and not or"]);
    expect(search("alpha AND beta")).toEqual([1, 2]);
    expect(search("NEAR(alpha beta, 3)")).toEqual([1, 2, 3]);
    expect(search("body:alpha")).toEqual([1]);
    expect(search('alpha" OR "beta')).toEqual([1, 2]);
    expect(search("alph*")).toEqual([]);
  });

  it("finds other forms of a word, and words with and without accents", () => {
    const search = table(["deploying models", "a café", "Straßenbahn 東京 機械学習"]);
    expect(search("deploy a model")).toEqual([1]);
    expect(search("CAFE")).toEqual([2]);
    expect(search("cafe\u0301")).toEqual([2]);
    expect(search("機械学習")).toEqual([3]);
    expect(search("что это")).toEqual([]);
  });

  it("cuts a text that is much too long", () => {
    const words = Array.from({ length: 20_000 }, (_, i) => `word${i}`).join(" ");
    expect(fullTextQuery(words)?.split(" OR ")).toHaveLength(64);
    expect(table(["word7"])(words)).toEqual([1]);
    expect(table(["a"])("a".repeat(100_000))).toEqual([]);
  });

  it("is never a syntax error, whatever the text", () => {
    const search = table(["some text"]);
    const hostile = fc.oneof(
      fc.string({ unit: "binary", maxLength: 60 }),
      fc
        .array(
          fc.constantFrom(
            '"',
            "'",
            "\0",
            "AND",
            "OR",
            "NOT",
            "NEAR(",
            ")",
            "*",
            "^",
            ":",
            "+",
            "{",
            "-",
            "é",
            "\u0301",
            "\ud800",
            "👩‍🔬",
            "語",
            "text",
          ),
          { maxLength: 30 },
        )
        .map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(hostile, (text) => Array.isArray(search(text) ?? [])),
      budget(300),
    );
  });
});
