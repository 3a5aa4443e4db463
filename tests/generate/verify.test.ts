import { describe, expect, it } from "vitest";
import { unfoundFigures } from "../../src/generate/verify/figures.js";
import { negationsAgree } from "../../src/generate/verify/negation.js";
import { framesKept, operatorsAgree } from "../../src/generate/verify/operators.js";
import { replacesWords, sidesKept } from "../../src/generate/verify/order.js";
import { faultOf } from "../../src/generate/verify/support.js";
import { stemOf, wordsOf } from "../../src/generate/verify/words.js";

const pair = (sentence: string, evidence: string) => [wordsOf(sentence), wordsOf(evidence)] as const;

describe("wordsOf", () => {
  const stems = (text: string) => wordsOf(text).map(({ stem }) => stem);

  it("brings forms of a word together, and figures however they are written", () => {
    expect(stems("learning learned learns")).toEqual(["learn", "learn", "learn"]);
    expect(stems("three 3 3rd")).toEqual(["3", "3", "3"]);
    expect(stems("1,000 pounds, £1000")).toEqual(["1000", "pound", "pound", "1000"]);
    expect(stems("don't cannot isn’t")).toEqual(["not", "not", "not"]);
    expect(stemOf("built")).toBe(stemOf("building"));
  });

  it("knows names, but not at the beginning of a sentence", () => {
    const names = (text: string) => wordsOf(text).flatMap(({ name, stem }) => (name ? [stem] : []));
    expect(names("We met Otto. Then we went home with PyTorch.")).toEqual(["otto", "pytorch"]);
    expect(names("PyTorch and NumPy are old.")).toEqual(["pytorch", "numpy"]);
  });

  it('takes "one" as a figure only beside another', () => {
    const kinds = (text: string) => wordsOf(text).map(({ kind }) => kind);
    expect(kinds("one to two")).toEqual(["figure", "function", "figure"]);
    expect(kinds("one of them")[0]).toBe("function");
  });
});

describe("figures", () => {
  it.each([
    ["in words", "It takes four weeks.", "It takes 4 weeks."],
    ["a range", "It takes 3 to 4 weeks.", "It takes 3–4 weeks."],
    ["a year anywhere", "In 2026, it works.", "It works in 2026."],
  ])("are found: %s", (_, sentence, evidence) => {
    const [said, known] = pair(sentence, evidence);
    expect(unfoundFigures(said, [known])).toEqual([]);
  });

  it.each([
    ["another figure", "It takes 5 weeks.", "It takes 4 weeks.", ["5"]],
    ["another unit", "It takes 4 months.", "It takes 4 weeks.", ["4"]],
    ["half a range", "It takes 3 weeks.", "It takes 3–4 weeks.", ["3"]],
    ["of something else", "Tea costs 4 pounds.", "Tea costs 3 pounds, cake costs 4 pounds.", ["4"]],
  ])("are not found: %s", (_, sentence, evidence, unfound) => {
    const [said, known] = pair(sentence, evidence);
    expect(unfoundFigures(said, [known])).toEqual(unfound);
  });
});

describe("negations", () => {
  it.each([
    ["the same", "You don't need a degree.", "You do not need a degree."],
    ["said otherwise", "No degree is needed.", "You don't need a degree."],
    ["of another part", "It takes three weeks.", "It takes three weeks here, no more."],
    ["rather than", "Build it rather than buying it.", "Build it, do not buy it."],
    ["not only", "They are users, and builders too.", "They are not only users, they are builders too."],
  ])("agree: %s", (_, sentence, evidence) => {
    expect(negationsAgree(...pair(sentence, evidence))).toBe(true);
  });

  it.each([
    ["left out", "You need a degree.", "You don't need a degree."],
    ["put in", "You don't need a degree.", "You need a degree."],
    ["one of two left out", "Not because they are smart enough.", "Not because they are not smart enough."],
    ["without for with", "Ship it without monitoring.", "Ship it with monitoring."],
    [
      "put in, with nothing behind it in its clause",
      "He is not, instead, the head.",
      "He is, instead, the head.",
    ],
  ])("do not agree: %s", (_, sentence, evidence) => {
    expect(negationsAgree(...pair(sentence, evidence))).toBe(false);
  });
});

describe("what turns a statement", () => {
  it("is in the evidence too", () => {
    expect(operatorsAgree(...pair("All tools rust.", "All tools rust."))).toBe(true);
    expect(operatorsAgree(...pair("All tools rust.", "Tools rust."))).toBe(false);
    expect(operatorsAgree(...pair("Close it before six.", "Close it after six."))).toBe(false);
  });

  it("is a frame that the sentence has to keep", () => {
    expect(framesKept(...pair("Coffee keeps slugs away.", "Some say that coffee keeps slugs away."))).toBe(
      false,
    );
    expect(
      framesKept(...pair("They say coffee keeps slugs away.", "Some say that coffee keeps slugs away.")),
    ).toBe(true);
    expect(framesKept(...pair("Bring a hat.", "Bring a hat if it rains."))).toBe(true);
  });

  it("is which side a thing stands on", () => {
    expect(sidesKept(...pair("Practice without theory stalls.", "Theory without practice stalls."))).toBe(
      false,
    );
    expect(sidesKept(...pair("Theory without practice stalls.", "Theory without practice stalls."))).toBe(
      true,
    );
  });

  it("is a word in the place of another, not one that moved or was left out", () => {
    expect(replacesWords(["a", "x", "c"], ["a", "b", "c"])).toBe(true);
    expect(replacesWords(["c", "a", "b"], ["a", "b", "c"])).toBe(false);
    expect(replacesWords(["a", "c"], ["a", "b", "c"])).toBe(false);
    expect(replacesWords(["a", "x", "e"], ["a", "b", "c", "d", "e"])).toBe(false);
  });
});

it("a sentence that is copied has no fault, whatever it is", () => {
  for (const text of [
    "Give yourself three to four weeks here — no more.",
    "If it rains, nobody says that the 12 beds aren’t wet.",
    "Theory without practice stalls; it’s harder and easier than ever.",
  ]) {
    expect(faultOf(wordsOf(text), { units: [wordsOf(text)], context: [] })).toBeUndefined();
  }
});
