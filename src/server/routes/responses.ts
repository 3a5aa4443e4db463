import type { z } from "@hono/zod-openapi";
import { PROBLEMS } from "../problem.js";
import { problemSchema } from "../schemas/problem.js";

/** A response of JSON, with an example, for a route's definition. */
export function json<S extends z.ZodType>(description: string, schema: S, example: z.input<S>) {
  return { description, content: { "application/json": { schema, example } } };
}

/** A required JSON body, with an example, for a route's definition. */
export function jsonBody<S extends z.ZodType>(schema: S, example: z.input<S>) {
  return { required: true, content: { "application/json": { schema, example } } } as const;
}

/** The problem documents that a route can answer with, for its definition. */
export function problems<const Status extends number>(...statuses: Status[]) {
  const responses = statuses.map((status) => {
    const kinds = Object.entries(PROBLEMS).filter(([, kind]) => kind.status === status);
    return [
      status,
      {
        description: kinds.map(([code, kind]) => `${kind.title} (${code}).`).join(" "),
        content: { "application/problem+json": { schema: problemSchema } },
      },
    ] as const;
  });
  return Object.fromEntries(responses) as Record<Status, (typeof responses)[number][1]>;
}
