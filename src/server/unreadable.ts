import { type Server, type ServerResponse, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { RequestError } from "@hono/node-server";
import { type Problem, problem } from "./problem.js";

/** Why a request is refused before any route sees it. */
type Refusal = "invalid-input" | "too-slow" | "headers-too-large";

const DETAILS: Readonly<Record<Refusal, [detail: string, hint: string]>> = {
  "invalid-input": [
    "The request is not HTTP that can be read.",
    "Send it with a program that speaks HTTP/1.1.",
  ],
  "too-slow": ["The request came too slowly, and was given up.", "Send it again over a better connection."],
  "headers-too-large": [
    "The headers of a request have at most 16 kB.",
    "Send fewer or smaller cookies and headers.",
  ],
};

/** What Node's HTTP parser says, where it is not simply that the bytes are no HTTP. */
const BY_CODE: Readonly<Record<string, Refusal>> = {
  ERR_HTTP_REQUEST_TIMEOUT: "too-slow",
  HPE_HEADER_OVERFLOW: "headers-too-large",
};

const HEADERS = {
  "Content-Type": "application/problem+json",
  "Cache-Control": "no-store",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};

/** Answers requests that Node itself refuses with a problem document; by itself it sends a bare status. */
export function refuseUnreadable(server: Server): void {
  const responses = new WeakMap<Socket, ServerResponse>();
  server.on("request", (request, response) => responses.set(request.socket, response));
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => {
    if (error.code === "ECONNRESET") socket.destroy();
    else refuseOnSocket(socket, BY_CODE[error.code ?? ""] ?? "invalid-input", responses.get(socket));
  });
}

/** Answers a request that reached no app, such as one whose Host header is no host. */
export function refusalOf(error: unknown): Response {
  const body =
    error instanceof RequestError
      ? problem("invalid-input", "The request's address or Host header cannot be read.")
      : problem("internal", "An unexpected error stopped the request.");
  return new Response(JSON.stringify(body), { status: body.status, headers: HEADERS });
}

/** Refuses what comes over a connection and ends it; without words where a response has begun, which they would garble. */
export function refuseOnSocket(socket: Socket, refusal: Refusal, response?: ServerResponse): void {
  const begun = response?.headersSent === true && !response.writableFinished;
  if (!begun && socket.writable) {
    const [detail, hint] = DETAILS[refusal];
    socket.write(message(problem(refusal, detail, { hint })));
  }
  socket.destroySoon();
}

function message(body: Problem): string {
  const text = JSON.stringify(body);
  const headers = { ...HEADERS, "Content-Length": Buffer.byteLength(text), Connection: "close" };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${body.status} ${STATUS_CODES[body.status]}`, ...lines, "", text].join("\r\n");
}
