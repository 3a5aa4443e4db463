import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../src/config.js";
import { type ModelServer, modelServer } from "../generate/wire.js";
import { runCli } from "./run-cli.js";

const QUESTION = "How many weeks should I give Python?";

let folder: string;
let honest: ModelServer;
let liar: ModelServer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "waymark-generated-"));
  honest = await modelServer("Give yourself three to four weeks for Python [1]. Google recommends it [2].");
  liar = await modelServer("Give yourself nine months [1].");
  await runCli(["ingest"], { cwd: folder });
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await Promise.all([honest.close(), liar.close()]);
});

const through = (server: ModelServer) => ({
  cwd: folder,
  env: {
    WAYMARK_LLM: "openai:some-model",
    WAYMARK_LLM_BASE_URL: `${server.url}/v1`,
    WAYMARK_LLM_KEY: "secret-key",
  },
});

describe("waymark ask with a language model", () => {
  it("prints what the model wrote and the documents bear out, with its places, and what was withheld", async () => {
    const { code, stdout } = await runCli(["ask", QUESTION], through(honest));
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^Give yourself three to four weeks for Python\. \[1\]\n\n\[1\] .*Step 1: Python Basics/,
    );
    expect(stdout).toContain("“Give yourself three to four weeks here — no more.”");
    expect(stdout).toContain(
      "Written by the language model and checked against the documents. 1 sentence that they do not bear out was withheld.",
    );
    expect(stdout).not.toContain("Google");
  });

  it("prints the documents' own sentences where the model lies, and says so", async () => {
    const { code, stdout } = await runCli(["ask", QUESTION], through(liar));
    expect(code).toBe(0);
    expect(stdout.startsWith("Give yourself three to four weeks here — no more. [1]\n")).toBe(true);
    expect(stdout).toContain(
      "The documents' own sentences: too little of what the language model wrote is borne out by them.",
    );
  });

  it("prints what it printed before with --mode extractive, and asks no model", async () => {
    const before = liar.heard.length;
    const plain = await runCli(["ask", QUESTION], { cwd: folder });
    const chosen = await runCli(["ask", QUESTION, "--mode", "extractive"], through(liar));
    expect(chosen.stdout).toBe(plain.stdout);
    expect(liar.heard).toHaveLength(before);
  });

  it("refuses --mode generated without a model, and an unknown mode", async () => {
    const without = await runCli(["ask", QUESTION, "--mode", "generated"], { cwd: folder });
    expect([without.code, without.stderr]).toEqual([
      2,
      "No language model is configured that could write an answer.\nSet generate.model (or WAYMARK_LLM), or leave the mode out.\n",
    ]);
    const unknown = await runCli(["ask", QUESTION, "--mode", "creative"], { cwd: folder });
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain("Allowed choices are extractive, generated");
  });

  it("keeps the key to itself", async () => {
    const { stdout, stderr } = await runCli(["--debug", "ask", QUESTION, "--json"], through(honest));
    expect(stdout + stderr).not.toContain("secret-key");
    expect(honest.heard.at(-1)?.headers.authorization).toBe("Bearer secret-key");
    expect(JSON.parse(stdout)).toMatchObject({ mode: "generated", withheld: 1 });
  });
});

describe("waymark status", () => {
  it("tells that the language model answers, or why it does not", async () => {
    const well = await runCli(["status"], through(honest));
    expect(well.stdout).toMatch(/^Writer: +openai:some-model answers$/m);
    const gone = { cwd: folder, env: { WAYMARK_LLM: "llamacpp:gone.gguf" } };
    expect((await runCli(["status"], gone)).stdout).toMatch(
      /^Writer: +llamacpp:\S+gone\.gguf does not answer: The language model \S+gone\.gguf is not there\./m,
    );
    const none = await runCli(["status"], { cwd: folder });
    expect(none.stdout).toMatch(/^Writer: +none/m);
  });
});

describe("waymark mcp", () => {
  it("serves an MCP client that starts it, on standard input and output", async () => {
    const client = new Client({ name: "test", version: "1" });
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [join(PACKAGE_ROOT, "dist", "cli.js"), "mcp"],
      cwd: folder,
      stderr: "pipe",
    });
    await client.connect(transport);
    const { structuredContent } = await client.callTool({ name: "ask", arguments: { question: QUESTION } });
    expect(structuredContent).toMatchObject({
      status: "answered",
      mode: "extractive",
      answer: "Give yourself three to four weeks here — no more.",
    });
    expect((await client.listResources()).resources).toHaveLength(1);
    await client.close();
  });
});
