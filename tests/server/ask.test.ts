import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Answer } from "../../src/answer/answer.js";
import { WaymarkError } from "../../src/errors.js";
import { createApp } from "../../src/server/app.js";
import { exampleAnswer, exampleCitation } from "../../src/server/routes/examples.js";
import { answerSchema } from "../../src/server/schemas/answer.js";
import type { AskOptions, Waymark } from "../../src/waymark.js";
import { bodyOf, parseEvents, post, scripted } from "./scripted.js";

const app = createApp({ waymark: scripted() });
const EVENTS = { Accept: "text/event-stream" };

/** An app that remembers what was asked. */
function recording() {
  const asked: { question: string; options: AskOptions }[] = [];
  const ask: Waymark["ask"] = async (question, options = {}) => {
    asked.push({ question, options });
    return exampleAnswer;
  };
  return { asked, app: createApp({ waymark: scripted({ ask }) }) };
}

describe("POST /api/ask", () => {
  it("answers as JSON, as its schema says", async () => {
    const response = await app.request("/api/ask", post({ question: "When?" }));
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(response.headers.get("cache-control")).toBe("no-store");
    const body = await bodyOf(response);
    expect(body).toEqual(exampleAnswer);
    expect(answerSchema.parse(body)).toEqual(body);
  });

  it("passes history, documents, limit and mode on, and nothing that was not sent", async () => {
    const { app, asked } = recording();
    const history = [{ role: "user", content: "Before?" }];
    await app.request(
      "/api/ask",
      post({ question: "And now?", history, documentIds: ["a"], limit: 2, mode: "extractive" }),
    );
    await app.request("/api/ask", post({ question: "And now?" }));
    expect(asked[0]?.options).toMatchObject({ history, documentIds: ["a"], limit: 2, mode: "extractive" });
    expect(Object.keys(asked[1]?.options ?? {})).toEqual(["signal"]);
  });

  it.each([
    ["an empty question", { question: "" }, "The question is empty.", "#/question"],
    ["white space", { question: " \n\t " }, "The question is empty.", "#/question"],
    ["NULs", { question: "\0\0" }, "The question is empty.", "#/question"],
    ["no question", {}, "A question is needed: a text of 1 to 2,000 characters.", "#/question"],
    ["a number", { question: 7 }, "A question is needed: a text of 1 to 2,000 characters.", "#/question"],
    [
      "a long question",
      { question: "a".repeat(2001) },
      "The question is longer than 2,000 characters.",
      "#/question",
    ],
    ["an unknown field", { question: "x", top_k: 3 }, 'There is no field "top_k".', "#/top_k"],
    [
      "a field of a prototype",
      '{"question":"x","__proto__":{}}',
      'There is no field "__proto__".',
      "#/__proto__",
    ],
    ["an awkward field", { question: "x", "a/b~c": 3 }, 'There is no field "a/b~c".', "#/a~1b~0c"],
    [
      "51 turns",
      { question: "x", history: Array(51).fill({ role: "user", content: "y" }) },
      "history has at most 50 turns: send the latest.",
      "#/history",
    ],
    [
      "a long turn",
      { question: "x", history: [{ role: "user", content: "y".repeat(8001) }] },
      "A turn has at most 8,000 characters.",
      "#/history/0/content",
    ],
    [
      "a turn of the system",
      { question: "x", history: [{ role: "system", content: "y" }] },
      'role is "user" or "assistant".',
      "#/history/0/role",
    ],
    [
      "an unknown field of a turn",
      { question: "x", history: [{ role: "user", content: "y", name: "z" }] },
      'There is no field "name".',
      "#/history/0/name",
    ],
    [
      "no documents",
      { question: "x", documentIds: [] },
      "documentIds names no document: leave it out to use all of them.",
      "#/documentIds",
    ],
    ["limit 0", { question: "x", limit: 0 }, "limit is a whole number from 1 to 50.", "#/limit"],
    ["limit 51", { question: "x", limit: 51 }, "limit is a whole number from 1 to 50.", "#/limit"],
    ["limit 1.5", { question: "x", limit: 1.5 }, "limit is a whole number from 1 to 50.", "#/limit"],
    ["limit as text", { question: "x", limit: "5" }, "limit is a whole number from 1 to 50.", "#/limit"],
    [
      "an unknown mode",
      { question: "x", mode: "creative" },
      'mode is "extractive" or "generated".',
      "#/mode",
    ],
    ["a list", [], 'The body is a JSON object such as {"question": "…"}.', "#"],
    ["null", "null", 'The body is a JSON object such as {"question": "…"}.', "#"],
  ])("refuses %s", async (_name, body, detail, pointer) => {
    const { app, asked } = recording();
    const response = await app.request("/api/ask", post(body));
    expect(response.status).toBe(400);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await bodyOf(response)).toEqual({
      type: "/api/docs#problem-invalid-input",
      title: "The request cannot be used",
      status: 400,
      detail,
      code: "invalid-input",
      hint: "/api/docs shows the fields of each request.",
      errors: [{ detail, pointer }],
    });
    expect(asked).toEqual([]);
  });

  it("lists every field that cannot be used", async () => {
    const response = await app.request("/api/ask", post({ question: "", limit: 0, a: 1, b: 2 }));
    const { errors } = await bodyOf(response);
    expect(errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual([
      "#/a",
      "#/b",
      "#/limit",
      "#/question",
    ]);
  });

  it("keeps the list of errors short, whatever is sent", async () => {
    const body = Object.fromEntries(
      Array.from({ length: 500 }, (_, index) => [`${"k".repeat(110)}${index}`, 1]),
    );
    const { errors } = await bodyOf(await app.request("/api/ask", post(body)));
    expect(errors).toHaveLength(20);
    expect(JSON.stringify(errors).length).toBeLessThan(20_000);
  });

  it.each([
    ["2,000 characters", "a".repeat(2000)],
    ["emoji alone", "🦊🦊"],
    ["stop words alone", "the of and"],
    ["another script", "どうやって機械学習を学びますか"],
    ["the query language of the index", 'a" OR NEAR(b*) -c:'],
    ["markup", "<script>alert(1)</script>"],
  ])("takes %s as a question", async (_name, question) => {
    const { app, asked } = recording();
    expect((await app.request("/api/ask", post({ question }))).status).toBe(200);
    expect(asked[0]?.question).toBe(question);
  });

  it("takes 50 turns of history", async () => {
    const history = Array(50).fill({ role: "assistant", content: "y" });
    expect((await app.request("/api/ask", post({ question: "x", history }))).status).toBe(200);
  });

  it("makes text of what is none: lone surrogates and NULs are replaced, the rest stays", async () => {
    const { app, asked } = recording();
    const body = '{"question":"a\\ud800b\\u0000c 🦊","history":[{"role":"user","content":"\\udfff"}]}';
    expect((await app.request("/api/ask", post(body))).status).toBe(200);
    expect(asked[0]?.question).toBe("a\uFFFDb c 🦊");
    expect(asked[0]?.options.history).toEqual([{ role: "user", content: "\uFFFD" }]);
  });

  it("answers 200 or a problem document to any JSON", async () => {
    const codeUnit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.jsonValue(),
          fc.record({ question: fc.string({ unit: codeUnit }), limit: fc.jsonValue() }),
        ),
        async (body) => {
          const response = await app.request("/api/ask", post(JSON.stringify(body)));
          const { status } = response;
          const { code } = await bodyOf(response);
          expect([status, code]).toEqual(status === 200 ? [200, undefined] : [400, "invalid-input"]);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe("POST /api/ask with Accept: text/event-stream", () => {
  it("sends passages, each sentence, then the whole answer", async () => {
    const response = await app.request("/api/ask", post({ question: "When?" }, EVENTS));
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(parseEvents(await response.text())).toEqual([
      { event: "passages", data: { passages: [exampleCitation] } },
      { event: "sentence", data: { index: 0, sentence: exampleAnswer.sentences[0] } },
      { event: "done", data: exampleAnswer },
    ]);
  });

  it.each([
    ["text/event-stream, application/json;q=0.5", "text/event-stream"],
    ["application/json, text/event-stream;q=0.5", "application/json"],
    ["*/*", "application/json"],
  ])("Accept: %s gives %s", async (accept, type) => {
    const response = await app.request("/api/ask", post({ question: "When?" }, { Accept: accept }));
    expect(response.headers.get("content-type")).toBe(type);
    await response.text();
  });

  it("sends the first event before the answer is ready", async () => {
    let finish: (answer: Answer) => void = () => undefined;
    const ask: Waymark["ask"] = (_question, { onEvent } = {}) => {
      onEvent?.({ type: "passages", passages: [] });
      return new Promise((resolve) => {
        finish = resolve;
      });
    };
    const response = await createApp({ waymark: scripted({ ask }) }).request(
      "/api/ask",
      post({ question: "x" }, EVENTS),
    );
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toBe('event: passages\ndata: {"passages":[]}\n\n');
    finish(exampleAnswer);
    expect((await reader?.read())?.value).toContain("event: done");
    expect((await reader?.read())?.done).toBe(true);
  });

  it("keeps line breaks of the text inside their event", async () => {
    const ask: Waymark["ask"] = async () => ({
      ...exampleAnswer,
      answer: "one\n\nevent: done\ndata: {}\r\n\r\ntwo",
    });
    const response = await createApp({ waymark: scripted({ ask }) }).request(
      "/api/ask",
      post({ question: "x" }, EVENTS),
    );
    const events = parseEvents(await response.text());
    expect(events.map(({ event }) => event)).toEqual(["done"]);
    expect(events[0]?.data).toMatchObject({ answer: "one\n\nevent: done\ndata: {}\r\n\r\ntwo" });
  });

  it("ends with a problem document where the work fails", async () => {
    const ask: Waymark["ask"] = async () => {
      throw new WaymarkError("index-not-ready", "Nothing is indexed yet.", { hint: "Wait." });
    };
    const response = await createApp({ waymark: scripted({ ask }) }).request(
      "/api/ask",
      post({ question: "x" }, EVENTS),
    );
    expect(parseEvents(await response.text())).toEqual([
      {
        event: "error",
        data: {
          type: "/api/docs#problem-index-not-ready",
          title: "Nothing is indexed yet",
          status: 503,
          detail: "Nothing is indexed yet.",
          code: "index-not-ready",
          hint: "Wait.",
        },
      },
    ]);
  });

  it("refuses what cannot be used before any event", async () => {
    const response = await app.request("/api/ask", post({ question: "" }, EVENTS));
    expect([response.status, (await bodyOf(response)).code]).toEqual([400, "invalid-input"]);
  });

  it("aborts the work when the stream is cancelled", async () => {
    let signal: AbortSignal | undefined;
    const ask: Waymark["ask"] = (_question, options = {}) => {
      signal = options.signal;
      options.onEvent?.({ type: "passages", passages: [] });
      return new Promise((_resolve, reject) => {
        options.signal?.addEventListener("abort", () => reject(new WaymarkError("aborted", "Stopped.")));
      });
    };
    const response = await createApp({ waymark: scripted({ ask }) }).request(
      "/api/ask",
      post({ question: "x" }, EVENTS),
    );
    const reader = response.body?.getReader();
    await reader?.read();
    expect(signal?.aborted).toBe(false);
    await reader?.cancel();
    expect(signal?.aborted).toBe(true);
  });
});
