import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import type { AskOptions, Waymark } from "../../waymark.js";
import type { ServerEnv } from "../env.js";
import { type ChatText, toChatText } from "../openai/completion.js";
import { type ChatModel, chatModels, toQuestion } from "../openai/request.js";
import { chatErrorSchema, chatRequestSchema, completionSchema, modelsSchema } from "../openai/schemas.js";
import { type Problem, problem, toProblem } from "../problem.js";
import { json, jsonBody } from "./responses.js";

const exampleError = {
  error: {
    message: "There is no model.",
    type: "invalid_request_error",
    param: null,
    code: "model_not_found",
  },
};
const errors = {
  400: json("The request cannot be used.", chatErrorSchema, exampleError),
  404: json("There is no such model.", chatErrorSchema, exampleError),
  500: json("Something went wrong in Waymark.", chatErrorSchema, exampleError),
  503: json("Nothing is indexed yet, or the work was stopped.", chatErrorSchema, exampleError),
};

const exampleCompletion: z.input<typeof completionSchema> = {
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1_767_605_400,
  model: "waymark",
  choices: [
    {
      index: 0,
      finish_reason: "stop",
      logprobs: null,
      message: {
        role: "assistant",
        content:
          "Backups run every night at two. [1]\n\nSources:\n[1] Handbook › Backups (handbook.md, line 3)",
        refusal: null,
        annotations: [],
      },
    },
  ],
};

const completionsRoute = createRoute({
  method: "post",
  path: "/v1/chat/completions",
  summary: "Ask as a chat client does",
  description:
    "For clients of OpenAI's chat API: the answer with numbered sources as text, the citations in full as annotations. With stream the same comes as chunks; annotations are in the last one that has text.",
  request: {
    body: jsonBody(chatRequestSchema, {
      model: "waymark",
      messages: [{ role: "user", content: "When do backups run?" }],
    }),
  },
  responses: {
    200: {
      description: "The answer.",
      content: {
        ...json("", completionSchema, exampleCompletion).content,
        "text/event-stream": {
          schema: z.string(),
          example: 'data: {"object":"chat.completion.chunk",…}\n\ndata: [DONE]\n\n',
        },
      },
    },
    ...errors,
  },
});

const modelsRoute = createRoute({
  method: "get",
  path: "/v1/models",
  summary: "List the models for chat clients",
  responses: {
    200: json(
      "waymark answers as configured; the others say who writes. waymark-generated is there where a language model is, waymark:<collection> where there are several.",
      modelsSchema,
      { object: "list", data: [{ id: "waymark", object: "model", created: 0, owned_by: "waymark" }] },
    ),
    500: errors[500],
    503: errors[503],
  },
});

/** `POST /v1/chat/completions` and `GET /v1/models`, as OpenAI's clients call them. */
export function chatRoutes(waymark: Waymark): OpenAPIHono<ServerEnv> {
  const app = new OpenAPIHono<ServerEnv>({
    defaultHook: (result, c) => {
      if (result.success) return undefined;
      const issue = result.error.issues[0];
      const refused = problem("invalid-input", issue?.message ?? "The request cannot be used.");
      return refuse(c, refused, issue?.path.join(".") || null);
    },
  });
  app.onError((error, c) => refuse(c, toProblem(error)));
  app.openapi(modelsRoute, async (c) => {
    const ids = [...(await modelsOf(waymark)).keys()];
    const data = ids.map((id) => ({
      id,
      object: "model" as const,
      created: 0,
      owned_by: "waymark" as const,
    }));
    return c.json({ object: "list" as const, data }, 200);
  });
  app.openapi(completionsRoute, async (c) => {
    const { model, messages, stream } = c.req.valid("json");
    const chosen = (await modelsOf(waymark)).get(model);
    if (chosen === undefined) return refuse(c, unknownModel(model), "model");
    const { question, history } = toQuestion(messages);
    const options: AskOptions = { history, ...chosen };
    const head = { id: `chatcmpl-${c.var.requestId}`, created: Math.floor(Date.now() / 1000), model };
    const origin = new URL(c.req.url).origin;
    if (stream) {
      return streamChunks(c, head, async (signal) =>
        toChatText(await waymark.ask(question, { ...options, signal }), origin),
      );
    }
    const answer = await waymark.ask(question, { ...options, signal: c.req.raw.signal });
    const { content, annotations } = toChatText(answer, origin);
    const message = { role: "assistant" as const, content, refusal: null, annotations };
    return c.json(
      {
        ...head,
        object: "chat.completion" as const,
        choices: [{ index: 0 as const, finish_reason: "stop" as const, logprobs: null, message }],
      },
      200,
    );
  });
  return app;
}

async function modelsOf(waymark: Waymark): Promise<Map<string, ChatModel>> {
  return chatModels(await waymark.status(), await waymark.collections());
}

/**
 * Sends an answer as chunks. A chat client cannot take a text back, and sentences of a language model may have to give way
 * to the documents' own; so the text comes when the answer is whole, and until then the client knows that it is heard.
 */
function streamChunks(
  c: Context<ServerEnv>,
  head: { id: string; created: number; model: string },
  ask: (signal: AbortSignal) => Promise<ChatText>,
): Response {
  const gone = new AbortController();
  let end: (failure: unknown) => void = () => undefined;
  c.set(
    "events",
    new Promise((resolve) => {
      end = resolve;
    }),
  );
  return streamSSE(c, async (stream) => {
    stream.onAbort(() => gone.abort());
    const send = (data: unknown) => stream.writeSSE({ data: JSON.stringify(data) });
    const chunk = (delta: object, finish_reason: "stop" | null = null) =>
      send({ ...head, object: "chat.completion.chunk", choices: [{ index: 0, delta, finish_reason }] });
    let failure: unknown;
    await chunk({ role: "assistant", content: "" });
    try {
      const { content, annotations } = await ask(gone.signal);
      await chunk({ content, annotations });
      await chunk({}, "stop");
      await stream.writeSSE({ data: "[DONE]" });
    } catch (error) {
      if (!gone.signal.aborted) failure = error;
      await send(toChatError(toProblem(error), null));
    }
    end(failure);
  });
}

function unknownModel(model: string): Problem {
  const refused = problem("invalid-input", `There is no model "${model.slice(0, 100)}".`, {
    hint: "GET /v1/models lists the models; waymark-generated needs a language model.",
  });
  return { ...refused, status: 404, code: "model_not_found" };
}

function refuse(c: Context, refused: Problem, param: string | null = null): Response {
  return c.body(JSON.stringify(toChatError(refused, param)), refused.status as 400, {
    "Content-Type": "application/json",
  });
}

function toChatError({ detail, hint, status, code }: Problem, param: string | null) {
  const type = status < 500 ? "invalid_request_error" : "server_error";
  return { error: { message: hint === undefined ? detail : `${detail} ${hint}`, type, param, code } };
}
