import type { Command } from "commander";
import { requireShort } from "../question.js";
import type { SearchOptions, SearchResult } from "../waymark.js";
import { collect, wholeNumber } from "./arguments.js";
import { chosenDocuments } from "./chosen-documents.js";
import { type CommandContext, type GlobalOptions, type Run, settingsFrom, withEngine } from "./command.js";
import { EXIT, type ExitCode } from "./exit-code.js";
import { indexIfEmpty } from "./first-index.js";
import { formatOtherPlaces, formatPlace } from "./place.js";
import { type Output, printableLine } from "./terminal.js";

interface Options extends GlobalOptions {
  document?: string[];
  collection?: string[];
  limit?: number;
  json?: boolean;
}

/** `waymark search`: ranked passages with their scores. */
export function addSearch(program: Command, run: Run): void {
  program
    .command("search")
    .description("find passages by words and by meaning, best first")
    .argument("<query...>", "what to look for; quotes are optional")
    .option("--document <name>", "only in this document; by id or path; may be repeated", collect)
    .option("--collection <name>", "only in this collection; may be repeated", collect)
    .option("--limit <n>", "at most so many passages (default: 10)", wholeNumber(1))
    .option("--json", "print the passages as JSON")
    .addHelpText(
      "after",
      `
Examples:
  waymark search "model drift"
  waymark search gradient descent --limit 3 --json`,
    )
    .action((words: string[], _options: unknown, command: Command) =>
      run((context) => search(requireShort(words.join(" ")), command.optsWithGlobals<Options>(), context)),
    );
}

async function search(
  query: string,
  options: Options,
  { terminal, signal }: CommandContext,
): Promise<ExitCode> {
  const settings = await settingsFrom(options);
  return withEngine(settings, async (engine) => {
    await indexIfEmpty(engine, settings, { terminal, signal });
    const wanted: SearchOptions = { signal };
    if (options.document !== undefined) wanted.documentIds = await chosenDocuments(engine, options.document);
    if (options.collection !== undefined) wanted.collections = options.collection;
    if (options.limit !== undefined) wanted.limit = options.limit;
    const results = await engine.search(query, wanted);
    terminal.out.line(options.json ? JSON.stringify(results, null, 2) : formatResults(results, terminal.out));
    return EXIT.ok;
  });
}

function formatResults(results: readonly SearchResult[], { bold, dim }: Output): string {
  if (results.length === 0) return "Nothing found.";
  return results
    .map((result, index) => {
      const { lexical, dense, interaction } = result.scores;
      const parts = `words ${lexical.toFixed(2)}, meaning ${dense.toFixed(3)}, tokens ${interaction.toFixed(3)}`;
      const scores = `score ${result.score.toFixed(3)} (${parts})`;
      return `${bold(`${index + 1}. ${formatPlace(result)}`)}${formatOtherPlaces(result)}  ${dim(scores)}\n   ${printableLine(result.quote)}`;
    })
    .join("\n\n");
}
