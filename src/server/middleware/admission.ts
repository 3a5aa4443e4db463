import type { Context, MiddlewareHandler } from "hono";
import { type AdmissionLimits, AdmissionQueue, type Refusal, type Turn } from "../admission-queue.js";
import type { ServerEnv } from "../env.js";
import { problem, problemResponse } from "../problem.js";

/**
 * Lets only so many requests that cost work run at once, and tells the others at once when to come again: 503 where the
 * queue is full, 429 where one client has too many. Those that only read, such as the health check, always pass.
 * Clients on this machine share one address and are not told apart.
 */
export function admission(limits: AdmissionLimits): MiddlewareHandler<ServerEnv> {
  const queue = new AdmissionQueue(limits);
  return async function admission(c, next) {
    if (c.req.method !== "POST") return next();
    // A body that trickles in must not hold a turn; what is read here is kept for the route.
    await c.req.arrayBuffer();
    return inTurn(queue, c, next);
  };
}

/** Goes on with a request when a queue gives it its turn, which ends with the response; or refuses it at once. */
export async function inTurn(
  queue: AdmissionQueue,
  c: Context<ServerEnv>,
  next: () => ReturnType<MiddlewareHandler>,
): ReturnType<MiddlewareHandler> {
  const turn = await queue.enter(remoteClient(c), c.req.raw.signal);
  if ("refused" in turn) return refuse(c, turn);
  try {
    return await next();
  } finally {
    leaveAtEnd(c, turn);
  }
}

function refuse(c: Context, { refused, retryAfter }: Refusal): Response {
  const body =
    refused === "full"
      ? problem("server-busy", "The server has as many requests as it can take.", {
          hint: "Try again after the seconds that Retry-After gives.",
        })
      : problem("too-many-requests", "This client has too many requests at once.", {
          hint: "Send the next one when one of those is answered.",
        });
  return problemResponse(c, body, { "Retry-After": String(retryAfter) });
}

/** The turn ends when the response has left for the client, or the client is gone. */
function leaveAtEnd(c: Context<ServerEnv>, turn: Turn): void {
  const outgoing = (c.env as NodeBindings | undefined)?.outgoing;
  if (outgoing === undefined) {
    void Promise.resolve(c.get("events")).then(() => turn.leave());
  } else if (outgoing.destroyed) {
    turn.leave();
  } else {
    outgoing.once("finish", () => turn.leave());
    outgoing.once("close", () => turn.leave());
  }
}

/** What @hono/node-server gives to each request; an app without a socket has none. */
interface NodeBindings {
  incoming?: { socket: { remoteAddress?: string | undefined } };
  outgoing?: { destroyed: boolean; once(event: "finish" | "close", listener: () => void): unknown };
}

function remoteClient(c: Context): string | undefined {
  const address = (c.env as NodeBindings | undefined)?.incoming?.socket.remoteAddress;
  return address === undefined || /^(?:::ffff:)?127\.|^::1$/.test(address) ? undefined : address;
}
