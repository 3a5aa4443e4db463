import type { Command } from "commander";
import { wholeNumber } from "./arguments.js";
import { type CommandContext, type GlobalOptions, type Run, settingsFrom, withEngine } from "./command.js";
import { EXIT, type ExitCode } from "./exit-code.js";
import { indexesByItself } from "./indexes-by-itself.js";
import { bringUpToDate, serveUntilStopped } from "./serve.js";

interface Options extends GlobalOptions {
  http?: boolean;
  port?: number;
  host?: string;
  token?: string;
}

/** `waymark mcp`: the documents for MCP clients. */
export function addMcp(program: Command, run: Run): void {
  program
    .command("mcp")
    .description("serve the documents to MCP clients, on standard input and output or by HTTP")
    .option("--http", "by streamable HTTP, at /mcp; waymark serve does that too")
    .option("--port <n>", "with --http; 0 picks a free one (default: 4100)", wholeNumber(0, 65535))
    .option("--host <address>", "with --http; any but loopback needs a token (default: 127.0.0.1)")
    .option("--token <text>", "with --http: ask every request for this; better in WAYMARK_TOKEN")
    .addHelpText(
      "after",
      `
Examples:
  waymark --corpus ~/notes --index ~/.waymark/notes mcp
  waymark mcp --http --port 8080

A client that starts programs is given the first line as its command.`,
    )
    .action((_options: unknown, command: Command) =>
      run((context) => {
        const options = command.optsWithGlobals<Options>();
        if (options.http !== true) return serveStandardStreams(options, context);
        return serveUntilStopped(options, context, (url) => `Waymark's MCP server is at ${url}/mcp`);
      }),
    );
}

/** Until the client closes standard input, or Ctrl-C. Standard output belongs to the protocol; all words go to the other. */
async function serveStandardStreams(
  options: Options,
  { terminal: { err }, signal }: CommandContext,
): Promise<ExitCode> {
  const settings = await settingsFrom(options);
  return withEngine(settings, async (engine) => {
    const { createMcpServer } = await import("../mcp/server.js");
    const { serveStdio } = await import("../mcp/stdio.js");
    const stop = new AbortController();
    const ended = AbortSignal.any([signal, stop.signal]);
    const indexing = indexesByItself(settings) ? bringUpToDate(engine, { out: err, err }, ended) : undefined;
    const server = createMcpServer(engine, (await engine.status()).version);
    const onUnreadable = () =>
      err.line("The client sent something that is no message for this server: left out.");
    const end = await serveStdio(server, { signal: ended, onUnreadable });
    stop.abort();
    await indexing;
    if (end === "closed") return EXIT.ok;
    err.line("The client sent more than 10 MiB without an end of line. A message is one line, and shorter.");
    return EXIT.failure;
  });
}
