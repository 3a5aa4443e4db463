import { AutoTokenizer } from "@xenova/transformers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readerContext, readerWindows, WINDOW_TOKENS } from "../../src/models/reader-input.js";
import { Tokenizer } from "../../src/models/tokenizer.js";
import type { Unit } from "../../src/passages/passage.js";

const full = await AutoTokenizer.from_pretrained(`${process.cwd()}/models/reader`, {
  local_files_only: true,
});
const tokenizer = new Tokenizer(full);

function unitsOf(sentences: readonly string[]): Unit[] {
  let start = 0;
  return sentences.map((text) => {
    const unit: Unit = {
      kind: "sentence",
      start,
      end: start + text.length,
      pieces: [{ text, start, end: start + text.length }],
    };
    start = unit.end + 1;
    return unit;
  });
}

const words = fc.constantFrom(
  "tea",
  "Kettle",
  "boil,",
  "(hot)",
  "naïve",
  "95°C",
  "“steep”",
  "don't",
  "抹茶",
  ".",
);
const sentences = fc.array(
  fc.array(words, { minLength: 1, maxLength: 300 }).map((parts) => parts.join(" ")),
  { maxLength: 8 },
);
const questions = fc.array(words, { maxLength: 200 }).map((parts) => parts.join(" "));

describe("readerContext", () => {
  it("is the headings on a line, or nothing", () => {
    expect(readerContext({ headings: ["Green", "Water"], leadIn: "Steps:" })).toBe(
      "Green > Water > Steps:\n",
    );
    expect(readerContext({ headings: ["Green"] })).toBe("Green\n");
    expect(readerContext({ headings: [] })).toBe("");
  });
});

describe("readerWindows", () => {
  it("encodes a question and a short passage as the tokenizer encodes the pair", () => {
    const passage = {
      headings: ["Tea", "Water"],
      units: unitsOf(["Boil it first.", "Let it cool (a bit)!"]),
    };
    const windows = readerWindows(tokenizer, "How hot?", passage);
    const pair = full("How hot?", {
      text_pair: "Tea > Water\nBoil it first. Let it cool (a bit)!",
      return_tensor: false,
    });
    expect(windows).toHaveLength(1);
    expect(windows[0]?.ids).toEqual(pair.input_ids);
    expect(windows[0]?.typeIds).toEqual(pair.token_type_ids);
  });

  it("puts each token of each unit into exactly one window, in order, and no window is too long", () => {
    fc.assert(
      fc.property(questions, sentences, (question, texts) => {
        const units = unitsOf(texts);
        const windows = readerWindows(tokenizer, question, { headings: ["Brewing"], units });
        for (const { ids, typeIds, tokens, offset } of windows) {
          expect(ids.length).toBeLessThanOrEqual(WINDOW_TOKENS);
          expect(typeIds).toHaveLength(ids.length);
          expect(ids.slice(offset, offset + tokens.length)).toEqual(tokens.map(({ id }) => id));
        }
        const seen = windows.flatMap(({ tokens }) => tokens.filter(({ unit }) => unit !== undefined));
        for (const [index, text] of texts.entries()) {
          expect(seen.filter(({ unit }) => unit === index).map(({ id }) => id)).toEqual(
            tokenizer.encode(text),
          );
        }
        expect(seen.map(({ unit }) => unit)).toEqual(
          seen.map(({ unit }) => unit).sort((a = 0, b = 0) => a - b),
        );
      }),
      { numRuns: 60 },
    );
  });

  it("keeps a unit whole where it fits into a window", () => {
    const texts = Array.from({ length: 12 }, (_, index) => `Cup number ${index} `.repeat(10));
    const windows = readerWindows(tokenizer, "Which cup?", { headings: [], units: unitsOf(texts) });
    expect(windows.length).toBeGreaterThan(1);
    const holders = texts.map((_, unit) =>
      windows.filter(({ tokens }) => tokens.some((token) => token.unit === unit)),
    );
    expect(holders.map((holder) => holder.length)).toEqual(texts.map(() => 1));
  });

  it("keeps the beginning and the end of a question that is too long", () => {
    const question = `first ${"word ".repeat(500)} last`;
    const [window] = readerWindows(tokenizer, question, { headings: [], units: unitsOf(["Tea."]) });
    const asked = window?.ids.slice(1, (window?.offset ?? 0) - 1) ?? [];
    expect(asked).toHaveLength(64);
    expect([asked[0], asked.at(-1)]).toEqual([...tokenizer.encode("first"), ...tokenizer.encode("last")]);
  });

  it("gives ranges only to the tokens of pieces that have one", () => {
    const unit: Unit = {
      kind: "table-row",
      start: 100,
      end: 103,
      pieces: [
        { text: "Tea: " },
        { text: "oolong", start: 100, end: 106 },
        { text: "; Minutes: " },
        { text: "4", start: 107, end: 108 },
      ],
    };
    const [window] = readerWindows(tokenizer, "q", { headings: ["Table"], units: [unit] });
    const ranges = window?.tokens.flatMap(({ start, end }) =>
      start === undefined ? [] : [`${start}-${end}`],
    );
    expect([...new Set(ranges)]).toEqual(["100-106", "107-108"]);
  });

  it("is one window even where there is nothing to read", () => {
    expect(readerWindows(tokenizer, "", { headings: [], units: [] })).toHaveLength(1);
  });
});
