/** What went wrong, in words: an RFC 9457 problem document as far as the page shows it. */
export interface Problem {
  /** Stable, for programs. */
  code: string;
  /** A sentence for a person. */
  detail: string;
  /** What to do about it. */
  hint?: string;
}

/** Raised by every call of the API that fails; carries the {@link Problem} to show. */
export class ApiError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem, cause?: unknown) {
    super(problem.detail, { cause });
    this.name = "ApiError";
    this.problem = problem;
  }
}

/** The server could not be reached, or went away in the middle. */
export const UNREACHABLE: Problem = {
  code: "unreachable",
  detail: "Waymark is not answering.",
  hint: "Check that it is still running, then try again. The page connects by itself as soon as it is back.",
};

/** Reads a problem from the body of a failed response, whatever is there. */
export function toProblem(body: unknown, status: number): Problem {
  const fields = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  const detail = text(fields.detail) ?? text(fields.title) ?? `The server answered with status ${status}.`;
  const hint = text(fields.hint);
  return { code: text(fields.code) ?? `http-${status}`, detail, ...(hint !== undefined && { hint }) };
}

/** The problem of anything that was thrown. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ApiError) return error.problem;
  return {
    code: "page",
    detail: "Something went wrong on this page.",
    hint: "Reload the page and try again.",
  };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
