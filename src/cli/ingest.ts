import { resolve } from "node:path";
import type { Command } from "commander";
import type { IngestSummary } from "../ingest/ingest.js";
import type { LocalIngestOptions } from "../local-waymark.js";
import { collect } from "./arguments.js";
import {
  type CommandContext,
  type Engine,
  type GlobalOptions,
  type Run,
  settingsFrom,
  withEngine,
} from "./command.js";
import { EXIT, type ExitCode } from "./exit-code.js";
import { createJsonReport, createTextReport } from "./ingest-report.js";

interface Options extends GlobalOptions {
  collection?: string;
  include?: string[];
  exclude?: string[];
  watch?: boolean;
  verbose?: boolean;
  rebuild?: boolean;
  json?: boolean;
}

/** `waymark ingest`: brings the index up to date with the files. */
export function addIngest(program: Command, run: Run): void {
  program
    .command("ingest")
    .description("bring the index up to date: new and changed files are read, vanished ones removed")
    .argument("[paths...]", "files and folders for the collection to hold from now on")
    .option("--collection <name>", "the collection to bring up to date (default: all; with paths: default)")
    .option("--include <pattern>", "only files that match, as in a .gitignore; may be repeated", collect)
    .option("--exclude <pattern>", "not what matches, as in a .gitignore; may be repeated", collect)
    .option("--watch", "go on, and follow every change of the files until Ctrl-C")
    .option("--verbose", "list what was passed over, and by which rule")
    .option("--rebuild", "forget the index and make it anew, as after a change of models")
    .option("--json", "print what happens as JSON, an event a line")
    .addHelpText(
      "after",
      `
Examples:
  waymark ingest
  waymark ingest ~/notes ~/papers/transformers.pdf
  waymark ingest --collection papers ~/papers --exclude drafts/ --exclude "*.tmp.md"
  waymark ingest --watch
  waymark ingest --rebuild

Afterwards the collection holds what the paths hold, and nothing else; other collections stay as they are. Paths and
patterns are remembered: without paths, everything that was ingested before is brought up to date.
A .waymarkignore in any folder holds patterns of what to pass over there and below, with the rules of .gitignore.
Ctrl-C stops between two steps; what is done is kept, and the same command goes on from there.
Exits with 1 where no file could be read.

Events of --json, each with "event" and what follows: scan (total); added, changed, unchanged, removed, waiting (being
written: read by the next run), skipped (reason), each with uri, done, total, passages made so far and, once they can be
told, passagesPerSecond and secondsLeft; embed (passages are being made); passed-over (uri, reason); optimize; summary
(the counts). With --watch then: watching, the same for each change, and note (message).`,
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
  const { rebuild = false, collection, include, exclude } = options;
  const report = options.json ? createJsonReport(terminal) : createTextReport(terminal, options);
  const asked: LocalIngestOptions = {
    ...(paths.length > 0 && { paths: paths.map((path) => resolve(path)) }),
    collection,
    include,
    exclude,
    onProgress: report.progress,
    onPassedOver: report.passedOver,
  };
  const body = async (engine: Engine): Promise<ExitCode> => {
    try {
      if (options.watch) return await watch(engine);
      const summary = await engine.ingest({ ...asked, rebuild, signal });
      report.summary(summary);
      return nothingWorked(summary) ? EXIT.failure : EXIT.ok;
    } catch (error) {
      if (!signal.aborted) throw error;
      terminal.err.line("Stopped. What was done is kept: run the same command again to continue.");
      return EXIT.interrupted;
    } finally {
      report.end();
    }
  };
  const watch = async (engine: Engine): Promise<ExitCode> => {
    let isFirst = true;
    await engine.watch({
      ...asked,
      rebuild,
      signal,
      onNote: report.note,
      onRun: (summary) => {
        if (!isFirst) return;
        isFirst = false;
        report.summary(summary);
        report.watching();
      },
    });
    return EXIT.ok;
  };
  return withEngine(settings, body, { rebuild });
}

function nothingWorked({ added, changed, unchanged, skipped }: IngestSummary): boolean {
  return skipped.length > 0 && added + changed + unchanged === 0;
}
