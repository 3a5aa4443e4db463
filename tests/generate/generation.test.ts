import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Document } from "@langchain/core/documents";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Answer, Turn } from "../../src/answer/answer.js";
import { loadSettings, type SettingsInput } from "../../src/config.js";
import { createApp } from "../../src/server/app.js";
import { answerSchema } from "../../src/server/schemas/answer.js";
import { type AskEvent, type LocalWaymark, openWaymark } from "../../src/waymark.js";
import { parseEvents, post } from "../server/scripted.js";
import { ScriptedChat } from "./liar.js";

const HANDBOOK =
  "# Willow Lane Garden\n\nThe garden opened in April 2014. A half plot costs 35 pounds a year.\n\n## Animals\n\nDogs are not allowed in the garden. Cats come and go as they like.\n";
const QUESTION = "How much does a half plot cost?";
const COST = "A half plot costs 35 pounds a year.";
const HONEST = "A half plot is 35 pounds a year [1]. It has a pond [2].";
const LYING = `${COST} [2] You get a free pond. You get a free lift. You get a free tower.`;

const folder = mkdtempSync(join(tmpdir(), "waymark-generation-"));
const opened: LocalWaymark[] = [];
let plain: LocalWaymark;
beforeAll(async () => {
  plain = await open();
  await plain.ingestDocuments([new Document({ pageContent: HANDBOOK, metadata: { source: "garden.md" } })]);
});
afterAll(async () => {
  for (const waymark of opened) await waymark.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(
  chatModel?: ScriptedChat,
  generate: SettingsInput["generate"] = {},
): Promise<LocalWaymark> {
  const settings = loadSettings({ index: folder, generate }, { cwd: folder, env: {} });
  const waymark = await openWaymark(settings, chatModel === undefined ? {} : { chatModel });
  opened.push(waymark);
  return waymark;
}

async function ask(
  waymark: LocalWaymark,
  question: string,
  options: Parameters<LocalWaymark["ask"]>[1] = {},
) {
  const events: AskEvent[] = [];
  const answer = await waymark.ask(question, { ...options, onEvent: (event) => events.push(event) });
  return { answer, events };
}

const told = (events: readonly AskEvent[]) =>
  events.map((event) =>
    event.type === "sentence" ? event.sentence.text : event.type === "mode" ? event.mode : event.type,
  );
const untimed = ({ timings: _, ...answer }: Answer) => answer;

describe("Waymark with a language model", () => {
  it("answers in its words, each sentence with its place, and counts what it withheld", async () => {
    const { answer, events } = await ask(await open(new ScriptedChat(HONEST)), QUESTION);
    expect(answer).toMatchObject({ status: "answered", mode: "generated", withheld: 1 });
    expect(answer).not.toHaveProperty("fallback");
    expect(answer.answer).toBe("A half plot is 35 pounds a year.");
    expect(answer.sentences.map(({ citations }) => citations.map(({ quote }) => quote))).toEqual([[COST]]);
    expect(told(events)).toEqual(["passages", "generated", "A half plot is 35 pounds a year."]);
    expect(answerSchema.parse(answer)).toEqual(answer);
  });

  it("gives the documents' own answer where the model lies, and takes back what was sent", async () => {
    const { answer, events } = await ask(await open(new ScriptedChat(LYING)), QUESTION);
    expect(answer).toMatchObject({ mode: "extractive", withheld: 3, fallback: "unsupported" });
    const { answer: own } = await ask(plain, QUESTION);
    expect(answer.sentences).toEqual(own.sentences);
    expect(told(events)).toEqual([
      "passages",
      "generated",
      COST,
      "extractive",
      ...own.sentences.map(({ text }) => text),
    ]);
  });

  it("asks no model for an extractive answer, which is what it is without one", async () => {
    const chat = new ScriptedChat(HONEST);
    const { answer, events } = await ask(await open(chat), QUESTION, { mode: "extractive" });
    const own = await ask(plain, QUESTION);
    expect(untimed(answer)).toEqual(untimed(own.answer));
    expect(events).toEqual(own.events);
    expect(chat.asked).toEqual([]);
  });

  it("asks no model where the documents do not answer", async () => {
    const chat = new ScriptedChat("Yes, there is a wifi [1].");
    const { answer, events } = await ask(await open(chat), "Who painted the Mona Lisa?");
    expect(answer).toMatchObject({ status: "abstained", mode: "extractive", withheld: 0 });
    expect(told(events)).not.toContain("generated");
    expect(chat.asked).toEqual([]);
  });

  it("gives no more sentences than are asked for", async () => {
    const chat = new ScriptedChat(`${COST} [2] The garden opened in April 2014 [1].`);
    const { answer } = await ask(await open(chat), QUESTION, { limit: 1 });
    expect(answer.sentences.map(({ text }) => text)).toEqual([COST]);
  });

  it("is streamed over HTTP with the mode ahead of its sentences", async () => {
    const app = createApp({ waymark: await open(new ScriptedChat(HONEST)) });
    const request = post({ question: QUESTION, mode: "generated" }, { Accept: "text/event-stream" });
    const events = parseEvents(await (await app.request("/api/ask", request)).text());
    expect(events.map(({ event }) => event)).toEqual(["passages", "mode", "sentence", "done"]);
    expect(events[1]?.data).toEqual({ mode: "generated" });
  });

  it("tells its name, and whether it answers", async () => {
    const waymark = await open(new ScriptedChat("Yes."));
    const { models } = await waymark.status();
    expect(models.languageModel?.name).toBe("FakeListChatModel");
    expect(await waymark.checkLanguageModel()).toEqual({ name: "FakeListChatModel", answers: true });
    const broken = await open(new ScriptedChat("", "error"));
    expect(await broken.checkLanguageModel()).toMatchObject({
      answers: false,
      reason: "the connection was reset",
    });
  });
});

describe("Waymark without a language model", () => {
  it("writes nothing, and says so when it is asked to", async () => {
    expect((await plain.status()).models).not.toHaveProperty("languageModel");
    expect(plain.checkLanguageModel()).toBeUndefined();
    await expect(plain.ask(QUESTION, { mode: "generated" })).rejects.toMatchObject({
      code: "no-language-model",
    });
    const response = await createApp({ waymark: plain }).request(
      "/api/ask",
      post({ question: QUESTION, mode: "generated" }),
    );
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([
      400,
      "no-language-model",
    ]);
  });
});

describe("follow-ups made whole by the model", () => {
  const history: Turn[] = [
    { role: "user", content: QUESTION },
    { role: "assistant", content: COST },
  ];

  it("are what is searched for and shown, where that is switched on", async () => {
    const chat = new ScriptedChat("When did the garden with the half plot open?");
    const waymark = await open(chat, { rewriteFollowUps: true });
    const { answer } = await ask(waymark, "and when did it open the garden?", {
      history,
      mode: "extractive",
    });
    expect(answer.question).toBe("When did the garden with the half plot open?");
    expect(chat.asked).toHaveLength(1);
  });

  it.each([
    ["words that nobody said", "When did Google open the garden?"],
    ["half of the question", "When was that?"],
    ["an answer instead of a question", "The garden opened in April 2014, I think, but do ask Peter."],
    [
      "no question, though in the conversation's words",
      "When it did open the garden, a half plot cost 35 pounds.",
    ],
    ["nothing", ""],
  ])("are not used with %s", async (_, rewritten) => {
    const waymark = await open(new ScriptedChat(rewritten), { rewriteFollowUps: true });
    const { answer } = await ask(waymark, "and when did it open the garden?", {
      history,
      mode: "extractive",
    });
    expect(answer.question).toBe(`${QUESTION} and when did it open the garden?`);
  });

  it("are left to the rules where the model fails, and for whole questions", async () => {
    const broken = await open(new ScriptedChat("", "error"), { rewriteFollowUps: true });
    const { answer } = await ask(broken, "and when did it open the garden?", { history, mode: "extractive" });
    expect(answer.question).toBe(`${QUESTION} and when did it open the garden?`);
    const chat = new ScriptedChat("When?");
    await ask(await open(chat, { rewriteFollowUps: true }), "Are dogs allowed in the garden?", {
      history,
      mode: "extractive",
    });
    expect(chat.asked).toEqual([]);
  });

  it("are off where nobody switched them on", async () => {
    const chat = new ScriptedChat("When did the garden with the half plot open?");
    await ask(await open(chat), "and when did it open the garden?", { history, mode: "extractive" });
    expect(chat.asked).toEqual([]);
  });
});
