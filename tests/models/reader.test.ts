import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ReadablePassage } from "../../src/models/model.js";
import { CrossEncoder } from "../../src/models/reader.js";
import type { Unit } from "../../src/passages/passage.js";

const reader = await CrossEncoder.load("models/reader");

/** A passage whose units are the given sentences of `text`, each a piece with its range. */
function passageOf(text: string, sentences: readonly string[], headings: string[] = []): ReadablePassage {
  return { headings, units: sentences.map((sentence) => unitAt(text.indexOf(sentence), sentence)) };
}

function unitAt(start: number, text: string): Unit {
  const end = start + text.length;
  return { kind: "sentence", start, end, pieces: [{ text, start, end }] };
}

const LIBRARY = [
  "The town library stands at the market square.",
  "It opens at nine in the morning from Tuesday to Saturday.",
  "Members may borrow up to twelve books for four weeks.",
  "The reading room has free coffee.",
];
const library = passageOf(LIBRARY.join(" "), LIBRARY, ["Town library"]);

const BIKE = [
  "Turn the bicycle upside down so that it rests on the saddle.",
  "Lift the tyre off the rim with two levers and pull out the inner tube.",
  "Put a little air into the new tube before you fit it.",
];
const bike = passageOf(BIKE.join(" "), BIKE, ["Repairs", "Changing a flat tyre"]);

const GARDEN = [
  "Tomatoes need at least six hours of sun a day.",
  "Water them early in the morning, because wet leaves at night invite mildew.",
  "Sow the seeds indoors eight weeks before the last frost.",
];
const garden = passageOf(GARDEN.join(" "), GARDEN, ["Tomatoes"]);

const QUESTIONS = [
  { question: "How many books can I borrow?", passage: library, unit: 2 },
  { question: "When does the library open?", passage: library, unit: 1 },
  { question: "Where is the library?", passage: library, unit: 0 },
  { question: "How do I get the inner tube out?", passage: bike, unit: 1 },
  { question: "How much sun do tomatoes need?", passage: garden, unit: 0 },
  { question: "When should I sow tomato seeds?", passage: garden, unit: 2 },
];

