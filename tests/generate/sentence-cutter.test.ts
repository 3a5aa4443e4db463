import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SentenceCutter } from "../../src/generate/sentence-cutter.js";

function cut(pieces: readonly string[]): string[] {
  const cutter = new SentenceCutter();
  return [...pieces.flatMap((piece) => cutter.push(piece)), ...cutter.end()];
}

describe("SentenceCutter", () => {
  it.each([
    ["One is here. Two is there.", ["One is here.", "Two is there."]],
    ["One is here [1]. Two is there [2].", ["One is here [1].", "Two is there [2]."]],
    ["One is here. [1] Two is there. [2]", ["One is here. [1]", "Two is there. [2]"]],
    ["One is here. [1][3] Two.", ["One is here. [1][3]", "Two."]],
    ["- Gloves [1]\n- A hat [2]", ["- Gloves [1]", "- A hat [2]"]],
    ["1. Gloves [1]\n2. A hat [2]", ["- Gloves [1]", "- A hat [2]"]],
    [
      "It costs approx. 3.5 pounds, e.g. in May. Pay Dr. Hill.",
      ["It costs approx. 3.5 pounds, e.g. in May.", "Pay Dr. Hill."],
    ],
    ["no end", ["no end"]],
    ["", []],
    ["\n \n", []],
  ])("cuts %j", (text, sentences) => {
    expect(cut([text])).toEqual(sentences);
  });

  it("gives a sentence out when the next has begun, not before: its number may still come", () => {
    const cutter = new SentenceCutter();
    expect(cutter.push("One is here.")).toEqual([]);
    expect(cutter.push(" [1")).toEqual([]);
    expect(cutter.push("]")).toEqual([]);
    expect(cutter.push(" Two")).toEqual(["One is here. [1]"]);
    expect(cutter.end()).toEqual(["Two"]);
  });

  it("does not wait for the end of a sentence that has none", () => {
    expect(new SentenceCutter().push("and on ".repeat(400))).toHaveLength(1);
  });

  it("cuts the same however the text arrives", () => {
    const part = fc.constantFrom(
      "Beds are dug",
      ". ",
      "! ",
      " [1]",
      "[2, 3]",
      "\n",
      "- ",
      "It is 3.5 m",
      ", e.g. ",
      "Why? ",
      " so",
      "2. ",
    );
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 12 }),
        fc.array(fc.nat(6), { maxLength: 60 }),
        (parts, sizes) => {
          const text = parts.join("");
          const pieces: string[] = [];
          let at = 0;
          for (const size of sizes) {
            pieces.push(text.slice(at, at + size));
            at += size;
          }
          expect(cut([...pieces, text.slice(at)])).toEqual(cut([text]));
        },
      ),
    );
  });
});
