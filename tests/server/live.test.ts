import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Answer, Citation } from "../../src/answer/answer.js";
import { loadSettings } from "../../src/config.js";
import type { SourceDocument } from "../../src/documents/document.js";
import { createApp } from "../../src/server/app.js";
import { answerSchema } from "../../src/server/schemas/answer.js";
import { documentSchema, documentsResponseSchema } from "../../src/server/schemas/documents.js";
import { healthSchema } from "../../src/server/schemas/health.js";
import { searchResponseSchema } from "../../src/server/schemas/search.js";
import { type RunningServer, serve } from "../../src/server/serve.js";
import { type LocalWaymark, openWaymark } from "../../src/waymark.js";
import { bodyOf, parseEvents, post } from "./scripted.js";

let index: string;
let waymark: LocalWaymark;
let server: RunningServer;

beforeAll(async () => {
  index = await mkdtemp(join(tmpdir(), "waymark-live-"));
  waymark = await openWaymark(loadSettings({ index }, { env: {}, cwd: index }));
  server = await serve({ app: createApp({ waymark }), host: "127.0.0.1", port: 0 });
}, 60_000);

afterAll(async () => {
  await server.close();
  await waymark.close();
  await rm(index, { recursive: true });
});

async function ask(question: string, more: object = {}): Promise<Answer> {
  const response = await fetch(`${server.url}/api/ask`, post({ question, ...more }));
  const body = await bodyOf(response);
  expect([response.status, body.detail]).toEqual([200, undefined]);
  expect(answerSchema.parse(body)).toEqual(body);
  return body;
}

async function documentOf(id: string): Promise<SourceDocument> {
  return bodyOf(await fetch(`${server.url}/api/documents/${id}`));
}

async function expectVerbatim(citations: Citation[]): Promise<void> {
  for (const { documentId, start, end, quote } of citations) {
    const { text } = await documentOf(documentId);
    expect(quote).not.toBe("");
    expect(text.slice(start, end)).toBe(quote);
  }
}

const citationsOf = (answer: Answer) => answer.sentences.flatMap(({ citations }) => citations);

describe("before anything is indexed", () => {
  it("is empty, and answers 503 with Retry-After to a question", async () => {
    expect(await bodyOf(await fetch(`${server.url}/api/health`))).toMatchObject({
      status: "empty",
      generation: 0,
    });
    const response = await fetch(`${server.url}/api/ask`, post({ question: "What should I learn first?" }));
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "5"]);
    expect(await bodyOf(response)).toMatchObject({ code: "index-not-ready" });
  });
});

describe("on the article that comes with Waymark", () => {
  beforeAll(async () => {
    await waymark.ingest();
  }, 120_000);

  it("is ready, with one document", async () => {
    const health = await bodyOf(await fetch(`${server.url}/api/health`));
    expect(healthSchema.parse(health)).toEqual(health);
    expect(health).toMatchObject({ status: "ready", documents: 1, indexing: { state: "idle" } });
  });

  it("gives the document as its schema says, with blocks inside the text", async () => {
    const list = await bodyOf(await fetch(`${server.url}/api/documents`));
    expect(documentsResponseSchema.parse(list)).toEqual(list);
    const document = await documentOf(list.documents[0].id);
    expect(documentSchema.parse(document)).toEqual(document);
    expect(document.text).toHaveLength(list.documents[0].characters);
    for (const { start, end } of document.blocks) expect(document.text.slice(start, end).trim()).not.toBe("");
  });

  it("answers with verbatim citations", async () => {
    const answer = await ask("After how long do most beginners quit?");
    expect(answer.status).toBe("answered");
    expect(answer.sentences.every(({ citations }) => citations.length > 0)).toBe(true);
    await expectVerbatim([...citationsOf(answer), ...answer.related]);
  });

  it("gives the same as events, passages first", async () => {
    const question = "After how long do most beginners quit?";
    const response = await fetch(
      `${server.url}/api/ask`,
      post({ question }, { Accept: "text/event-stream" }),
    );
    const events = parseEvents(await response.text());
    const answer = events.at(-1)?.data as Answer;
    expect(events.map(({ event }) => event)).toEqual([
      "passages",
      ...answer.sentences.map(() => "sentence"),
      "done",
    ]);
    expect(events.slice(1, -1).map(({ data }) => (data as { sentence: unknown }).sentence)).toEqual(
      answer.sentences,
    );
    const passages = events.flatMap(({ event, data }) =>
      event === "passages" ? (data as { passages: Citation[] }).passages : [],
    );
    expect(passages).not.toEqual([]);
    await expectVerbatim(passages);
    const { timings: _, ...same } = await ask(question);
    expect(answer).toMatchObject(same);
  });

  it("abstains without a citation from what the article does not say", async () => {
    const answer = await ask("What is the capital of Mongolia?");
    expect(answer).toMatchObject({ status: "abstained", sentences: [], reason: "not-in-documents" });
    await expectVerbatim(answer.related);
  });

  it.each(["🦊🦊🦊", "the of and", "天気はどうですか", "...", '" OR 1=1 --', "a\ud800b", "\u200b"])(
    "abstains from %j and goes on",
    async (question) => {
      const answer = await ask(question);
      expect([answer.status, citationsOf(answer)]).toEqual(["abstained", []]);
    },
  );

  it.each(["x", "Which of all these tools, in the end, do I really need? "])(
    "takes 2,000 characters of %j and cites nothing that is not there",
    async (part) => {
      const answer = await ask(part.repeat(2000).slice(0, 2000));
      expect(answer.sentences.length > 0).toBe(answer.status === "answered");
      await expectVerbatim([...citationsOf(answer), ...answer.related]);
    },
  );

  it("finds passages with their scores, best first, verbatim", async () => {
    const body = await bodyOf(
      await fetch(`${server.url}/api/search`, post({ query: "deploy a model", limit: 3 })),
    );
    expect(searchResponseSchema.parse(body)).toEqual(body);
    expect(body.results).toHaveLength(3);
    const ranked = body.results.map(({ score }: { score: number }) => score);
    expect(ranked).toEqual([...ranked].sort((a, b) => b - a));
    const { scores } = body.results[0];
    expect(Math.min(scores.lexical, scores.dense, scores.fused, scores.interaction)).toBeGreaterThan(0);
    await expectVerbatim(body.results);
  });

  it("keeps to the documents that are named", async () => {
    const answer = await ask("After how long do most beginners quit?", { documentIds: ["no-such-document"] });
    expect([answer.status, answer.related]).toEqual(["abstained", []]);
  });

  it("answers many at once, each as if it were alone", async () => {
    const questions = ["After how long do most beginners quit?", "What is the capital of Mongolia?"];
    const alone = [await ask(questions[0] ?? ""), await ask(questions[1] ?? "")];
    const together = await Promise.all([0, 1, 0, 1].map((which) => ask(questions[which] ?? "")));
    for (const [at, answer] of together.entries()) expect(answer.answer).toBe(alone[at % 2]?.answer);
  });
});
