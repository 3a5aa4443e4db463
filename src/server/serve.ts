import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { isIPv6 } from "node:net";
import { getRequestListener, RequestError } from "@hono/node-server";
import { WaymarkError } from "../errors.js";
import { problem } from "./problem.js";

/** Longest time (ms) that a client may take to send its headers, and its whole request: bodies are small. */
const HEADERS_TIMEOUT = 10_000;
const REQUEST_TIMEOUT = 30_000;

export interface ServeOptions {
  app: { fetch: Parameters<typeof getRequestListener>[0] };
  host: string;
  /** 0: any free port. */
  port: number;
}

export interface RunningServer {
  /** Without a trailing slash. */
  url: string;
  port: number;
  /** Takes no new requests, finishes those that run, then ends all connections. */
  close(): Promise<void>;
}

/**
 * Listens on a socket.
 * @throws WaymarkError `port-in-use`; `invalid-settings` where the host or port cannot be listened on.
 */
export async function serve({ app, host, port }: ServeOptions): Promise<RunningServer> {
  const server = createServer(
    { headersTimeout: HEADERS_TIMEOUT, requestTimeout: REQUEST_TIMEOUT },
    getRequestListener(app.fetch, { hostname: host, errorHandler: refuseUnreadable }),
  );
  const close = closer(server);
  await listen(server, host, port);
  const address = server.address();
  if (address === null || typeof address === "string")
    throw new TypeError("The server listens on no TCP port.");
  const name = host === "0.0.0.0" || host === "::" ? "localhost" : isIPv6(host) ? `[${host}]` : host;
  return { url: `http://${name}:${address.port}`, port: address.port, close };
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  try {
    server.listen({ host, port });
    await once(server, "listening");
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    if (code === "EADDRINUSE") {
      throw new WaymarkError("port-in-use", `Port ${port} on ${host} is in use.`, {
        hint: "Choose another one with --port, or stop the program that uses it.",
        cause,
      });
    }
    throw new WaymarkError(
      "invalid-settings",
      `The server cannot listen on ${host}, port ${port} (${code}).`,
      {
        hint: "Choose an address of this machine with --host and a port above 1023 with --port.",
        cause,
      },
    );
  }
}

/**
 * Counts what runs. Node's own `close` waits for connections that never sent a request, as browsers open them ahead of
 * need, so they are ended as soon as the last response is through.
 */
function closer(server: Server): () => Promise<void> {
  let running = 0;
  let closing = false;
  const endWhenDone = () => {
    if (closing && running === 0) server.closeAllConnections();
  };
  server.on("request", (_request, response) => {
    running += 1;
    response.once("close", () => {
      running -= 1;
      endWhenDone();
    });
  });
  let closed: Promise<void> | undefined;
  return () => {
    closed ??= new Promise((resolve) => {
      closing = true;
      server.close(() => resolve());
      endWhenDone();
    });
    return closed;
  };
}

/** For requests that reach no route, such as one whose Host header is no host. */
function refuseUnreadable(error: unknown): Response {
  const body =
    error instanceof RequestError
      ? problem("invalid-input", "The request's address or Host header cannot be read.")
      : problem("internal", "An unexpected error stopped the request.");
  return new Response(JSON.stringify(body), {
    status: body.status,
    headers: { "Content-Type": "application/problem+json", "X-Content-Type-Options": "nosniff" },
  });
}
