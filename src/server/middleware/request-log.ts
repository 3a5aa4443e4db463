import type { Context, MiddlewareHandler } from "hono";
import { WaymarkError } from "../../errors.js";
import type { ServerEnv } from "../env.js";
import { toProblem } from "../problem.js";

/** One request, after its response. It never holds what was asked. */
export interface RequestLogEntry {
  /** As in the response's X-Request-Id header. */
  id: string;
  method: string;
  /** Without the query string. */
  path: string;
  status: number;
  /** Milliseconds until the response was made; for events, until the last one. */
  ms: number;
  /** Where the server is at fault: what it was, without its message, which could quote the question. */
  error?: { name: string; code?: string; frames: string[] };
}

/** Takes the entries: the only way in which the server logs. */
export type Logger = (entry: RequestLogEntry) => void;

/** Gives `logger` one entry for each request. */
export function requestLog(logger: Logger): MiddlewareHandler<ServerEnv> {
  return async function requestLog(c, next) {
    const begun = performance.now();
    await next();
    const log = (failure: unknown) =>
      logger({
        id: c.get("requestId"),
        method: c.req.method,
        path: c.req.path,
        status: c.res.status,
        ms: Math.round((performance.now() - begun) * 10) / 10,
        ...(failure === undefined ? {} : { error: withoutMessage(failure) }),
      });
    const events = c.get("events");
    if (events) void events.then(log);
    else log(isFault(c) ? c.error : undefined);
  };
}

/** A client that went away, or was cut off, is no fault of the server's. */
function isFault({ res, error, req }: Context): boolean {
  return res.status >= 500 && toProblem(error, req.raw.signal).code !== "aborted";
}

function withoutMessage(error: unknown): NonNullable<RequestLogEntry["error"]> {
  if (!(error instanceof Error)) return { name: typeof error, frames: [] };
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return {
    name: error.name,
    ...(WaymarkError.isInstance(error) ? { code: error.code } : {}),
    frames: frames.map((line) => line.trim()),
  };
}
