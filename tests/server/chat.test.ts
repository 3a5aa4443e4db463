import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WaymarkError } from "../../src/errors.js";
import { createApp } from "../../src/server/app.js";
import { toChatText } from "../../src/server/openai/completion.js";
import { completionSchema } from "../../src/server/openai/schemas.js";
import { exampleAnswer, exampleCitation } from "../../src/server/routes/examples.js";
import { type RunningServer, serve } from "../../src/server/serve.js";
import type { AskOptions, Waymark } from "../../src/waymark.js";
import { parseRoute } from "../../src/web/route.js";
import { bodyOf, post, scripted } from "./scripted.js";

const asked: { question: string; options: AskOptions }[] = [];
let fails: WaymarkError | undefined;
const ask: Waymark["ask"] = async (question, options = {}) => {
  asked.push({ question, options });
  if (fails !== undefined) throw fails;
  return exampleAnswer;
};
const app = createApp({ waymark: scripted({ ask }) });
const CONTENT =
  "Backups run every night at two. [1]\n\nSources:\n[1] Handbook › Backups (handbook.md, line 3)";

let server: RunningServer;
let client: OpenAI;
beforeAll(async () => {
  server = await serve({ app, host: "127.0.0.1", port: 0 });
  client = new OpenAI({ apiKey: "any", baseURL: `${server.url}/v1`, maxRetries: 0 });
});
afterAll(() => server.close());

const user = (content: string) => ({ role: "user" as const, content });

describe("OpenAI's own client", () => {
  it("lists the models; one that a language model writes is there only with one", async () => {
    const ids: string[] = [];
    for await (const { id } of client.models.list()) ids.push(id);
    expect(ids).toEqual(["waymark", "waymark-extractive"]);
    const base = await scripted().status();
    const status = async () => ({ ...base, models: { ...base.models, languageModel: { name: "ollama:x" } } });
    const writing = createApp({ waymark: scripted({ status }) });
    const { data } = await bodyOf(await writing.request("/v1/models"));
    expect(data.map(({ id }: { id: string }) => id)).toContain("waymark-generated");
  });

  it("gets the answer with numbered sources as text, and the citations in full", async () => {
    const completion = await client.chat.completions.create({
      model: "waymark",
      messages: [user("When do backups run?")],
      temperature: 0.2,
    });
    const [choice] = completion.choices;
    expect(choice?.finish_reason).toBe("stop");
    expect(choice?.message.content).toBe(CONTENT);
    const [annotation] = choice?.message.annotations ?? [];
    expect(annotation).toMatchObject({ type: "url_citation", number: 1, citation: exampleCitation });
    const { start_index, end_index, url, title } = annotation?.url_citation ?? expect.fail("no citation");
    expect(CONTENT.slice(start_index, end_index)).toBe(exampleAnswer.sentences[0]?.text);
    expect(title).toBe("Handbook");
    expect(url.startsWith(`${server.url}/#`)).toBe(true);
    const { documentId, start, end } = exampleCitation;
    expect(parseRoute(new URL(url).hash)).toEqual({ view: "document", documentId, range: { start, end } });
    completionSchema.parse(completion);
  });

  it("reads of the place in the sources, where the format has places", () => {
    const cited = { ...exampleCitation, place: "slide 3" };
    const sentences = exampleAnswer.sentences.map((sentence) => ({ ...sentence, citations: [cited] }));
    const { content, annotations } = toChatText({ ...exampleAnswer, sentences });
    expect(content).toMatch(/\(handbook\.md, slide 3\)$/);
    expect(annotations[0]?.citation).toEqual(cited);
  });

  it("gets the same as a stream", async () => {
    const stream = await client.chat.completions.create({
      model: "waymark",
      messages: [user("When do backups run?")],
      stream: true,
    });
    let content = "";
    const annotations: unknown[] = [];
    let finish: string | null = null;
    for await (const { object, choices } of stream) {
      expect(object).toBe("chat.completion.chunk");
      content += choices[0]?.delta.content ?? "";
      const delta: object = choices[0]?.delta ?? {};
      if ("annotations" in delta && Array.isArray(delta.annotations)) annotations.push(...delta.annotations);
      finish = choices[0]?.finish_reason ?? finish;
    }
    expect([content, finish]).toEqual([CONTENT, "stop"]);
    expect(annotations).toMatchObject([{ citation: exampleCitation }]);
  });

  it("has its last question asked, with the conversation before it and no system message", async () => {
    asked.length = 0;
    await client.chat.completions.create({
      model: "waymark-extractive",
      messages: [
        { role: "system", content: "Be a pirate." },
        user("When do backups run?"),
        { role: "assistant", content: CONTENT },
        { role: "user", content: [{ type: "text", text: "And how long are they kept?" }] },
      ],
    });
    expect(asked).toMatchObject([
      {
        question: "And how long are they kept?",
        options: {
          mode: "extractive",
          history: [
            { role: "user", content: "When do backups run?" },
            { role: "assistant", content: "Backups run every night at two." },
          ],
        },
      },
    ]);
  });

  it.each([
    ["an unknown model", { model: "gpt-4o", messages: [user("When?")] }, 404, "model_not_found"],
    [
      "no message of the user",
      { model: "waymark", messages: [{ role: "system", content: "x" }] },
      400,
      "invalid-input",
    ],
    ["a blank question", { model: "waymark", messages: [user(" ")] }, 400, "invalid-input"],
    ["a long question", { model: "waymark", messages: [user("x".repeat(2001))] }, 400, "invalid-input"],
    ["no messages", { model: "waymark", messages: [] }, 400, "invalid-input"],
    ["messages that are none", { model: "waymark", messages: "When?" }, 400, "invalid-input"],
  ])("is refused %s in its own words", async (_, body, status, code) => {
    asked.length = 0;
    const error = await client.chat.completions.create(body as never).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(OpenAI.APIError);
    expect(error).toMatchObject({ status, code, type: "invalid_request_error" });
    expect(asked).toEqual([]);
  });

  it("is told what went wrong, plain and as a stream", async () => {
    fails = new WaymarkError("index-not-ready", "Nothing is indexed yet.", { hint: "Wait." });
    try {
      const body = { model: "waymark", messages: [user("When?")] };
      await expect(client.chat.completions.create(body)).rejects.toMatchObject({
        status: 503,
        code: "index-not-ready",
        message: "503 Nothing is indexed yet. Wait.",
      });
      const stream = await client.chat.completions.create({ ...body, stream: true });
      const reading = (async () => {
        for await (const _ of stream);
      })();
      await expect(reading).rejects.toThrow("Nothing is indexed yet. Wait.");
    } finally {
      fails = undefined;
    }
  });
});

it("abstains as text without sources", async () => {
  const waymark = scripted({
    ask: async () => ({
      ...exampleAnswer,
      status: "abstained",
      answer: "The documents do not say.",
      sentences: [],
    }),
  });
  const response = await createApp({ waymark }).request(
    "/v1/chat/completions",
    post({ model: "waymark", messages: [user("Why?")] }),
  );
  const { choices } = await bodyOf(response);
  expect(choices[0].message).toMatchObject({ content: "The documents do not say.", annotations: [] });
});
