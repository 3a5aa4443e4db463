import { join } from "node:path";
import type { Command } from "commander";
import { WaymarkError } from "../errors.js";
import type { IngestSummary } from "../ingest/ingest.js";
import type { RequestLogEntry } from "../server/middleware/request-log.js";
import type { Status } from "../waymark.js";
import { wholeNumber } from "./arguments.js";
import { type CommandContext, type Engine, type GlobalOptions, type Run, settingsFrom } from "./command.js";
import { count, formatCounts } from "./counts.js";
import { EXIT, type ExitCode } from "./exit-code.js";
import { indexesByItself } from "./indexes-by-itself.js";
import { createTextReport } from "./ingest-report.js";
import { onInterrupt } from "./interrupt.js";
import { LateEngine } from "./late-engine.js";
import { keepHeapSteady } from "./steady-heap.js";
import { type Output, printableLine, type Terminal } from "./terminal.js";

interface Options extends GlobalOptions {
  port?: number;
  host?: string;
  token?: string;
  watch?: boolean;
}

/** `waymark serve`: the page and the HTTP API. */
export function addServe(program: Command, run: Run): void {
  program
    .command("serve")
    .description("serve the page and the HTTP API, and bring the index up to date meanwhile")
    .option("--port <n>", "0 picks a free one (default: 4100)", wholeNumber(0, 65535))
    .option("--host <address>", "0.0.0.0 opens it to the network, with a token (default: 127.0.0.1)")
    .option(
      "--token <text>",
      "ask every request for this; WAYMARK_TOKEN keeps it out of the list of processes",
    )
    .option("--watch", "follow every change of the files while it serves")
    .addHelpText(
      "after",
      `
Examples:
  waymark serve
  waymark serve --watch
  waymark serve --port 8080 --corpus ~/notes --index ~/.waymark/notes
  npm start -- --port 8080

Ctrl-C stops it after the requests that are running; that is its normal end and exits with 0.`,
    )
    .action((_options: unknown, command: Command) =>
      run((context) => serveUntilStopped(command.optsWithGlobals<Options>(), context)),
    );
}

/**
 * Serves until Ctrl-C or SIGTERM.
 * @param greet what is told when the server listens
 */
export async function serveUntilStopped(
  options: Options,
  { terminal, signal }: CommandContext,
  greet: (url: string) => string = (url) => `Waymark is at ${url}`,
): Promise<ExitCode> {
  const settings = await settingsFrom(options, {
    ...(options.port !== undefined && { port: options.port }),
    ...(options.host !== undefined && { host: options.host }),
    ...(options.token !== undefined && { token: options.token }),
  });
  const { PACKAGE_ROOT } = await import("../config.js");
  const { createApp } = await import("../server/app.js");
  const { serve } = await import("../server/serve.js");
  const { host, port, token, allowedHosts, allowedOrigins } = settings.server;
  const { maxRunning: running, maxWaiting: waiting, maxPerClient: perClient } = settings.server;
  keepHeapSteady();
  const termination = onInterrupt(["SIGTERM"]);
  const stop = AbortSignal.any([signal, termination.signal]);
  let indexing: Promise<void> | undefined;
  const waymark = new LateEngine(async () => {
    const { openWaymark } = await import("../waymark.js");
    const engine = await openWaymark(settings);
    // Before anyone gets the engine: a first question then waits for the first index instead of being refused.
    if (options.watch === true || indexesByItself(settings))
      indexing = bringUpToDate(engine, terminal, stop, options.watch);
    return engine;
  });
  const logger = (entry: RequestLogEntry) => logRequest(entry, terminal.err, options.debug === true);
  const webRoot = join(PACKAGE_ROOT, "dist", "web");
  const app = createApp({
    waymark,
    additions: waymark,
    webRoot,
    host,
    logger,
    allowedHosts,
    allowedOrigins,
    limits: { running, waiting, perClient },
    ...(token !== undefined && { token }),
  });
  const server = await serve({ app, host, port });
  try {
    terminal.out.line(greet(terminal.out.bold(server.url)));
    await waymark.engine();
    await aborted(stop);
    terminal.err.line("Stopping …");
    await indexing;
  } finally {
    await server.close();
    await waymark.close();
    termination.dispose();
  }
  return EXIT.ok;
}

/**
 * Indexes in the background, and tells what there is to ask; with `watch` it goes on until the signal fires, and tells
 * each change. A failure is told and the server goes on: what is indexed can still be asked.
 */
export async function bringUpToDate(
  engine: Engine,
  terminal: Terminal,
  signal: AbortSignal,
  watch = false,
): Promise<void> {
  const { out, err } = terminal;
  const report = createTextReport(terminal);
  const tell = async ({ added, changed, removed, skipped, hidden, incomplete }: IngestSummary) => {
    for (const { uri, reason } of skipped)
      err.line(`Skipped ${printableLine(uri)}: ${printableLine(reason)}`);
    for (const { uri, reason } of incomplete)
      err.line(`Read in part ${printableLine(uri)}: ${printableLine(reason)}`);
    for (const { uri, characters } of hidden)
      err.line(
        `Left out of ${printableLine(uri)}: ${count(characters, "character")} that a reader does not see`,
      );
    if (added + changed + removed > 0) out.line(indexed(await engine.status()));
  };
  let isFirst = true;
  const ingesting = watch
    ? engine.watch({
        signal,
        onNote: report.note,
        onProgress: (progress) => {
          if (!isFirst) report.progress(progress);
        },
        onRun: (summary) => {
          if (!isFirst) return;
          isFirst = false;
          void tell(summary).then(report.watching, () => undefined);
        },
      })
    : engine.ingest({ signal }).then(tell);
  try {
    const before = await engine.status();
    out.line(before.documents === 0 ? "Nothing is indexed yet: indexing …" : indexed(before));
    await ingesting;
  } catch (error) {
    if (signal.aborted) return;
    err.line(`The index could not be brought up to date: ${error instanceof Error ? error.message : error}`);
    if (WaymarkError.isInstance(error) && error.hint !== undefined) err.line(error.hint);
  }
}

function indexed(status: Status): string {
  return `Indexed: ${formatCounts(status)}.`;
}

/** What the server is at fault for is always told, under the id that the client was given; all else with --debug. */
function logRequest(
  { id, method, path, status, ms, error }: RequestLogEntry,
  output: Output,
  debug: boolean,
): void {
  // A full queue is no fault, and tells itself to the client: in the log it would only be more load.
  const isFault = error !== undefined || (status >= 500 && status !== 503);
  if (!isFault && !debug) return;
  const reason = error === undefined ? "" : ` ${error.code ?? error.name}`;
  output.line(`${method} ${printableLine(path)} ${status}${reason} ${ms} ms (${id})`);
  if (debug) for (const frame of error?.frames ?? []) output.line(`    ${frame}`);
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
