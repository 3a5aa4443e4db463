import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { type ErrorCode, WaymarkError } from "../errors.js";

/** An error's body as RFC 9457 has it, with a stable `code`. */
export interface Problem {
  /** A URI reference: where the reference page describes the code. */
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  hint?: string;
  errors?: FieldError[];
}

/** A field of the request that cannot be used. */
export interface FieldError {
  detail: string;
  /** JSON Pointer as a URI fragment, such as `#/history/3/role`. */
  pointer: string;
}

/** The library's codes and those that only HTTP has. */
export type ProblemCode =
  | ErrorCode
  | "route-not-found"
  | "method-not-allowed"
  | "too-slow"
  | "body-too-large"
  | "headers-too-large"
  | "unsupported-media-type"
  | "foreign-origin"
  | "unauthorized"
  | "too-many-requests"
  | "server-busy"
  | "adding-not-allowed";

/** How a code looks in HTTP. */
export interface ProblemKind {
  status: ContentfulStatusCode;
  title: string;
  /** Seconds after which it is worth trying again. */
  retryAfter?: number;
}

/** Every code with its status: the one place where errors become statuses. */
export const PROBLEMS: Readonly<Record<ProblemCode, ProblemKind>> = {
  "invalid-input": { status: 400, title: "The request cannot be used" },
  "no-language-model": { status: 400, title: "No language model is configured" },
  unauthorized: { status: 401, title: "The request has no valid token" },
  "foreign-origin": { status: 403, title: "The request comes from another site" },
  "adding-not-allowed": { status: 403, title: "This server takes no documents" },
  "collection-not-found": { status: 404, title: "No such collection" },
  "document-not-found": { status: 404, title: "No such document" },
  "route-not-found": { status: 404, title: "Nothing is here" },
  "method-not-allowed": { status: 405, title: "The path does not take this method" },
  "too-slow": { status: 408, title: "The request comes too slowly" },
  "document-not-removable": { status: 409, title: "The document was not added here" },
  "body-too-large": { status: 413, title: "The body is too large" },
  "unsupported-media-type": { status: 415, title: "The body is of the wrong kind" },
  "unsupported-format": { status: 422, title: "No parser for this kind of file" },
  "unreadable-document": { status: 422, title: "The file cannot be read" },
  "too-many-requests": { status: 429, title: "Too many requests of one client", retryAfter: 1 },
  "headers-too-large": { status: 431, title: "The headers are too large" },
  "corpus-not-found": { status: 500, title: "The corpus is not there" },
  "index-damaged": { status: 500, title: "The index is damaged" },
  "index-mismatch": { status: 500, title: "The index was made by another model or version" },
  "invalid-settings": { status: 500, title: "The settings cannot be used" },
  "model-damaged": { status: 500, title: "A model file is damaged" },
  "model-missing": { status: 500, title: "A model file is missing" },
  "port-in-use": { status: 500, title: "The port is in use" },
  internal: { status: 500, title: "Something went wrong in Waymark" },
  // The client went away and reads nothing, or the server is about to stop.
  aborted: { status: 503, title: "The work was stopped", retryAfter: 5 },
  "index-changing": { status: 503, title: "The index is changing", retryAfter: 1 },
  "index-locked": { status: 503, title: "Another process is writing to the index", retryAfter: 5 },
  "store-unreachable": {
    status: 503,
    title: "The cluster that holds the index does not answer",
    retryAfter: 5,
  },
  "server-busy": { status: 503, title: "The server has too many requests", retryAfter: 1 },
  "index-not-ready": { status: 503, title: "Nothing is indexed yet", retryAfter: 5 },
};

/** A problem of one kind. */
export function problem(
  code: ProblemCode,
  detail: string,
  extra: { hint?: string | undefined; errors?: FieldError[] } = {},
): Problem {
  const { status, title } = PROBLEMS[code];
  return {
    type: `/api/docs#problem-${code}`,
    title,
    status,
    detail,
    code,
    ...(extra.hint === undefined ? {} : { hint: extra.hint }),
    ...(extra.errors === undefined ? {} : { errors: extra.errors }),
  };
}

/**
 * What may be told about an error: everything that was raised on purpose, and nothing of what was not.
 * @param signal of the request, which its client may have ended
 */
export function toProblem(error: unknown, signal?: AbortSignal): Problem {
  if (WaymarkError.isInstance(error)) return withoutPaths(error);
  if (error instanceof Error && (error.name === "AbortError" || isGone(error, signal))) {
    return problem("aborted", "The work was stopped before it was done.");
  }
  if (error instanceof HTTPException && error.status === 415) {
    return problem("unsupported-media-type", "This path takes another kind of body.", {
      hint: "Send JSON with the header Content-Type: application/json; a document goes as multipart/form-data.",
    });
  }
  if (error instanceof HTTPException && error.status === 400 && error.message.includes("FormData")) {
    return problem("invalid-input", "The body is not well-formed multipart/form-data.", {
      hint: "Send one file in the field file, as `curl -F file=@notes.md` does.",
    });
  }
  if (error instanceof HTTPException && error.status === 400) {
    return problem("invalid-input", "The body is not well-formed JSON.", {
      hint: "Look at the quotes, commas and brackets of the body.",
    });
  }
  return problem("internal", "An unexpected error stopped the request.", {
    hint: "Try again; if it stays, the server's log has the error under the id in X-Request-Id.",
  });
}

/** Where the server is at fault its errors name folders of the machine: these are for its operator, not for a client. */
function withoutPaths({ code, message, hint }: WaymarkError): Problem {
  const { status, title } = PROBLEMS[code];
  const isSafe = (text: string) => status < 500 || !/(?:^|[\s"'`(])(?:\/|~\/|[A-Za-z]:\\)\S/.test(text);
  const doctor = "Run `waymark doctor` on the machine that serves: it names the file and says what to do.";
  return problem(code, isSafe(message) ? message : `${title}.`, {
    hint: hint === undefined || isSafe(hint) ? hint : doctor,
  });
}

/** True where a request ended while its body was read: Node has no error of its own for that. */
function isGone(error: Error, signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true && "code" in error && error.code === "ECONNRESET";
}

/** The response for a problem; a Retry-After header where it is worth trying again. */
export function problemResponse(c: Context, body: Problem, headers: Record<string, string> = {}): Response {
  const { status, retryAfter } = PROBLEMS[body.code as ProblemCode];
  return c.body(JSON.stringify(body), status, {
    "Content-Type": "application/problem+json",
    ...(retryAfter === undefined ? {} : { "Retry-After": String(retryAfter) }),
    ...headers,
  });
}
