import { type Command, Option } from "commander";
import type { AnswerMode } from "../answer/answer.js";
import { requireShort } from "../question.js";
import type { AskOptions } from "../waymark.js";
import { collect, wholeNumber } from "./arguments.js";
import { chosenDocuments } from "./chosen-documents.js";
import { type CommandContext, type GlobalOptions, type Run, settingsFrom, withEngine } from "./command.js";
import { EXIT, type ExitCode } from "./exit-code.js";
import { indexIfEmpty } from "./first-index.js";
import { formatAnswer } from "./format-answer.js";

interface Options extends GlobalOptions {
  document?: string[];
  collection?: string[];
  limit?: number;
  mode?: AnswerMode;
  json?: boolean;
}

/** `waymark ask`: the answer with its numbered places, or an abstention. */
export function addAsk(program: Command, run: Run): void {
  program
    .command("ask")
    .description("answer a question from the documents, with the place of each sentence")
    .argument("<question...>", "the question; quotes are optional")
    .option("--document <name>", "only from this document; by id or path; may be repeated", collect)
    .option("--collection <name>", "only from this collection; may be repeated", collect)
    .option("--limit <n>", "at most so many sentences", wholeNumber(1))
    .addOption(
      new Option(
        "--mode <name>",
        "who writes: the documents themselves, or the language model (default: the latter where one is configured)",
      ).choices(["extractive", "generated"]),
    )
    .option("--json", "print the answer as JSON")
    .addHelpText(
      "after",
      `
Examples:
  waymark ask "How long until I'm job-ready?"
  waymark ask "Which libraries should I know?" --limit 3 --json

Exits with 3 where the documents do not answer the question.`,
    )
    .action((words: string[], _options: unknown, command: Command) =>
      run((context) => ask(requireShort(words.join(" ")), command.optsWithGlobals<Options>(), context)),
    );
}

async function ask(
  question: string,
  options: Options,
  { terminal, signal }: CommandContext,
): Promise<ExitCode> {
  const settings = await settingsFrom(options);
  return withEngine(settings, async (engine) => {
    await indexIfEmpty(engine, settings, { terminal, signal });
    const asked: AskOptions = { signal };
    if (options.document !== undefined) asked.documentIds = await chosenDocuments(engine, options.document);
    if (options.collection !== undefined) asked.collections = options.collection;
    if (options.limit !== undefined) asked.limit = options.limit;
    if (options.mode !== undefined) asked.mode = options.mode;
    const answer = await engine.ask(question, asked);
    terminal.out.line(options.json ? JSON.stringify(answer, null, 2) : formatAnswer(answer, terminal.out));
    return answer.status === "answered" ? EXIT.ok : EXIT.abstained;
  });
}
