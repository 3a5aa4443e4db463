import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Turn } from "../../src/answer/answer.js";
import { resolveFollowUp } from "../../src/answer/follow-up.js";

const FIRST = "When is the swimming pool open on weekdays in winter?";

/** What was asked so far, each question with an answer. */
const history = (...questions: string[]): Turn[] =>
  questions.flatMap((content): Turn[] => [
    { role: "user", content },
    { role: "assistant", content: "From six to nine in the evening." },
  ]);

const LEANING = [
  "and on Sundays?",
  "But why?",
  "what about the sauna?",
  "how about children?",
  "what else should I bring?",
  "anything else?",
  "ok, and how do I get there?",
  "thanks, but who do I call?",
  "why?",
  "for how long?",
  "how much?",
  "is it free?",
  "what is included?",
  "who runs it?",
  "where can I park near it?",
  "how does it stay warm?",
  "how long does that take?",
  "how much does that cost?",
  "does that include weekends?",
  "is that allowed in summer too?",
  "what happens after that?",
  "which of those is cheapest?",
  "are these included in the price?",
  "does this apply to children?",
  "where can I get one?",
  "which ones are heated?",
  "do they accept cards at the door?",
  "what did he say about the entrance fee?",
  "tell me more",
  "what comes next in the plan?",
  "where can I sit down there?",
  "what should I do instead?",
  "is the other entrance open as well?",
];

const STANDALONE = [
  "How long does it take to bake sourdough bread?",
  "Is it worth buying a greenhouse for tomatoes?",
  "Is it possible to freeze cooked rice?",
  "What is compost?",
  "who is Shakespeare?",
  "what's photosynthesis",
  "define blight",
  "explain crop rotation",
  "Is there a waiting list for plots?",
  "Are there any showers at the campsite?",
  "What should I do if there is a fire in the kitchen?",
  "How much does one bag of cement weigh?",
  "Can I have more than two barrowfuls of sand?",
  "Which is more expensive, the ferry or the train?",
  "Which plants that like shade can I grow here?",
  "What tools should I buy so that pruning is easy?",
  "Do I need to know that tomatoes are poisonous?",
  "List the birds that stay over winter",
  "What is the best way to clean copper pans?",
  "Where do swallows spend the winter?",
  "how is paper made?",
  "What is the difference between jam and marmalade?",
  "Who was the first person to climb the mountain?",
  "What time does the last train leave?",
  "List all the tools in the shed",
];

describe("resolveFollowUp", () => {
  it.each(LEANING)("puts %j behind the question that it leans on", (question) => {
    const resolved = resolveFollowUp(question, history(FIRST));
    expect(resolved).toMatchObject({ text: `${FIRST} ${question}`, dependent: true });
  });

  it.each(STANDALONE)("leaves %j as it is", (question) => {
    expect(resolveFollowUp(question, history(FIRST))).toEqual({ text: question, dependent: false });
  });

  it.each([...LEANING, ...STANDALONE])("leaves %j as it is where nothing was asked before", (question) => {
    expect(resolveFollowUp(question, [])).toEqual({ text: question, dependent: false });
    const greeting: Turn[] = [{ role: "assistant", content: "Hello!" }];
    expect(resolveFollowUp(question, greeting)).toEqual({ text: question, dependent: false });
  });

  it("leads a chain of follow-ups back to the question that names the subject", () => {
    const turns = history("How old is the bridge?", FIRST, "and on Sundays?");
    expect(resolveFollowUp("and on holidays?", turns).text).toBe(`${FIRST} and on Sundays? and on holidays?`);
  });

  it("leans on the last question only, where that one stands for itself", () => {
    const turns = history("How old is the bridge?", FIRST);
    expect(resolveFollowUp("and on holidays?", turns).text).toBe(`${FIRST} and on holidays?`);
  });

  it("goes no further back than two questions", () => {
    const turns = history(FIRST, "and on Sundays?", "and on Mondays?");
    expect(resolveFollowUp("and on holidays?", turns).text).toBe(
      "and on Sundays? and on Mondays? and on holidays?",
    );
  });

  it("takes the earlier question on one line, and leaves the history as it was", () => {
    const turns = Object.freeze(history("  When is the pool\n open? "));
    expect(resolveFollowUp("why?", turns).text).toBe("When is the pool open? why?");
    expect(turns).toEqual(history("  When is the pool\n open? "));
  });

  it.each([
    ["and the two weeks after that?", 1],
    ["what comes next?", 1],
    ["and then?", 1],
    ["what happens afterwards?", 1],
    ["and the next two days?", 1],
    ["and before that?", -1],
    ["what about the previous one?", -1],
  ] as const)("sees which way %j steps", (question, step) => {
    expect(resolveFollowUp(question, history(FIRST)).step).toBe(step);
  });

  it.each(["and on Sundays?", "how much does that cost?", "why?"])("sees no step in %j", (question) => {
    expect(resolveFollowUp(question, history(FIRST))).not.toHaveProperty("step");
  });

  it("does not step where the question stands for itself", () => {
    const question = "When does the next train to Oxford leave?";
    expect(resolveFollowUp(question, [])).toEqual({ text: question, dependent: false });
  });

  it("always ends in the question itself, whatever was said", () => {
    const turn = fc.record({
      role: fc.constantFrom("user" as const, "assistant" as const),
      content: fc.string(),
    });
    fc.assert(
      fc.property(fc.string(), fc.array(turn, { maxLength: 5 }), (question, turns) => {
        const { text, dependent } = resolveFollowUp(question, turns);
        expect(text.endsWith(question)).toBe(true);
        if (!dependent) expect(text).toBe(question);
      }),
    );
  });
});
