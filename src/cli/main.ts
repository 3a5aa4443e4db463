import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { WaymarkError } from "../errors.js";
import { addAsk } from "./ask.js";
import { addCollections } from "./collections.js";
import type { GlobalOptions, Run } from "./command.js";
import { addDoctor } from "./doctor.js";
import { addEval } from "./eval.js";
import { EXIT, EXIT_CODES_HELP, type ExitCode, exitCodeOf } from "./exit-code.js";
import { addIngest } from "./ingest.js";
import { onInterrupt } from "./interrupt.js";
import { addMcp } from "./mcp.js";
import { addMigrate } from "./migrate.js";
import { addSearch } from "./search.js";
import { addServe } from "./serve.js";
import { addStatus } from "./status.js";
import { createTerminal, type Terminal } from "./terminal.js";

/** Runs the command line. Never throws: what goes wrong is printed on standard error and told by the exit code. */
export async function main(
  args: readonly string[],
  terminal: Terminal = createTerminal(),
): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  const program = createProgram(async (body) => {
    const interrupt = onInterrupt();
    try {
      code = await body({ terminal, signal: interrupt.signal });
    } finally {
      interrupt.dispose();
    }
  });
  try {
    await program.parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    // Commander has printed its message, or the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    return report(error, terminal, program.opts<GlobalOptions>().debug === true);
  }
}

function createProgram(run: Run): Command {
  const program = new Command("waymark")
    .description("Ask your own documents on your own machine; each sentence of an answer leads to its place.")
    .version(version(), "--version", "print the version")
    .helpOption("--help", "explain the command")
    .helpCommand(false)
    .option("--index <folder>", "where the index lives (default: index)")
    .option(
      "--corpus <path>",
      "the folder or file to answer from (default: what the index was made from, at first the article)",
    )
    .option("--debug", "print stack traces; serve: and every request")
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError("Add --help to see what can be given.")
    .exitOverride()
    .addHelpText(
      "after",
      `
Examples:
  waymark ask "When should I start with deep learning?"
  waymark --corpus ~/notes serve --port 8080

${EXIT_CODES_HELP}`,
    );
  for (const add of [
    addAsk,
    addSearch,
    addServe,
    addIngest,
    addCollections,
    addMcp,
    addStatus,
    addMigrate,
    addDoctor,
    addEval,
  ])
    add(program, run);
  return program;
}

function version(): string {
  const manifest = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}

/** Prints the sentence and the next step; the stack only where it was asked for. */
function report(error: unknown, { err }: Terminal, debug: boolean): ExitCode {
  const known = WaymarkError.isInstance(error);
  err.line(err.bold(error instanceof Error ? error.message : String(error)));
  if (known && error.hint !== undefined) err.line(error.hint);
  if (!known)
    err.line("This should not happen. Run the command again with --debug and report what it prints.");
  if (debug && error instanceof Error) err.line(stackOf(error));
  return known ? exitCodeOf(error.code) : EXIT.failure;
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\nCaused by: ${stackOf(error.cause)}` : "";
  return `${error.stack ?? error.message}${cause}`;
}
