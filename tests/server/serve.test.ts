import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { WaymarkError } from "../../src/errors.js";
import { createApp } from "../../src/server/app.js";
import { exampleAnswer } from "../../src/server/routes/examples.js";
import { type RunningServer, serve } from "../../src/server/serve.js";
import type { AskOptions, Waymark } from "../../src/waymark.js";
import { bodyOf, parseEvents, post, scripted } from "./scripted.js";

const running: RunningServer[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

async function start(over: Partial<Waymark> = {}, port = 0): Promise<RunningServer> {
  const server = await serve({ app: createApp({ waymark: scripted(over) }), host: "127.0.0.1", port });
  running.push(server);
  return server;
}

/** An `ask` that waits: `called` when it is running, `finish` to let it answer. It ends when its signal fires. */
function waiting() {
  let enter: (options: AskOptions) => void;
  let finish: () => void = () => undefined;
  const called = new Promise<AskOptions>((resolve) => {
    enter = resolve;
  });
  const ask: Waymark["ask"] = (_question, options = {}) =>
    new Promise((resolve, reject) => {
      finish = () => resolve(exampleAnswer);
      options.signal?.addEventListener("abort", () => reject(new WaymarkError("aborted", "Stopped.")));
      options.onEvent?.({ type: "passages", passages: [] });
      enter(options);
    });
  return { ask, called, finish: () => finish() };
}

/** What the server sends for these bytes until it ends the connection. */
async function sendRaw(port: number, text: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  let received = "";
  socket.setEncoding("utf8").on("data", (chunk) => {
    received += chunk;
  });
  socket.on("error", () => undefined);
  socket.write(text);
  await once(socket, "close");
  return received;
}

describe("serve", () => {
  it("answers over a real socket, as JSON and as events", async () => {
    const { url, port } = await start();
    expect(url).toBe(`http://127.0.0.1:${port}`);
    const answer = await fetch(`${url}/api/ask`, post({ question: "x" }));
    expect([answer.status, await bodyOf(answer)]).toEqual([200, exampleAnswer]);
    expect(answer.headers.get("keep-alive")).toBe("timeout=60");
    const stream = await fetch(`${url}/api/ask`, post({ question: "x" }, { Accept: "text/event-stream" }));
    const events = parseEvents(await stream.text());
    expect(events.map(({ event }) => event)).toEqual(["passages", "sentence", "done"]);
    expect(stream.headers.get("content-security-policy")).toContain("default-src 'none'");
  });

  it("says that a port is in use and what to do, and leaves the first server alone", async () => {
    const { url, port } = await start();
    const error = await start({}, port).catch((error: unknown) => error);
    expect(WaymarkError.isInstance(error) && error.code).toBe("port-in-use");
    expect(error).toMatchObject({
      message: `Port ${port} on 127.0.0.1 is in use.`,
      hint: "Choose another one with --port, or stop the program that uses it.",
    });
    expect((await fetch(`${url}/api/health`)).status).toBe(200);
  });

  it("says that it cannot listen on an address that is not the machine's", async () => {
    const app = createApp({ waymark: scripted() });
    const error = await serve({ app, host: "192.0.2.1", port: 0 }).catch((error: unknown) => error);
    expect(error).toMatchObject({ code: "invalid-settings" });
  });

  it.each([
    ["JSON", {}],
    ["events", { Accept: "text/event-stream" }],
  ])("aborts the work of a client that goes away: %s", async (_name, headers) => {
    const { ask, called } = waiting();
    const { url } = await start({ ask });
    const client = new AbortController();
    const response = fetch(`${url}/api/ask`, { ...post({ question: "x" }, headers), signal: client.signal });
    response.catch(() => undefined);
    const { signal } = await called;
    expect(signal?.aborted).toBe(false);
    const aborted = once(signal ?? new EventTarget(), "abort");
    client.abort();
    await aborted;
    expect(signal?.aborted).toBe(true);
    expect((await fetch(`${url}/api/health`)).status).toBe(200);
  });

  it("aborts the work of a client that sent its body in chunks and goes away", async () => {
    const { ask, called } = waiting();
    const { port } = await start({ ask });
    const client = httpRequest({ port, host: "127.0.0.1", path: "/api/ask", method: "POST" });
    client.on("error", () => undefined);
    client.setHeader("Content-Type", "application/json");
    client.write('{"question":');
    client.end('"x"}');
    const { signal } = await called;
    const aborted = once(signal ?? new EventTarget(), "abort");
    client.destroy();
    await aborted;
    expect(signal?.aborted).toBe(true);
  });

  it("sends the first event while the answer is still being worked on", async () => {
    const { ask, finish } = waiting();
    const { url } = await start({ ask });
    const response = await fetch(`${url}/api/ask`, post({ question: "x" }, { Accept: "text/event-stream" }));
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toContain("event: passages");
    finish();
    expect((await reader?.read())?.value).toContain("event: done");
  });

  it("refuses a body that is too large, in chunks too, and goes on", async () => {
    const { url } = await start();
    const large = post({ question: "x", history: [{ role: "user", content: "y".repeat(100_000) }] });
    expect((await fetch(`${url}/api/ask`, large)).status).toBe(413);
    const body = new Blob([String(large.body)]).stream();
    const chunked = await fetch(`${url}/api/ask`, { ...large, body, duplex: "half" } as RequestInit);
    expect([chunked.status, (await bodyOf(chunked)).code]).toEqual([413, "body-too-large"]);
    const small = new Blob([JSON.stringify({ question: "x" })]).stream();
    const accepted = await fetch(`${url}/api/ask`, { ...large, body: small, duplex: "half" } as RequestInit);
    expect(accepted.status).toBe(200);
  });

  it.each([
    ["a Host header that is none", "GET /api/health HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n", 400],
    ["no Host header", "GET /api/health HTTP/1.1\r\nConnection: close\r\n\r\n", 400],
    [
      "a foreign Host header",
      "GET /api/health HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n",
      403,
    ],
    [
      "a foreign absolute address",
      "GET http://example.com/api/health HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n",
      403,
    ],
    ["no HTTP", "nonsense\r\n\r\n", 400],
  ])("refuses %s and goes on", async (_name, text, status) => {
    const { url, port } = await start();
    expect(await sendRaw(port, text)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect((await fetch(`${url}/api/health`)).status).toBe(200);
  });

  it("finishes what runs when it is closed, and takes nothing new", async () => {
    const { ask, called, finish } = waiting();
    const { url, port, close } = await start({ ask });
    const idle = connect(port, "127.0.0.1");
    await once(idle, "connect");
    const idleEnded = once(idle, "close");
    const response = fetch(`${url}/api/ask`, post({ question: "x" }));
    await called;
    const closed = close();
    await expect(fetch(`${url}/api/health`)).rejects.toThrow();
    finish();
    expect(await bodyOf(await response)).toEqual(exampleAnswer);
    await closed;
    await idleEnded;
  });

  it("may be closed twice", async () => {
    const { close } = await start();
    await Promise.all([close(), close()]);
  });
});
