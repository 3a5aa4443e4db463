import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { watchSlowClients } from "../../src/server/slow-clients.js";

const WINDOW = 30_000;
const RATE = 1000;

let server: Server;
let look: (now: number) => void;
let client: Socket;
let received: string;
/** The bytes of a request's body that have come, and whether it is over. */
let body: number;
let isOver: boolean;

beforeEach(async () => {
  [received, body, isOver] = ["", 0, false];
  server = createServer({ requestTimeout: 0 }, (request, response) => {
    request.on("error", () => undefined);
    request.on("data", (chunk: Buffer) => {
      body += chunk.length;
    });
    request.on("end", () => {
      isOver = true;
      response.end("taken");
    });
  });
  look = watchSlowClients(server, { window: WINDOW, rate: RATE, stall: WINDOW });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  client = connect((server.address() as AddressInfo).port, "127.0.0.1");
  client
    .on("error", () => undefined)
    .on("data", (chunk) => {
      received += chunk;
    });
});

afterEach(() => {
  client.destroy();
  server.closeAllConnections();
  server.close();
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(setImmediate);
}

/** Sends a part of the body and waits until the server has it. */
async function send(bytes: number): Promise<void> {
  const expected = body + bytes;
  client.write("x".repeat(bytes));
  await until(() => body === expected);
}

async function begin(length: number): Promise<number> {
  client.write(`POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${length}\r\n\r\n`);
  await send(1);
  return performance.now();
}

describe("a request that is not over", () => {
  it("goes on for as long as it keeps its pace", async () => {
    const minute = 40_000;
    let now = await begin(1 + 20 * minute);
    for (let time = 0; time < 20; time += 1) {
      await send(minute);
      now += WINDOW + 1;
      look(now);
    }
    await until(() => isOver && received.endsWith("taken"));
    expect(received).toMatch(/^HTTP\/1\.1 200 /);
  });

  it("is given up in words where it falls below, however fast it was before", async () => {
    let now = await begin(1_000_000);
    await send(500_000);
    now += WINDOW + 1;
    look(now);
    for (let time = 0; time < 9; time += 1) {
      await send(1);
      now += WINDOW / 10;
      look(now);
    }
    expect(received).toBe("");
    look(now + WINDOW);
    await once(client, "close");
    expect(received).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
    expect(received).toMatch(/"code":"too-slow"/);
  });

  it("is not looked at before its window is over", async () => {
    const now = await begin(10);
    look(now + WINDOW / 2);
    await send(9);
    await until(() => received.endsWith("taken"));
  });
});

it("a connection that waits between two requests is left alone", async () => {
  const now = await begin(2);
  await send(1);
  await until(() => received.endsWith("taken"));
  for (let time = 1; time < 10; time += 1) look(now + time * WINDOW);
  received = "";
  client.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await until(() => received.endsWith("taken"));
  expect(received).toMatch(/^HTTP\/1\.1 200 /);
});
