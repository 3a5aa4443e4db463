import { z } from "@hono/zod-openapi";
import type { Problem } from "../problem.js";
import { mirrors } from "./mirror.js";

/** An error's body, RFC 9457. */
export const problemSchema = mirrors<Problem>()(
  z
    .object({
      type: z.string().openapi({ description: "Where the kind of problem is described." }),
      title: z.string().openapi({ description: "The kind of problem." }),
      status: z.int().min(400).max(599).openapi({ description: "The HTTP status." }),
      detail: z.string().openapi({ description: "What happened, in a sentence." }),
      code: z.string().openapi({ description: "Stable; for programs to match." }),
      hint: z.string().optional().openapi({ description: "What to do about it." }),
      errors: z
        .array(
          z.object({
            detail: z.string(),
            pointer: z.string().openapi({ description: "The field, as a JSON Pointer in a URI fragment." }),
          }),
        )
        .optional()
        .openapi({ description: "One for each field of the request that cannot be used." }),
    })
    .openapi("Problem", { description: "An error (RFC 9457)." }),
);
