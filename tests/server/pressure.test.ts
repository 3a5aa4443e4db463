import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { type AppOptions, createApp } from "../../src/server/app.js";
import type { RequestLogEntry } from "../../src/server/middleware/request-log.js";
import { exampleAnswer, exampleCitation, exampleSummary } from "../../src/server/routes/examples.js";
import { type Patience, type RunningServer, serve } from "../../src/server/serve.js";
import type { Additions, Waymark } from "../../src/waymark.js";
import { bodyOf, post, scripted } from "./scripted.js";

const running: RunningServer[] = [];
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(running.splice(0).map((server) => server.close()));
});

async function start(
  options: Partial<AppOptions> = {},
  patience: Partial<Patience> = {},
): Promise<RunningServer> {
  const app = createApp({ waymark: scripted(), ...options });
  const server = await serve({ app, host: "127.0.0.1", port: 0, patience });
  running.push(server);
  return server;
}

/** Answers that wait until they are let go. */
function gate() {
  const waiting: (() => void)[] = [];
  const ask: Waymark["ask"] = (_question, { signal } = {}) =>
    new Promise((resolve, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason));
      waiting.push(() => resolve(exampleAnswer));
    });
  return { ask, waiting, open: () => waiting.splice(0).forEach((go) => void go()) };
}

/** What Node refuses by itself is a problem document all the same, with headers that let no page make use of it. */
function expectProblem(received: string, code: string): void {
  const [head = "", body = ""] = received.split("\r\n\r\n");
  expect(head).toMatch(/^content-security-policy: default-src 'none'/im);
  expect(head).toMatch(/^x-content-type-options: nosniff/im);
  expect(JSON.parse(body)).toMatchObject({ code, hint: expect.any(String) });
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(setImmediate);
}

function open({ port }: RunningServer): Socket {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  sockets.push(socket);
  return socket;
}

const additions: Additions = {
  addDocument: async () => ({ outcome: "added", document: exampleSummary }),
  removeDocument: async () => undefined,
};

