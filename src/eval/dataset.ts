import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { z } from "zod";
import { WaymarkError } from "../errors.js";

const quoteSchema = z.strictObject({
  /** A whole sentence, list item or table row, verbatim but for white space. */
  quote: z.string().trim().min(1),
  /** The document's uri; needed only where several documents hold the quote. */
  document: z.string().min(1).optional(),
  /** Which of several places in the document, from 1. */
  occurrence: z.number().int().min(1).optional(),
});

const nuggetSchema = z.strictObject({
  /** The fact in words. */
  text: z.string().min(1),
  /** An answer without it is incomplete; otherwise it is good to have ("okay" in TREC's terms). */
  vital: z.boolean(),
  /** Any of these in the answer shows that the fact is there. */
  forms: z.array(z.string().trim().min(1)).min(1),
});

const questionSchema = z
  .strictObject({
    id: z.string().regex(/^[\w.-]+$/, "only letters, digits, dot, hyphen and underscore"),
    /** A word to report by, see eval/datasets/README.md. */
    type: z.string().min(1),
    /** May be blank: that is a question too. */
    question: z.string(),
    history: z.array(z.strictObject({ role: z.enum(["user", "assistant"]), content: z.string() })).optional(),
    variantOf: z.string().optional(),
    answerable: z.boolean(),
    evidence: z.array(quoteSchema),
    alternatives: z.array(z.array(quoteSchema).min(1)).optional(),
    optional: z.array(quoteSchema).optional(),
    nuggets: z.array(nuggetSchema),
    forbidden: z.array(z.string().trim().min(1)).optional(),
  })
  .refine((question) => question.answerable === question.evidence.length > 0, {
    error: "an answerable question needs evidence, and only an answerable one has it",
    path: ["evidence"],
  })
  .refine((question) => question.answerable || (question.alternatives ?? []).length === 0, {
    error: "a question that is not answerable has no alternatives",
    path: ["alternatives"],
  })
  .refine((question) => question.answerable || question.nuggets.length === 0, {
    error: "a question that is not answerable has no nuggets",
    path: ["nuggets"],
  });

/** A passage of a document that is named by its words. */
export type GoldQuote = z.infer<typeof quoteSchema>;

/** A key fact of a good answer. */
export type Nugget = z.infer<typeof nuggetSchema>;

/** One line of a question set; the fields are explained in eval/datasets/README.md. */
export type Question = z.infer<typeof questionSchema>;

/** A question set. */
export interface Dataset {
  /** The file's name without its ending; gates and baselines are kept by it. */
  name: string;
  questions: Question[];
}

/**
 * Reads a question set from a JSON-lines file.
 * @throws WaymarkError `invalid-input`, naming the file, the line and what is wrong there.
 */
export function loadDataset(path: string): Dataset {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new WaymarkError("invalid-input", `The question set ${path} cannot be read.`, {
      hint: "Give the path of a JSON-lines file; `waymark eval --init questions.jsonl` writes a first one.",
      cause,
    });
  }
  return { name: basename(path).replace(/\.[^.]*$/, ""), questions: parseDataset(text, path) };
}

/**
 * Parses and checks JSON lines; blank lines are passed over.
 * @param source Named in messages.
 * @throws WaymarkError `invalid-input`
 */
export function parseDataset(text: string, source = "the question set"): Question[] {
  const questions: Question[] = [];
  const ids = new Set<string>();
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const question = parseLine(line, `${source}, line ${index + 1}`);
    if (ids.has(question.id))
      throw invalid(`${source}, line ${index + 1}: the id "${question.id}" is taken.`);
    ids.add(question.id);
    questions.push(question);
  }
  if (questions.length === 0) throw invalid(`${source} has no questions.`);
  for (const { id, variantOf } of questions) {
    if (variantOf !== undefined && (variantOf === id || !ids.has(variantOf)))
      throw invalid(
        `${source}: "${id}" is a variant of "${variantOf}", which is no other question of the set.`,
      );
  }
  return questions;
}

function parseLine(line: string, place: string): Question {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw invalid(`${place}: not JSON.`, cause);
  }
  const parsed = questionSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw invalid(
    `${place}, field "${issue?.path.join(".") ?? ""}": ${issue?.message ?? "not valid"}.`,
    parsed.error,
  );
}

function invalid(message: string, cause?: unknown): WaymarkError {
  return new WaymarkError("invalid-input", message, {
    hint: "The fields of a question set are explained in eval/datasets/README.md.",
    ...(cause === undefined ? {} : { cause }),
  });
}