describe("CrossEncoder", () => {
  it.each(QUESTIONS)("prefers the passage that answers: $question", async ({ question, passage }) => {
    const passages = [library, bike, garden];
    const readings = await reader.read(question, passages);
    const scores = readings.map(({ answerable }) => answerable);
    expect(scores.indexOf(Math.max(...scores))).toBe(passages.indexOf(passage));
  });

  it("scores questions that a passage answers above questions that it does not", async () => {
    const answered = await reader.read("How many books can I borrow?", [library]);
    const unanswered = await reader.read("How much does the membership cost?", [library]);
    expect(answered[0]?.answerable).toBeGreaterThan((unanswered[0]?.answerable ?? 0) + 2);
  });

  it.each(QUESTIONS)("finds the evidence for: $question", async ({ question, passage, unit }) => {
    const [reading] = await reader.read(question, [passage]);
    const evidence = reading?.evidence ?? [];
    expect(evidence).toHaveLength(passage.units.length);
    expect(evidence.indexOf(Math.max(...evidence))).toBe(unit);
  });

  it("gives the short answer as a range of the document", async () => {
    const text = LIBRARY.join(" ");
    const [reading] = await reader.read("How many books can members borrow?", [library]);
    const { start, end, unit, score } = reading?.shortAnswer ?? { start: 0, end: 0, unit: -1, score: 0 };
    expect(text.slice(start, end)).toMatch(/twelve/);
    expect(unit).toBe(2);
    expect(score).toBeGreaterThan(0);
  });

  it("leaves quotation marks and full stops out of the short answer", async () => {
    const text = "The password of the guest network is “sunflower”.";
    const [reading] = await reader.read("What is the password of the guest network?", [
      passageOf(text, [text]),
    ]);
    expect(text.slice(reading?.shortAnswer?.start, reading?.shortAnswer?.end)).toBe("sunflower");
  });

  it("reads a table row with its column names, but answers only with the document's own text", async () => {
    const text = "Monday\tlentil soup\t6 euros\nTuesday\tmushroom pie\t8 euros";
    const cell = (value: string) => {
      const start = text.indexOf(value);
      return { text: value, start, end: start + value.length };
    };
    const row = (day: string, dish: string, price: string): Unit => ({
      kind: "table-row",
      start: text.indexOf(day),
      end: text.indexOf(price) + price.length,
      group: 1,
      pieces: [
        { text: "Day: " },
        cell(day),
        { text: "; Dish: " },
        cell(dish),
        { text: "; Price: " },
        cell(price),
        { text: ".\n" },
      ],
    });
    const menu = {
      headings: ["Menu of the week"],
      units: [row("Monday", "lentil soup", "6 euros"), row("Tuesday", "mushroom pie", "8 euros")],
    };
    const [reading] = await reader.read("What dish is served on Tuesday?", [menu]);
    const { start, end, unit } = reading?.shortAnswer ?? { start: 0, end: 0, unit: -1 };
    expect(text.slice(start, end)).toBe("mushroom pie");
    expect(unit).toBe(1);
    expect(reading?.evidence[1]).toBeGreaterThan(reading?.evidence[0] ?? 0);
  });

  it("judges whether a passage supports a statement", async () => {
    const [supported] = await reader.read("Members of the library can borrow twelve books.", [library]);
    const [contradicted] = await reader.read("Members of the library can borrow only two books.", [library]);
    expect(supported?.supported).toBeGreaterThan(contradicted?.supported ?? 0);
  });

  it("says the same of a passage, whatever is read beside it", async () => {
    const question = "When does it open?";
    const [alone] = await reader.read(question, [library]);
    const [, among] = await reader.read(question, [bike, library, garden]);
    expect(among).toEqual(alone);
  });

  it("finds the answer at the end of a passage that is longer than one pass", async () => {
    const filler = Array.from(
      { length: 60 },
      (_, index) => `Shelf number ${index + 1} holds old travel guides and maps.`,
    );
    const last = "The librarian is called Wilhelmina Sanders.";
    const sentences = [...filler, last];
    const text = sentences.join(" ");
    const long = passageOf(text, sentences);
    const [reading] = await reader.read("What is the librarian called?", [long]);
    const evidence = reading?.evidence ?? [];
    expect(evidence).toHaveLength(61);
    expect(evidence.indexOf(Math.max(...evidence))).toBe(60);
    expect(text.slice(reading?.shortAnswer?.start, reading?.shortAnswer?.end)).toBe("Wilhelmina Sanders");
    const [without] = await reader.read("What is the librarian called?", [
      passageOf(filler.join(" "), filler),
    ]);
    expect(reading?.answerable).toBeGreaterThan((without?.answerable ?? 0) + 1);
  });

  it("reads a single unit that is longer than one pass to its end", async () => {
    const text = `${"old travel guides and maps, ".repeat(100)} and the librarian is called Wilhelmina Sanders.`;
    const [reading] = await reader.read("What is the librarian called?", [passageOf(text, [text])]);
    expect(text.slice(reading?.shortAnswer?.start, reading?.shortAnswer?.end)).toBe("Wilhelmina Sanders");
  });

  it("takes any question and any passage", async () => {
    const ranges = fc.record({
      question: fc.string({ unit: "binary", maxLength: 40 }),
      text: fc.string({ unit: "binary", maxLength: 40 }),
    });
    await fc.assert(
      fc.asyncProperty(ranges, async ({ question, text }) => {
        const [reading] = await reader.read(question, [{ headings: [], units: [unitAt(7, text)] }]);
        for (const value of [reading?.answerable, reading?.supported, ...(reading?.evidence ?? [])]) {
          expect(Number.isFinite(value)).toBe(true);
        }
        const answer = reading?.shortAnswer ?? { start: 7, end: 8 };
        expect(answer.start).toBeGreaterThanOrEqual(7);
        expect(answer.end).toBeGreaterThan(answer.start);
        if (reading?.shortAnswer) expect(answer.end).toBeLessThanOrEqual(7 + text.length);
      }),
      { numRuns: 40 },
    );
  });

  it("takes a question that is longer than the reader's share for questions", async () => {
    const question = `${"please tell me ".repeat(2000)} how many books can I borrow?`;
    const [reading] = await reader.read(question, [library]);
    const evidence = reading?.evidence ?? [];
    expect(evidence.indexOf(Math.max(...evidence))).toBe(2);
  });

  it("gives no readings for no passages", async () => {
    expect(await reader.read("Anything?", [])).toEqual([]);
  });

  it("leaves this thread free while it reads", async () => {
    let turns = 0;
    let done = false;
    const count = () => {
      turns++;
      if (!done) setImmediate(count);
    };
    count();
    const passages = Array.from({ length: 30 }, () => library);
    const readings = await reader.read("How many books can I borrow?", passages);
    done = true;
    expect(readings).toHaveLength(30);
    // In this thread a pass takes two or three turns of the event loop.
    expect(turns).toBeGreaterThan(10 * passages.length);
  });

  it("stops when the signal fires", async () => {
    const controller = new AbortController();
    const work = reader.read("Anything?", [library, bike, garden], { signal: controller.signal });
    controller.abort();
    await expect(work).rejects.toMatchObject({ code: "aborted" });
    await expect(reader.read("Where is the library?", [library])).resolves.toHaveLength(1);
  });
});
