import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SpellingCorrector } from "../../src/retrieve/spelling.js";

/** The most frequent first, as a vocabulary has them. */
const GENERAL =
  `the and what which should does how long take much learn drop watch tool cool long quick mean study
  stop explain distance company open source dent yours`.split(/\s+/);

const DOCUMENTS = new Map([
  ["monitoring", 3],
  ["drift", 5],
  ["python", 9],
  ["tools", 2],
  ["evaluation", 4],
  ["metrics", 4],
  ["gradient", 1],
]);

const corrector = new SpellingCorrector({ words: DOCUMENTS, generalWords: GENERAL });
const correct = (text: string) => corrector.correct(text);

describe("SpellingCorrector", () => {
  it.each([
    ["a letter left out", "tols for monitring drft", "tools for monitoring drift"],
    ["neighbours swapped", "drfit", "drift"],
    ["the first two letters swapped", "pyhton oh ypthon", "python oh python"],
    ["a letter doubled", "drifft", "drift"],
    ["the key beside", "pythpn", "python"],
    ["a vowel for a vowel", "gradiant", "gradient"],
    ["two slips in a long word", "evelutaion", "evaluation"],
    ["a general word", "shoud i laern", "should i learn"],
    ["a part of a compound", "open-sorce", "open-source"],
    ["a possessive", "the compnay's tools", "the company's tools"],
  ])("puts right %s", (_, typed, meant) => {
    expect(correct(typed)).toBe(meant);
  });

  it("keeps spacing, punctuation and a capital at the beginning", () => {
    expect(correct("  Waht is\t«drfit», (pyhton)?\n")).toBe("  What is\t«drift», (python)?\n");
  });

  it.each([
    ["inflections", "quickest studies, gradients, stopped learners"],
    ["contractions without the apostrophe", "dont doesnt youre"],
    ["what is shorter than four letters", "pyt teh drf"],
    ["numbers and words with digits", "pyth0n drfit2 2026 mnth7"],
    ["abbreviations and names with capitals inside", "DRFIT PyThon METRCIS"],
    ["capitalised words inside a question that no word of the documents is like", "what does Coool mean"],
    ["other scripts and accents", "пайтон 漂移 drífit grädient"],
    ["code", "`drfit` monitring_tols drfit() --drfit drfit=1"],
    [
      "paths, addresses and file names",
      "src/drfit/pyhton C:\\drfit http://drfit.pyhton me@drfit drfit.pyhton",
    ],
    ["words that are far from any", "kubeflow overfitting"],
  ])("leaves %s alone", (_, text) => {
    expect(correct(text)).toBe(text);
  });

  it.each(["drifts", "studies", "quickest", "coolly", "stopped", "watches", "explained", "taking", "yours"])(
    "knows %s as a form of a word",
    (word) => expect(corrector.knows(word)).toBe(true),
  );

  it.each(["toolss", "drfits", "coolish", "kubeflow", "watchs2"])("does not know %s", (word) => {
    expect(corrector.knows(word)).toBe(false);
  });

  it("corrects a capitalised word inside a question into a word of the documents", () => {
    expect(correct("what does Pyhton mean")).toBe("what does Python mean");
  });

  it("takes no unlikely slip for one: an inserted letter that is not beside its key, a letter far off", () => {
    expect(correct("cobol")).toBe("cobol");
    expect(correct("cooll")).toBe("cool");
    expect(correct("drigt tools")).toBe("drift tools");
    expect(correct("drimt tools")).toBe("drimt tools");
  });

  it("goes further for a word of the documents than for a general one", () => {
    const both = (word: string) => [
      new SpellingCorrector({ words: new Map([[word, 1]]), generalWords: GENERAL }),
      new SpellingCorrector({ words: new Map(), generalWords: [...GENERAL, word] }),
    ];
    for (const [typed, meant] of [
      ["evelutaion", "evaluation"],
      ["mebrics", "metrics"],
    ] as const) {
      expect(both(meant).map((either) => either.correct(typed))).toEqual([meant, typed]);
    }
  });

  it("prefers the documents' word, then the one that occurs more often, then the more frequent general one", () => {
    const choose = (words: [string, number][], generalWords: string[]) =>
      new SpellingCorrector({ words: new Map(words), generalWords }).correct("draft");
    expect(choose([], ["drafty", "drafts"])).toBe("drafty");
    expect(choose([["drafts", 1]], ["drafty"])).toBe("drafts");
    expect(choose([["drafts", 9]], ["drafty"])).toBe("drafts");
    const counted: [string, number][] = [
      ["drafty", 2],
      ["drafts", 9],
    ];
    expect(choose(counted, ["the"])).toBe("drafts");
    expect(choose(counted.slice(0, 1), ["the"])).toBe("drafty");
  });

  it("leaves a text of which most unknown words resemble nothing: another language", () => {
    expect(correct("drfit kubeflow")).toBe("drift kubeflow");
    expect(correct("drfit zwanzig einundvierzig")).toBe("drfit zwanzig einundvierzig");
  });

  it("leaves a text alone that is too long for a question", () => {
    expect(correct(`${"the ".repeat(400)}drfit`)).toContain("drift");
    const page = `${"the ".repeat(600)}drfit`;
    expect(correct(page)).toBe(page);
  });

  it("corrects nothing without words of the language: all that the documents lack would look wrong", () => {
    expect(new SpellingCorrector({ words: DOCUMENTS, generalWords: [] }).correct("drfit")).toBe("drfit");
  });

  it("never throws, and gives the same again for what it gave", () => {
    const scraps = fc.constantFrom(
      ...DOCUMENTS.keys(),
      "drfit",
      "Pyhton",
      "'",
      "’s",
      "-",
      ".",
      "`",
      "/",
      " ",
    );
    const units = fc.array(fc.nat(0xffff), { maxLength: 20 });
    const text = fc.oneof(
      units.map((codes) => String.fromCharCode(...codes)),
      fc.array(fc.oneof(scraps, fc.string()), { maxLength: 20 }).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(text, (typed) => {
        const once = correct(typed);
        expect(correct(once)).toBe(once);
      }),
    );
  });

  it("gives back text without letters, and text of known words, as it was", () => {
    const known = fc.constantFrom(...DOCUMENTS.keys(), ...GENERAL);
    const gap = fc.string({ unit: fc.constantFrom(..." ?!,.;:()-–…\n0'"), maxLength: 6 });
    fc.assert(
      fc.property(fc.array(fc.tuple(known, gap)), gap, (parts, first) => {
        const text = first + parts.map(([word, after]) => ` ${word}${after}`).join("");
        expect(correct(text)).toBe(text);
        const bare = text.replace(/[a-z]/g, "");
        expect(correct(bare)).toBe(bare);
      }),
    );
  });
});

describe("recognises", () => {
  const words = new Map([
    ["compost", 3],
    ["肥料", 1],
    ["r", 2],
  ]);
  const corrector = new SpellingCorrector({ words, generalWords: ["the", "how", "old"] });

  it("takes a text with a word of the documents or the language, or a number", () => {
    for (const text of ["compost?", "how old", "肥料", "what is R", "42"])
      expect(corrector.recognises(text)).toBe(true);
  });

  it("refuses keys hit at random, stop words alone and languages that are not there", () => {
    for (const text of [
      "asdf qwer",
      "xxxxxxxxxxxx",
      "the of and a",
      "x ".repeat(500),
      "什么时候开门",
      "r r r",
    ])
      expect(corrector.recognises(text)).toBe(false);
  });
});
