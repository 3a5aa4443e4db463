import { z } from "@hono/zod-openapi";
import { MAX_QUESTION_LENGTH } from "../../question.js";

/**
 * A text that is searched for: 1 to {@link MAX_QUESTION_LENGTH} characters that are not all white space. `name` is
 * the field's name in the sentences of its errors.
 */
export function searchText(name: string) {
  const length = `The ${name} is longer than ${MAX_QUESTION_LENGTH.toLocaleString("en")} characters.`;
  const empty = `The ${name} is empty.`;
  return z
    .string({
      error: `A ${name} is needed: a text of 1 to ${MAX_QUESTION_LENGTH.toLocaleString("en")} characters.`,
    })
    .min(1, { error: empty })
    .max(MAX_QUESTION_LENGTH, { error: length })
    .transform(wellFormed)
    .refine((text) => text.trim() !== "", { error: empty });
}

/**
 * JSON can carry strings that are no Unicode text. Tokenizers and SQLite cut or refuse them, so lone surrogates become
 * U+FFFD and NULs become spaces; the length stays as it is.
 */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\uFFFD").replaceAll("\0", " ");
}

/** A positive whole number up to 50: how many sentences or passages at most. */
export const limitSchema = z
  .int({ error: "limit is a whole number from 1 to 50." })
  .min(1, { error: "limit is a whole number from 1 to 50." })
  .max(50, { error: "limit is a whole number from 1 to 50." });

/** Restricts the work to some documents. */
export const documentIdsSchema = z
  .array(
    z
      .string({ error: "A document's id is a text." })
      .min(1, { error: "A document's id is not empty." })
      .max(200, {
        error: "A document's id has at most 200 characters.",
      }),
    { error: "documentIds is a list of ids, as GET /api/documents gives them." },
  )
  .min(1, { error: "documentIds names no document: leave it out to use all of them." })
  .max(1000, { error: "documentIds has at most 1,000 ids." });

/** Restricts the work to some collections. */
export const collectionsSchema = z
  .array(
    z
      .string({ error: "A collection's name is a text." })
      .min(1, { error: "A collection's name is not empty." })
      .max(64, { error: "A collection's name has at most 64 characters." }),
    { error: "collections is a list of names, as GET /api/collections gives them." },
  )
  .min(1, { error: "collections names no collection: leave it out to use all of them." })
  .max(1000, { error: "collections has at most 1,000 names." });