/** Begins to send a body and stops; the server has seen it by the time a later request is answered. */
async function trickle(server: RunningServer, path: string, type: string): Promise<Socket> {
  const socket = open(server);
  const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${type}\r\n`;
  socket.write(`${head}Content-Length: 90\r\n\r\n{`);
  await once(socket, "connect");
  await fetch(`${server.url}/api/health`);
  return socket;
}

describe("a server under pressure", () => {
  it("answers 503 with Retry-After at once where the queue is full, and its health always", async () => {
    const { ask, waiting, open } = gate();
    const limits = { running: 2, waiting: 3 };
    const { url } = await start({ waymark: scripted({ ask }), limits });
    const asking = Array.from({ length: 5 }, () => fetch(`${url}/api/ask`, post({ question: "x" })));
    await until(() => waiting.length === 2);
    // The three that wait are in the server by the time a request that came after them is answered.
    await fetch(`${url}/api/health`);
    const refused = await fetch(`${url}/api/ask`, post({ question: "x" }));
    expect([refused.status, (await bodyOf(refused)).code]).toEqual([503, "server-busy"]);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await fetch(`${url}/api/health`)).status).toBe(200);
    expect(waiting).toHaveLength(2);
    const answered = Promise.all(asking);
    let done = false;
    void answered.then(() => {
      done = true;
    });
    await until(() => {
      open();
      return done;
    });
    expect((await answered).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  });

  it("gives the turn of a client that goes away to the next", async () => {
    const { ask, waiting, open } = gate();
    const { url } = await start({ waymark: scripted({ ask }), limits: { running: 1, waiting: 1 } });
    const gone = new AbortController();
    const first = fetch(`${url}/api/ask`, { ...post({ question: "x" }), signal: gone.signal });
    first.catch(() => undefined);
    await until(() => waiting.length === 1);
    const second = fetch(`${url}/api/ask`, post({ question: "x" }));
    // It is in the server by the time a request that came after it is answered.
    await fetch(`${url}/api/health`);
    gone.abort();
    await until(() => waiting.length === 2);
    open();
    expect((await second).status).toBe(200);
  });

  it.each([
    ["JSON", "/api/ask", "application/json"],
    ["an upload", "/api/documents", "multipart/form-data; boundary=x"],
    ["anything", "/v1/chat/completions", "text/plain"],
  ])("lets no body that trickles in hold a turn: %s", async (_, path, type) => {
    const server = await start({ additions, host: "127.0.0.1", limits: { running: 1, waiting: 0 } });
    await trickle(server, path, type);
    expect((await fetch(`${server.url}/api/ask`, post({ question: "x" }))).status).toBe(200);
  });

  it("takes few uploads at once, tells the others when to come again, and answers questions meanwhile", async () => {
    const server = await start({ additions, host: "127.0.0.1" });
    const slow: Socket[] = [];
    for (let upload = 0; upload < 4; upload += 1)
      slow.push(await trickle(server, "/api/documents", "multipart/form-data; boundary=x"));
    const body = new FormData();
    body.append("file", new File(["Bees sleep at night."], "bees.txt"));
    const send = () => fetch(`${server.url}/api/documents`, { method: "POST", body });
    const refused = await send();
    expect([refused.status, (await bodyOf(refused)).code]).toEqual([503, "server-busy"]);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await fetch(`${server.url}/api/ask`, post({ question: "x" }))).status).toBe(200);
    slow[0]?.destroy();
    let status = 503;
    while (status === 503) status = (await send()).status;
    expect(status).toBe(201);
  });

  it("refuses an upload where it takes none, before its body has come", async () => {
    const server = await start();
    const socket = await trickle(server, "/api/documents", "multipart/form-data; boundary=x");
    const [received] = await once(socket, "data");
    expect(String(received)).toMatch(/^HTTP\/1\.1 403 /);
  });
});

describe("a client that is too slow", () => {
  it.each([
    ["its headers", "POST /api/ask HTTP/1.1\r\nHost: local"],
    [
      "its body",
      "POST /api/ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n{",
    ],
  ])("is cut off while it sends %s", async (_, text) => {
    const server = await start({}, { headers: 100, window: 200, check: 20 });
    const socket = open(server);
    socket.write(text);
    let received = "";
    socket.on("data", (chunk) => {
      received += chunk;
    });
    await once(socket, "close");
    expect(received).toMatch(/^HTTP\/1\.1 408 /);
    expectProblem(received, "too-slow");
  });

  it.each([
    ["/api/ask", "application/json"],
    ["/api/documents", "multipart/form-data; boundary=x"],
  ])("or goes away while it sends is no fault in the log: %s", async (path, type) => {
    const entries: RequestLogEntry[] = [];
    const logger = (entry: RequestLogEntry) => entries.push(entry);
    const server = await start({ additions, host: "127.0.0.1", logger });
    (await trickle(server, path, type)).destroy();
    await until(() => entries.some((entry) => entry.path === path));
    const entry = entries.find((one) => one.path === path);
    expect(entry).toMatchObject({ method: "POST", status: 503 });
    expect(entry).not.toHaveProperty("error");
  });

  it("is cut off while it takes nothing of what it asked for, and its work ends", async () => {
    let cut: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => {
      cut = resolve;
    });
    const ask: Waymark["ask"] = (_question, { signal, onEvent } = {}) =>
      new Promise((_, reject) => {
        onEvent?.({ type: "passages", passages: Array(50_000).fill(exampleCitation) });
        signal?.addEventListener("abort", () => {
          cut();
          reject(signal.reason);
        });
      });
    const server = await start({ waymark: scripted({ ask }) }, { stall: 50, check: 10 });
    const socket = open(server);
    socket.pause();
    const head = "POST /api/ask HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n";
    socket.write(`${head}Content-Type: application/json\r\nContent-Length: 16\r\n\r\n{"question":"x"}`);
    await ended;
    expect((await fetch(`${server.url}/api/health`)).status).toBe(200);
  });

  it("cannot send headers without end", async () => {
    const server = await start();
    const socket = open(server);
    let received = "";
    socket.on("data", (chunk) => {
      received += chunk;
    });
    socket.write(`GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ${"x".repeat(20_000)}\r\n\r\n`);
    await once(socket, "close");
    expect(received).toMatch(/^HTTP\/1\.1 431 /);
    expectProblem(received, "headers-too-large");
  });
});
