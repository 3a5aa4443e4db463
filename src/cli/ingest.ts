import { resolve } from "node:path";
import type { Command } from "commander";
import type { IngestSummary } from "../ingest/ingest.js";
import {
  type CommandContext,
  type Engine,
  type GlobalOptions,
  type Run,
  settingsFrom,
  withEngine,
} from "./command.js";
import { count } from "./counts.js";
import { EXIT, type ExitCode } from "./exit-code.js";
import { createProgress } from "./progress.js";
import { printableLine } from "./terminal.js";

interface Options extends GlobalOptions {
  rebuild?: boolean;
  json?: boolean;
}

/** `waymark ingest`: brings the index up to date with the files. */
export function addIngest(program: Command, run: Run): void {
  program
    .command("ingest")
    .description("bring the index up to date: new and changed files are read, vanished ones removed")
    .argument("[paths...]", "files and folders to hold instead of the corpus")
    .option("--rebuild", "forget the index and make it anew, as after a change of models")
    .option("--json", "print the summary as JSON")
    .addHelpText(
      "after",
      `
Examples:
  waymark ingest
  waymark ingest ~/notes ~/papers/transformers.pdf
  waymark ingest --rebuild

Afterwards the index holds what the paths hold, and nothing else.
Ctrl-C stops between two steps; what is done is kept, and the same command goes on from there.
Exits with 1 where no file could be read.`,
    )
    .action((paths: string[], _options: unknown, command: Command) =>
      run((context) => ingest(paths, command.optsWithGlobals<Options>(), context)),
    );
}

async function ingest(
  paths: string[],
  options: Options,
  { terminal, signal }: CommandContext,
): Promise<ExitCode> {
  const settings = await settingsFrom(options);
  const rebuild = options.rebuild === true;
  const body = async (engine: Engine): Promise<ExitCode> => {
    const progress = createProgress(terminal.err);
    try {
      const summary = await engine.ingest({
        ...(paths.length > 0 && { paths: paths.map((path) => resolve(path)) }),
        rebuild,
        onProgress: progress.update,
        signal,
      });
      progress.end();
      terminal.out.line(options.json ? JSON.stringify(summary, null, 2) : formatSummary(summary));
      return nothingWorked(summary) ? EXIT.failure : EXIT.ok;
    } catch (error) {
      progress.end();
      if (!signal.aborted) throw error;
      terminal.err.line("Stopped. What was done is kept: run the same command again to continue.");
      return EXIT.interrupted;
    }
  };
  return withEngine(settings, body, { rebuild });
}

function nothingWorked({ added, changed, unchanged, skipped }: IngestSummary): boolean {
  return skipped.length > 0 && added + changed + unchanged === 0;
}

function formatSummary(summary: IngestSummary): string {
  const { added, changed, unchanged, removed, skipped, hidden, passages, milliseconds } = summary;
  const counts = `${added} added, ${changed} changed, ${unchanged} unchanged, ${removed} removed, ${skipped.length} skipped`;
  const work = `${count(passages, "passage")} in ${(milliseconds / 1000).toFixed(1)} s`;
  const reasons = skipped.map(({ uri, reason }) => `  ${printableLine(uri)}: ${printableLine(reason)}`);
  const unseen = hidden.map(
    ({ uri, characters }) => `  ${printableLine(uri)}: ${count(characters, "character")}`,
  );
  return [
    `${counts}; ${work}.`,
    ...(reasons.length > 0 ? ["Skipped:", ...reasons] : []),
    ...(unseen.length > 0 ? ["Left out, because a reader of the file does not see it:", ...unseen] : []),
  ].join("\n");
}
