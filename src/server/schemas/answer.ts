import { z } from "@hono/zod-openapi";
import type { Answer, AnswerSentence, Citation, OtherPlace, Turn } from "../../answer/answer.js";
import type { Range } from "../../documents/document.js";
import type { AskEvent, AskOptions } from "../../waymark.js";
import { mirrors } from "./mirror.js";
import { collectionsSchema, documentIdsSchema, limitSchema, searchText, wellFormed } from "./text.js";

const MAX_TURNS = 50;
const MAX_TURN_LENGTH = 8000;

const offset = z.int().min(0);
const unitInterval = z.number().min(0).max(1);
const milliseconds = z.number().min(0);

/** The body of `POST /api/ask`. */
export const askRequestSchema = mirrors<
  { question: string } & Pick<AskOptions, "history" | "documentIds" | "collections" | "limit" | "mode">
>()(
  z
    .strictObject(
      {
        question: searchText("question").openapi({
          description: "What to find out, in a person's own words.",
        }),
        history: z
          .array(turnSchema(), { error: "history is a list of turns, oldest first." })
          .max(MAX_TURNS, { error: `history has at most ${MAX_TURNS} turns: send the latest.` })
          .optional()
          .openapi({
            description: "The conversation so far, oldest first. Follow-up questions are read with it.",
          }),
        documentIds: documentIdsSchema
          .optional()
          .openapi({ description: "Answer from these documents alone." }),
        collections: collectionsSchema
          .optional()
          .openapi({ description: "Answer from these collections alone." }),
        limit: limitSchema.optional().openapi({ description: "At most so many sentences." }),
        mode: modeSchema({ error: 'mode is "extractive" or "generated".' }).optional().openapi({
          description:
            "Who writes: the documents themselves, or the language model, which has to be configured. Left out: the language model where there is one.",
        }),
      },
      { error: 'The body is a JSON object such as {"question": "…"}.' },
    )
    .openapi("AskRequest"),
);

function modeSchema(params?: { error: string }) {
  return z.enum(["extractive", "generated"], params);
}

function turnSchema() {
  return mirrors<Turn>()(
    z
      .strictObject(
        {
          role: z.enum(["user", "assistant"], { error: 'role is "user" or "assistant".' }),
          content: z
            .string({ error: "content is the text of the turn." })
            .max(MAX_TURN_LENGTH, {
              error: `A turn has at most ${MAX_TURN_LENGTH.toLocaleString("en")} characters.`,
            })
            .transform(wellFormed),
        },
        { error: 'A turn is an object such as {"role": "user", "content": "…"}.' },
      )
      .openapi("Turn", { description: "One turn of the conversation." }),
  );
}

/** A half-open range. */
export const rangeSchema = mirrors<Range>()(
  z.object({ start: offset, end: offset }).openapi("Range", {
    description: "Half-open: [start, end), in UTF-16 code units as JavaScript counts.",
  }),
);

/** What is known of a place besides the words there. */
const placeFields = {
  documentId: z.string().openapi({ description: "GET /api/documents/{id} gives its text." }),
  title: z.string(),
  uri: z.string().openapi({ description: "The document's path below the corpus folder." }),
  start: offset.openapi({ description: "Offset into the document's text, in UTF-16 code units." }),
  end: offset.openapi({ description: "The offset behind the last character." }),
  page: z.int().min(1).optional().openapi({ description: "Where the format has pages." }),
  line: z
    .int()
    .min(1)
    .optional()
    .openapi({ description: "Line of the source file, where the format has lines." }),
  place: z.string().optional().openapi({
    description: "What a person would call the place, where lines and pages do not say it: slide 3.",
  }),
};

const otherPlaceSchema = mirrors<OtherPlace>()(
  z.object(placeFields).openapi("OtherPlace", { description: "Another place of the same words." }),
);

/** The fields of a citation, for schemas that extend it. */
export const citationFields = {
  ...placeFields,
  quote: z.string().openapi({ description: "Verbatim: text.slice(start, end)." }),
  headings: z.array(z.string()).openapi({ description: "The headings above, outermost first." }),
  score: unitInterval.openapi({ description: "Confidence that this place answers the question." }),
  alsoAt: z.array(otherPlaceSchema).optional().openapi({
    description: "Where else the same words stand, in this document or another: they are quoted once.",
  }),
};

/** A place in a document. */
export const citationSchema = mirrors<Citation>()(
  z
    .object(citationFields)
    .openapi("Citation", { description: "A place in a document, with the words there." }),
);

/** One sentence of an answer. */
export const sentenceSchema = mirrors<AnswerSentence>()(
  z
    .object({
      text: z.string(),
      kind: z.enum(["sentence", "list-item", "table-row", "code"]),
      citations: z.array(citationSchema),
      highlight: rangeSchema
        .optional()
        .openapi({ description: "The short answer inside text, as a range of text." }),
      cells: z
        .array(z.object({ column: z.string(), text: z.string() }))
        .optional()
        .openapi({ description: "table-row: the cells with their columns' names, left to right." }),
    })
    .openapi("Sentence", { description: "One sentence of an answer and the places that it comes from." }),
);

/** The response of `POST /api/ask`, and the data of the event `done`. */
export const answerSchema = mirrors<Answer>()(
  z
    .object({
      status: z.enum(["answered", "abstained"]),
      mode: modeSchema().openapi({
        description:
          "extractive: the documents' own sentences. generated: a language model's, each verified.",
      }),
      withheld: z.int().min(0).openapi({
        description:
          "Sentences of the language model that the documents do not bear out; they are not shown.",
      }),
      fallback: z.enum(["unsupported", "declined", "failed", "stalled", "too-long"]).optional().openapi({
        description:
          "Why mode is extractive though the language model was asked. unsupported: too few of its sentences are borne out. declined: it found no answer. failed: it could not be reached or broke off. stalled: nothing came from it for too long. too-long: it went on past its limit.",
      }),
      question: z.string().openapi({ description: "What was searched for: a follow-up is made whole." }),
      answer: z
        .string()
        .openapi({ description: "The sentences as one text, or the abstention in a sentence." }),
      sentences: z.array(sentenceSchema).openapi({ description: "Empty in an abstention." }),
      related: z.array(citationSchema).openapi({ description: "Places that are merely near the question." }),
      confidence: unitInterval.openapi({
        description: "Probability that the documents answer the question.",
      }),
      reason: z.enum(["not-in-documents", "not-a-question", "empty"]).optional().openapi({
        description: "Why there is no answer.",
      }),
      timings: z
        .object({
          embed: milliseconds,
          retrieve: milliseconds,
          read: milliseconds,
          compose: milliseconds,
          total: milliseconds,
        })
        .openapi({ description: "Milliseconds by stage." }),
    })
    .openapi("Answer", { description: "An answer with its sources, or an abstention." }),
);

/** What the answer's events carry while it takes shape. */
export const askEventSchema = mirrors<AskEvent>()(
  z.discriminatedUnion("type", [
    z.object({ type: z.literal("passages"), passages: z.array(citationSchema) }),
    z.object({ type: z.literal("mode"), mode: modeSchema() }),
    z.object({ type: z.literal("sentence"), index: z.int().min(0), sentence: sentenceSchema }),
  ]),
);
