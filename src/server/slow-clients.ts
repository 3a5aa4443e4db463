import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { refuseOnSocket } from "./unreadable.js";

/** How slow a client may be. */
export interface Pace {
  /** Milliseconds in which a request that is not over has to bring as many bytes as its rate (a second) asks for. */
  window: number;
  rate: number;
  /** Milliseconds to take the next bytes of a response that waits for it. */
  stall: number;
}

/**
 * Watches the connections of a server, and gives the look that ends those that are too slow. Node itself limits the time of
 * a whole request, which is too little for an honest upload over a slow line and too much for a client that sends a byte now
 * and then; it does not watch responses at all.
 *
 * @returns what looks at all connections; `now` is of `performance.now()`
 */
export function watchSlowClients(server: Server, { window, rate, stall }: Pace): (now: number) => void {
  const requests = new Map<IncomingMessage, { response: ServerResponse; bytes: number; since: number }>();
  const sockets = new Map<Socket, { written: number; since: number }>();
  server.on("connection", (socket) => {
    sockets.set(socket, { written: 0, since: performance.now() });
    socket.once("close", () => sockets.delete(socket));
  });
  server.on("request", (request, response) => {
    const { bytesRead: bytes } = request.socket;
    requests.set(request, { response, bytes, since: performance.now() });
    request.once("close", () => requests.delete(request));
  });
  return (now) => {
    for (const [request, seen] of requests) {
      if (request.complete) requests.delete(request);
      if (request.complete || now - seen.since < window) continue;
      const { bytesRead: bytes } = request.socket;
      if (((bytes - seen.bytes) * 1000) / rate < now - seen.since) {
        refuseOnSocket(request.socket, "too-slow", seen.response);
      } else {
        requests.set(request, { ...seen, bytes, since: now });
      }
    }
    for (const [socket, seen] of sockets) {
      const written = socket.bytesWritten - socket.writableLength;
      if (socket.writableLength === 0 || written !== seen.written) {
        sockets.set(socket, { written, since: now });
      } else if (now - seen.since > stall) {
        socket.destroy();
      }
    }
  };
}
