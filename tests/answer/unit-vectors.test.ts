import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UnitVectors } from "../../src/answer/unit-vectors.js";
import { failure, randomVector, seededRandom } from "../store/fixture.js";

/** A vector that depends on the text alone. */
function vectorOf(text: string): Float32Array {
  let seed = 0;
  for (let index = 0; index < text.length; index++) seed = Math.imul(seed, 31) + text.charCodeAt(index);
  return randomVector(seededRandom(seed), 4);
}

/** The cache, and the texts that were embedded for it. */
function setUp() {
  const embedded: string[] = [];
  const vectors = new UnitVectors(async (texts) => {
    embedded.push(...texts);
    return texts.map(vectorOf);
  });
  return { vectors, embedded };
}

const QUESTION = vectorOf("question");

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}

/** What the cache holds at most; there is room for this and no more. */
const CAPACITY = 8192;

const numbered = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => `t${from + index}`);

describe("UnitVectors", () => {
  it("gives the cosine of the question and each text, in order", async () => {
    const { vectors } = setUp();
    const texts = ["one", "two", "one"];
    const similarities = await vectors.similarities(QUESTION, texts);
    expect(similarities).toEqual(texts.map((text) => dot(QUESTION, vectorOf(text))));
    expect(similarities[0]).toBe(similarities[2]);
  });

  it("embeds a text once", async () => {
    const { vectors, embedded } = setUp();
    await vectors.similarities(QUESTION, ["one", "two", "one"]);
    await vectors.similarities(vectorOf("other"), ["two", "three"]);
    expect(embedded).toEqual(["one", "two", "three"]);
  });

  it("always gives what embedding anew would give", async () => {
    const calls = fc.array(fc.array(fc.constantFrom("a", "b", "c", "", "d e")), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(calls, fc.string(), async (lists, question) => {
        const { vectors, embedded } = setUp();
        const vector = vectorOf(question);
        for (const texts of lists) {
          expect(await vectors.similarities(vector, texts)).toEqual(
            texts.map((text) => dot(vector, vectorOf(text))),
          );
        }
        expect(new Set(embedded).size).toBe(embedded.length);
      }),
    );
  });

  it("forgets what was not used for longest, and keeps what was used again", async () => {
    const { vectors, embedded } = setUp();
    await vectors.similarities(QUESTION, numbered(0, CAPACITY));
    await vectors.similarities(QUESTION, ["t0"]);
    expect(embedded).toHaveLength(CAPACITY);
    await vectors.similarities(QUESTION, ["one more"]);
    await vectors.similarities(QUESTION, ["t0"]);
    expect(embedded.slice(CAPACITY)).toEqual(["one more"]);
    await vectors.similarities(QUESTION, ["t1"]);
    expect(embedded.slice(CAPACITY)).toEqual(["one more", "t1"]);
  });

  it("answers for more texts than it can keep", async () => {
    const { vectors } = setUp();
    const texts = numbered(0, CAPACITY + 10);
    const similarities = await vectors.similarities(QUESTION, texts);
    expect(similarities[0]).toBe(dot(QUESTION, vectorOf("t0")));
    expect(similarities.at(-1)).toBe(dot(QUESTION, vectorOf(texts.at(-1) as string)));
  });

  it("holds on to what it knew though another call pushes it out meanwhile", async () => {
    const waiting = new Map<string, () => void>();
    const vectors = new UnitVectors(async (texts) => {
      if (texts.includes("slow")) await new Promise<void>((resolve) => waiting.set("slow", resolve));
      return texts.map(vectorOf);
    });
    await vectors.similarities(QUESTION, ["known"]);
    const slow = vectors.similarities(QUESTION, ["known", "slow"]);
    await vectors.similarities(QUESTION, numbered(0, CAPACITY));
    waiting.get("slow")?.();
    expect(await slow).toEqual([dot(QUESTION, vectorOf("known")), dot(QUESTION, vectorOf("slow"))]);
  });

  it("passes the signal on, and keeps nothing of a call that failed", async () => {
    const controller = new AbortController();
    const signals: unknown[] = [];
    let fails = true;
    const vectors = new UnitVectors(async (texts, { signal }) => {
      signals.push(signal);
      if (fails) throw new Error("stopped");
      return texts.map(vectorOf);
    });
    const ask = () => vectors.similarities(QUESTION, ["one"], { signal: controller.signal });
    expect((await failure(ask)).message).toBe("stopped");
    fails = false;
    expect(await ask()).toEqual([dot(QUESTION, vectorOf("one"))]);
    expect(signals).toEqual([controller.signal, controller.signal]);
  });
});
