import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createQuoteFinder } from "../../src/eval/quote.js";

const document = (uri: string, text: string) => ({ id: `id-${uri}`, uri, text });

describe("createQuoteFinder", () => {
  const text = "Start.\n\nMonths 1–2\tPython\tBuild it\n\nRestart there. Start there.  Twice. Twice.";
  const find = createQuoteFinder([document("a.md", text)]);
  const cut = (quote: Parameters<typeof find>[0]) => {
    const { start, end } = find(quote);
    return text.slice(start, end);
  };

  it("takes any white space for any other", () => {
    expect(cut({ quote: "Months 1–2 Python  Build it" })).toBe("Months 1–2\tPython\tBuild it");
    expect(cut({ quote: "Start there. Twice." })).toBe("Start there.  Twice.");
  });

  it("does not find a quote inside a word", () => {
    expect(() => find({ quote: "tart there." })).toThrow(/is not in the documents/);
    expect(find({ quote: "Start there." }).start).toBe(text.indexOf("Start there."));
  });

  it("wants to know which of several is meant", () => {
    expect(() => find({ quote: "Twice." })).toThrow(/is 2 times in the documents/);
    expect(find({ quote: "Twice.", occurrence: 2 }).start).toBe(text.lastIndexOf("Twice."));
    expect(() => find({ quote: "Twice.", occurrence: 3 })).toThrow(/has no occurrence 3/);
  });

  it("wants to know which of several documents is meant", () => {
    const both = createQuoteFinder([document("a.md", "One. Same."), document("b.md", "Same.")]);
    expect(() => both({ quote: "Same." })).toThrow(/in 2 documents/);
    expect(both({ quote: "Same.", document: "b.md" })).toEqual({ documentId: "id-b.md", start: 0, end: 5 });
    expect(() => both({ quote: "One.", document: "b.md" })).toThrow(/is not in b.md/);
  });

  it("is verbatim about everything else", () => {
    expect(() => find({ quote: "Months 1-2 Python Build it" })).toThrow(/is not in the documents/);
  });

  it("finds each word run of any text where it is", () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,3}$/), { minLength: 3, maxLength: 12 });
    const blanks = fc.constantFrom(" ", "\n\n", "\t", " \u00a0");
    fc.assert(
      fc.property(words, blanks, fc.nat(), fc.nat(), (all, blank, a, b) => {
        const unique = all.map((word, index) => `${word}${index}`);
        const [from, to] = [
          Math.min(a % all.length, b % all.length),
          Math.max(a % all.length, b % all.length) + 1,
        ];
        const source = unique.join(blank);
        const { start, end } = createQuoteFinder([document("x", source)])({
          quote: unique.slice(from, to).join(" "),
        });
        expect(source.slice(start, end)).toBe(unique.slice(from, to).join(blank));
      }),
    );
  });
});
