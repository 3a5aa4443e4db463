import type { Command } from "commander";
import type { CollectionSource } from "../store/store.js";
import type { CollectionSummary } from "../waymark.js";
import { type CommandContext, type GlobalOptions, type Run, settingsFrom, withEngine } from "./command.js";
import { count, formatCounts } from "./counts.js";
import { EXIT, type ExitCode } from "./exit-code.js";
import { printableLine } from "./terminal.js";

interface Options extends GlobalOptions {
  remove?: string;
  json?: boolean;
}

/** `waymark collections`: the named sets of documents, and where they come from. */
export function addCollections(program: Command, run: Run): void {
  program
    .command("collections")
    .description("list the collections of documents with their folders, or remove one")
    .option("--remove <name>", "take a collection out of the index; its files stay")
    .option("--json", "print the list as JSON")
    .addHelpText(
      "after",
      `
Examples:
  waymark collections
  waymark ingest --collection notes ~/notes
  waymark ask "What did I decide on Monday?" --collection notes
  waymark collections --remove notes

A collection that the settings name comes back with the next ingest: take it out there too.`,
    )
    .action((_options: unknown, command: Command) =>
      run((context) => collections(command.optsWithGlobals<Options>(), context)),
    );
}

async function collections(options: Options, { terminal, signal }: CommandContext): Promise<ExitCode> {
  const settings = await settingsFrom(options);
  return withEngine(settings, async (engine) => {
    if (options.remove !== undefined) {
      const { removed } = await engine.removeCollection(options.remove, { signal });
      terminal.out.line(
        `Removed ${options.remove}: ${count(removed, "document")}. The files are where they were.`,
      );
      return EXIT.ok;
    }
    const [summaries, sources] = await Promise.all([engine.collections(), engine.sources()]);
    const listed = summaries.map((summary) => ({
      ...summary,
      ...sources.find(({ collection }) => collection === summary.name),
    }));
    terminal.out.line(
      options.json
        ? JSON.stringify(
            listed.map(({ collection: _, ...rest }) => rest),
            null,
            2,
          )
        : listed.map(format).join("\n") || "There are no collections yet: run waymark ingest.",
    );
    return EXIT.ok;
  });
}

function format({
  name,
  paths = [],
  include = [],
  exclude = [],
  ...counts
}: CollectionSummary & Partial<CollectionSource>): string {
  const lines = [
    ...paths,
    ...include.map((pattern) => `only ${pattern}`),
    ...exclude.map((pattern) => `without ${pattern}`),
  ];
  return [`${name}: ${formatCounts(counts)}`, ...lines.map((line) => `  ${printableLine(line)}`)].join("\n");
}
