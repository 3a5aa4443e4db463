import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../src/config.js";
import { runCli } from "../cli/run-cli.js";
import { budget } from "../fuzz-budget.js";
import { anyText } from "../schema-values.js";
import { complete, messagesFor, type Tool } from "./messages.js";

let folder: string;
const env = { WAYMARK_READER: "none" };
const running = new Set<ChildProcessWithoutNullStreams>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "waymark-stdio-"));
  writeFileSync(join(folder, "bees.txt"), "Bees sleep at night.");
  expect(await runCli(["ingest", "bees.txt"], { cwd: folder, env })).toMatchObject({ code: 0 });
});

afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** `waymark mcp` as a client starts it, with what it has answered: each line is a message, whatever it was sent. */
function startServer() {
  const child = spawn(process.execPath, [join(PACKAGE_ROOT, "dist", "cli.js"), "mcp"], {
    cwd: folder,
    env: { ...process.env, ...env },
  });
  running.add(child);
  const replies = new EventEmitter();
  const strange: string[] = [];
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  createInterface(child.stdout).on("line", (line) => {
    try {
      const message = JSON.parse(line) as { jsonrpc: string; id?: unknown };
      if (message.jsonrpc !== "2.0") strange.push(line);
      if (typeof message.id === "string") replies.emit(message.id, message);
    } catch {
      strange.push(line);
    }
  });
  const ended = once(child, "close").then(([code]) => {
    running.delete(child);
    return { code: code as number | null, stderr };
  });
  const gone = ended.then(({ code, stderr }) => {
    throw new Error(`The server has ended with ${code}: ${stderr}`);
  });
  gone.catch(() => {});
  let asked = 0;
  return {
    child,
    ended,
    strange,
    /** Asks something and waits for the answer. */
    async request(method: string, params: object = {}): Promise<{ result?: unknown }> {
      const id = `waymark-test-${asked++}`;
      const reply = once(replies, id);
      child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`);
      const [message] = await Promise.race([reply, gone]);
      return message;
    },
  };
}

describe("waymark mcp on standard input and output", () => {
  it("answers the next good message, whatever lines came before it", async () => {
    const server = startServer();
    const clientInfo = { name: "test", version: "1" };
    await server.request("initialize", { protocolVersion: "2025-06-18", capabilities: {}, clientInfo });
    const { tools } = (await server.request("tools/list")).result as { tools: Tool[] };
    const nested = fc
      .integer({ min: 1, max: 20_000 })
      .map((depth) => Buffer.from(`${'{"params":'.repeat(depth)}1${"}".repeat(depth)}`));
    const line = fc.oneof(
      {
        weight: 4,
        arbitrary: messagesFor(tools).map((message) => Buffer.from(JSON.stringify(complete(message)))),
      },
      fc.array(messagesFor(tools), { maxLength: 4 }).map((batch) => Buffer.from(JSON.stringify(batch))),
      anyText.map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      nested,
      fc.integer({ min: 1, max: 200_000 }).map((length) => Buffer.alloc(length, "x")),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 4 }), async (lines) => {
        for (const bytes of lines) server.child.stdin.write(Buffer.concat([bytes, Buffer.from("\n")]));
        expect(await server.request("ping")).toMatchObject({ result: {} });
        expect(server.strange).toEqual([]);
      }),
      budget(150),
    );
    const search = { name: "search", arguments: { query: "When do bees sleep?" } };
    expect((await server.request("tools/call", search)).result).toMatchObject({
      structuredContent: { results: [{ quote: "Bees sleep at night." }] },
    });
    server.child.stdin.end();
    const { code, stderr } = await server.ended;
    expect(code).toBe(0);
    expect(stderr).not.toMatch(/\n\s+at |node_modules/);
    expect(stderr).toContain("The client sent something that is no message for this server: left out.");
  });

  it("ends with a word where a message has no end", async () => {
    const { child, ended } = startServer();
    child.stdin.on("error", () => {}); // it has stopped reading
    child.stdin.write(Buffer.alloc(11 * 1024 * 1024, "x"));
    expect(await ended).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("The client sent more than 10 MiB without an end of line."),
    });
  });

  it("ends where the client closes its side in the middle of a message or of a question", async () => {
    for (const rest of ['{"jsonrpc":"2.0","id":1,"meth', ""]) {
      const server = startServer();
      await server.request("ping");
      const question = { name: "ask", arguments: { question: "When do bees sleep?" } };
      server.child.stdin.write(
        `${JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: question })}\n`,
      );
      server.child.stdin.end(rest);
      expect(await server.ended).toMatchObject({ code: 0 });
    }
  });
});
