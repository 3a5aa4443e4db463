import { AutoTokenizer } from "@xenova/transformers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Tokenizer } from "../../src/models/tokenizer.js";

const full = await AutoTokenizer.from_pretrained(`${process.cwd()}/models/minilm-l6-v2`, {
  local_files_only: true,
});
const tokenizer = new Tokenizer(full);
const encodeInFull = (text: string) => full.encode(text, { add_special_tokens: false });

/** Texts of the kinds that word splitting could get wrong. */
const texts = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "learning",
        "Kubernetes",
        "don't",
        "naïve",
        "U.S.",
        "C++",
        "(again)",
        "“quoted”",
        "e-mail",
        "3.14",
      ),
      fc.constantFrom(
        "機械学習",
        "машинное",
        "ΟΔΟΣ.Α",
        "😀👩‍💻",
        "한국어",
        "e\u0301",
        "\u0301",
        "\uFEFF",
        "\u200b",
        "\u0000",
      ),
      fc.constantFrom(" ", "\n", "\t", "\r\n", "\u00a0", "\u3000", "\u2028", "\v", ".", ",", "—", "..."),
      fc.string({ unit: "binary", maxLength: 8 }),
    ),
    { maxLength: 20 },
  )
  .map((parts) => parts.join(""));

describe("Tokenizer", () => {
  it("counts and encodes as the whole tokenizer does, whatever the text", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const ids = encodeInFull(text);
        expect(tokenizer.encode(text)).toEqual(ids);
        expect(tokenizer.count(text)).toBe(ids.length);
      }),
      { numRuns: 500 },
    );
  });

  it("gives each token a range inside its word, in order", () => {
    fc.assert(
      fc.property(texts, (text) => {
        for (const { word, offset } of tokenizer.words(text)) {
          let previous = 0;
          for (const [index, start] of word.starts.entries()) {
            const end = word.ends[index] ?? 0;
            expect(start).toBeGreaterThanOrEqual(previous);
            expect(end).toBeGreaterThan(start);
            expect(offset + end).toBeLessThanOrEqual(text.length);
            previous = start;
          }
        }
      }),
    );
  });

  it("separates punctuation from the word that it stands at", () => {
    const text = "He said: “Docker (24.0)!”";
    const pieces = tokenizer
      .words(text)
      .flatMap(({ word, offset }) =>
        word.starts.map((start, index) => text.slice(offset + start, offset + (word.ends[index] ?? 0))),
      );
    expect([...new Set(pieces)]).toEqual([
      "He",
      "said",
      ":",
      "“",
      "Docker",
      "(",
      "24",
      ".",
      "0",
      ")",
      "!",
      "”",
    ]);
  });

  it("reads a special token that a text spells out as plain characters", () => {
    expect(encodeInFull("a [SEP] b")).toContain(102);
    expect(tokenizer.encode("a [SEP] b")).toEqual(encodeInFull("a [ SEP ] b"));
    expect(tokenizer.encode("[CLS][CLS]")).toEqual(encodeInFull("[ CLS ] [ CLS ]"));
    expect(tokenizer.count("[MASK]")).toBe(3);
  });

  it("knows the special tokens that go around texts", () => {
    expect(tokenizer.frame).toEqual({ before: [101], between: [102], after: [102] });
  });

  it("gives nothing for an empty text", () => {
    expect(tokenizer.encode("")).toEqual([]);
    expect(tokenizer.count(" \n\t ")).toBe(0);
  });
});
