import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { isIPv6 } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { WaymarkError } from "../errors.js";
import { type Pace, watchSlowClients } from "./slow-clients.js";
import { refusalOf, refuseUnreadable } from "./unreadable.js";

/** How long (ms) a client may take, and how slowly it may send. */
export interface Patience extends Pace {
  /** To send its headers. */
  headers: number;
  /** How often all this is looked at. */
  check: number;
  /** To take what it was promised, once the server is asked to stop. */
  drain: number;
}

/** 4 KiB/s is a line from before broadband; who sends less for half a minute is not there to upload anything. */
const PATIENCE: Patience = {
  headers: 10_000,
  window: 30_000,
  rate: 4096,
  stall: 30_000,
  check: 5_000,
  drain: 30_000,
};

/** Connections at once: a browser has six, and each costs memory before it has sent anything. */
const MAX_CONNECTIONS = 1024;
/** Milliseconds that a connection waits for its next request: one that is closed while that is under way makes it fail. */
const KEEP_ALIVE = 60_000;
/** Bytes of a request's headers; more are refused with 431. */
const MAX_HEADER_BYTES = 16 * 1024;

export interface ServeOptions {
  app: { fetch: Parameters<typeof getRequestListener>[0] };
  host: string;
  /** 0: any free port. */
  port: number;
  patience?: Partial<Patience>;
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
export async function serve({ app, host, port, patience }: ServeOptions): Promise<RunningServer> {
  const { headers, check, drain, ...pace } = { ...PATIENCE, ...patience };
  const server = createServer(
    {
      headersTimeout: headers,
      // The time of a whole request says nothing: its pace is watched.
      requestTimeout: 0,
      connectionsCheckingInterval: check,
      maxHeaderSize: MAX_HEADER_BYTES,
    },
    getRequestListener(app.fetch, { hostname: host, errorHandler: refusalOf }),
  );
  server.keepAliveTimeout = KEEP_ALIVE;
  server.maxConnections = MAX_CONNECTIONS;
  refuseUnreadable(server);
  const look = watchSlowClients(server, pace);
  const looking = setInterval(() => look(performance.now()), check).unref();
  server.once("close", () => clearInterval(looking));
  const close = closer(server, drain);
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
function closer(server: Server, drain: number): () => Promise<void> {
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
      const patience = setTimeout(() => server.closeAllConnections(), drain);
      server.close(() => {
        clearTimeout(patience);
        resolve();
      });
      endWhenDone();
    });
    return closed;
  };
}
