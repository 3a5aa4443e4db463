import { describe, expect, it } from "vitest";
import { citationAddress } from "../../src/web/citations.js";
import { citedPlaces, type Exchange, exchangeCiting, historyBefore } from "../../src/web/conversation.js";
import { citation, sentence } from "./sentences.js";

function exchange(id: number, answer: string, more: Partial<Exchange> = {}): Exchange {
  const sentences = [sentence(answer, 100 * id)];
  const timings = { embed: 0, retrieve: 0, read: 0, compose: 0, total: 0 };
  const whole = {
    status: "answered" as const,
    mode: "extractive" as const,
    withheld: 0,
    question: "",
    answer,
    sentences,
    related: [],
    confidence: 1,
    timings,
  };
  return { id, question: `Question ${id}?`, stage: "done", passages: 1, sentences, answer: whole, ...more };
}

describe("historyBefore", () => {
  it("gives the answered exchanges before a question, oldest first, and not the one itself", () => {
    const { answer: _, ...unanswered } = exchange(2, "lost", { stage: "stopped" });
    const exchanges = [exchange(1, "First."), unanswered, exchange(3, "Third.")];
    expect(historyBefore(exchanges, exchanges[2] as Exchange)).toEqual([
      { role: "user", content: "Question 1?" },
      { role: "assistant", content: "First." },
    ]);
  });

  it("stays small, however long the conversation and its answers are", () => {
    const exchanges = Array.from({ length: 30 }, (_, i) => exchange(i + 1, "x".repeat(50_000)));
    const history = historyBefore(exchanges, exchanges[29] as Exchange);
    expect(history.at(-2)?.content).toBe("Question 29?");
    expect(new TextEncoder().encode(JSON.stringify(history)).length).toBeLessThan(32_000);
  });
});

describe("exchangeCiting", () => {
  const shared = [sentence("Both say this.", 7)];
  const exchanges = [
    exchange(1, "", { sentences: shared }),
    exchange(2, "", { sentences: shared }),
    exchange(3, "Else."),
  ];
  const address = citationAddress(citation(7, "Both say this."));

  it("finds the latest answer that cites a place, but the one that it was chosen in first", () => {
    expect(exchangeCiting(exchanges, address)?.id).toBe(2);
    expect(exchangeCiting(exchanges, address, exchanges[0])?.id).toBe(1);
    expect(exchangeCiting(exchanges, address, exchanges[2])?.id).toBe(2);
    expect(exchangeCiting(exchanges, "#/d/elsewhere/1-2")).toBeUndefined();
  });
});

describe("citedPlaces", () => {
  it("are an answer's citations, and an abstention's near passages", () => {
    const answered = exchange(1, "Yes.");
    const near = [citation(5, "Nearly.")];
    const related = { ...answered, sentences: [], answer: { ...answered.answer, related: near } } as Exchange;
    expect(citedPlaces(answered)).toHaveLength(1);
    expect(citedPlaces(related)).toEqual(near);
  });
});
