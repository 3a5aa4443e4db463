import { describe, expect, it } from "vitest";
import { expectedAnswerType, holdsAnswerType } from "../../src/answer/answer-type.js";

describe("expectedAnswerType", () => {
  it.each([
    ["how much does a plot cost?", "money"],
    ["what is the yearly fee", "money"],
    ["how much do the gardeners earn", "money"],
    ["who founded the garden?", "person"],
    ["what's the name of the author", "person"],
    ["when does the gate open", "time"],
    ["how long do seeds keep?", "time"],
    ["which month is best for beans", "time"],
    ["how many plots are there", "number"],
  ])("of %j is %s", (question, type) => {
    expect(expectedAnswerType(question)).toBe(type);
  });

  it.each([
    "what grows in the shade?",
    "how much water do beans need",
    "is it worth it",
    "tell me about compost",
    "whose turn is it",
  ])("is open for %j", (question) => {
    expect(expectedAnswerType(question)).toBeUndefined();
  });
});

describe("holdsAnswerType", () => {
  it.each([
    ["money", "A plot is £30 a year.", "Plots are given out in spring."],
    ["money", "Membership is free.", "Membership is open to all."],
    ["money", "Plot: half; Yearly fee: 35", "Fees are told at the gate."],
    ["money", "It costs nothing.", "Start with the leaflet (completely free)."],
    ["person", "The garden was founded by Ada Moss.", "Your address will not be published."],
    ["time", "The gate opens at 8.", "The gate is green."],
    ["time", "Sow them in May.", "Sow them deep."],
    ["number", "There are forty plots.", "The plots are small."],
  ] as const)("%s: %j holds one, %j does not", (type, with_, without) => {
    expect(holdsAnswerType(with_, type)).toBe(true);
    expect(holdsAnswerType(without, type)).toBe(false);
  });
});
