import { z } from "@hono/zod-openapi";
import { citationSchema } from "../schemas/answer.js";

const MAX_MESSAGES = 200;

const textPart = z.looseObject({ type: z.string(), text: z.string().optional() });

const messageSchema = z
  .looseObject({
    role: z.enum(["system", "developer", "user", "assistant", "tool", "function"], {
      error: "role is system, developer, user, assistant or tool.",
    }),
    content: z
      .union([z.string(), z.array(textPart), z.null()], { error: "content is a text or a list of parts." })
      .optional(),
  })
  .openapi("ChatMessage");

/**
 * The body of `POST /v1/chat/completions`: what Waymark uses of OpenAI's. Clients send much more (temperature, tools, …);
 * it is accepted and has no effect.
 */
export const chatRequestSchema = z
  .looseObject({
    model: z
      .string({ error: "model is a text; GET /v1/models lists the models." })
      .openapi({ description: "An id of GET /v1/models." }),
    messages: z
      .array(messageSchema, { error: "messages is a list of messages, oldest first." })
      .min(1, { error: "messages is empty." })
      .max(MAX_MESSAGES, { error: `messages has at most ${MAX_MESSAGES} entries: send the latest.` })
      .openapi({
        description: "The last one of the user is the question, those before it are the conversation.",
      }),
    stream: z.boolean().nullish(),
  })
  .openapi("ChatCompletionRequest");

export type ChatRequest = z.infer<typeof chatRequestSchema>;

/** The response of `GET /v1/models`. */
export const modelsSchema = z
  .object({
    object: z.literal("list"),
    data: z.array(
      z.object({
        id: z.string(),
        object: z.literal("model"),
        created: z.int(),
        owned_by: z.literal("waymark"),
      }),
    ),
  })
  .openapi("ChatModels");

/** The response of `POST /v1/chat/completions`. */
export const completionSchema = z
  .object({
    id: z.string(),
    object: z.literal("chat.completion"),
    created: z.int(),
    model: z.string(),
    choices: z.array(
      z.object({
        index: z.literal(0),
        finish_reason: z.literal("stop"),
        logprobs: z.null(),
        message: z.object({
          role: z.literal("assistant"),
          content: z.string().openapi({ description: "The sentences with [1] marks, then the sources." }),
          refusal: z.null(),
          annotations: z
            .array(
              z.object({
                type: z.literal("url_citation"),
                url_citation: z.object({
                  start_index: z.int(),
                  end_index: z.int(),
                  url: z.string(),
                  title: z.string(),
                }),
                number: z.int(),
                citation: citationSchema,
              }),
            )
            .openapi({ description: "url_citation, with Waymark's own citation beside it." }),
        }),
      }),
    ),
  })
  .openapi("ChatCompletion");

/** An error as OpenAI's clients expect it. */
export const chatErrorSchema = z
  .object({
    error: z.object({
      message: z.string(),
      type: z.string(),
      param: z.string().nullable(),
      code: z.string().nullable(),
    }),
  })
  .openapi("ChatError");
