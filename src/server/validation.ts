import type { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { type FieldError, problem, problemResponse } from "./problem.js";

/** Errors that one response lists, at most. */
const MAX_ERRORS = 20;
/** Characters of an unknown field's name that are given back, at most. */
const MAX_NAME_LENGTH = 100;

/** What the validators of all routes call: answers 400 where the request does not fit its schema. */
export function refuseInvalid(
  result: { success: true } | { success: false; error: z.ZodError },
  c: Context,
): Response | undefined {
  if (result.success) return undefined;
  const errors = result.error.issues.flatMap(fieldErrors).slice(0, MAX_ERRORS);
  const detail = errors[0]?.detail ?? "The request cannot be used.";
  return problemResponse(
    c,
    problem("invalid-input", errors.length > 1 ? `${detail} There is more: see errors.` : detail, {
      hint: "/api/docs shows the fields of each request.",
      errors,
    }),
  );
}

function fieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  if (issue.code !== "unrecognized_keys") return [{ detail: issue.message, pointer: pointer(issue.path) }];
  return issue.keys.map((key) => {
    const name = key.slice(0, MAX_NAME_LENGTH);
    return { detail: `There is no field "${name}".`, pointer: pointer([...issue.path, name]) };
  });
}

/** RFC 6901, section 6: `~` and `/` escaped, then percent-encoded as a fragment. */
function pointer(path: readonly PropertyKey[]): string {
  const tokens = path.map((key) => String(key).replaceAll("~", "~0").replaceAll("/", "~1"));
  return ["#", ...tokens.map((token) => encodeURIComponent(token.replace(/\p{Surrogate}/gu, "\uFFFD")))].join(
    "/",
  );
}
