import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { accepts } from "hono/accepts";
import { streamSSE } from "hono/streaming";
import type { AskOptions, Waymark } from "../../waymark.js";
import type { ServerEnv } from "../env.js";
import { toProblem } from "../problem.js";
import { answerSchema, askRequestSchema } from "../schemas/answer.js";
import { exampleAnswer, exampleCitation } from "./examples.js";
import { json, jsonBody, problems } from "./responses.js";

const route = createRoute({
  method: "post",
  path: "/api/ask",
  summary: "Ask a question",
  description:
    "Answers from the documents, each sentence with the places that it comes from, or abstains. With the header Accept: text/event-stream the answer comes as events: passages (places that are being read), mode (where a language model writes: whose sentences follow, in place of those before), sentence (one for each sentence), then done (the whole answer) or error (a problem document).",
  request: { body: jsonBody(askRequestSchema, { question: "When do backups run?" }) },
  responses: {
    200: {
      description: "The answer or the abstention.",
      content: {
        ...json("", answerSchema, exampleAnswer).content,
        "text/event-stream": {
          schema: z.string(),
          example: [
            event("passages", { passages: [exampleCitation] }),
            event("sentence", { index: 0, sentence: exampleAnswer.sentences[0] }),
            event("done", exampleAnswer),
          ].join(""),
        },
      },
    },
    ...problems(400, 401, 403, 404, 413, 415, 429, 500, 503),
  },
});

/** `POST /api/ask`. Work whose client goes away is aborted. */
export function askRoutes(waymark: Waymark): OpenAPIHono<ServerEnv> {
  return new OpenAPIHono<ServerEnv>().openapi(route, async (c) => {
    const { question, history, documentIds, collections, limit, mode } = c.req.valid("json");
    const options: AskOptions = {};
    if (history) options.history = history;
    if (documentIds) options.documentIds = documentIds;
    if (collections) options.collections = collections;
    if (limit) options.limit = limit;
    if (mode) options.mode = mode;
    if (wantsEvents(c)) return streamAnswer(c, (more) => waymark.ask(question, { ...options, ...more }));
    return c.json(await waymark.ask(question, { ...options, signal: c.req.raw.signal }), 200);
  });
}

function wantsEvents(c: Context): boolean {
  const supports = ["application/json", "text/event-stream"];
  return accepts(c, { header: "Accept", supports, default: "application/json" }) === "text/event-stream";
}

/** Sends the answer's events as they happen, one after the other, and ends with `done` or `error`. */
function streamAnswer(
  c: Context<ServerEnv>,
  ask: (options: Required<Pick<AskOptions, "signal" | "onEvent">>) => ReturnType<Waymark["ask"]>,
): Response {
  const gone = new AbortController();
  const { promise: ended, resolve: end } = withResolver<unknown>();
  c.set("events", ended);
  return streamSSE(c, async (stream) => {
    stream.onAbort(() => gone.abort());
    let sent = Promise.resolve();
    const send = (name: string, data: unknown) => {
      sent = sent.then(() => stream.writeSSE({ event: name, data: JSON.stringify(data) }));
    };
    let failure: unknown;
    try {
      const answer = await ask({
        signal: gone.signal,
        onEvent: ({ type, ...data }) => send(type, data),
      });
      send("done", answer);
    } catch (error) {
      if (!gone.signal.aborted) failure = error;
      send("error", toProblem(error));
    }
    await sent;
    end(failure);
  });
}

function withResolver<T>() {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

function event(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
