import { type Command, Option } from "commander";
import type { EvaluateOptions } from "../eval/command.js";
import { type CommandContext, type GlobalOptions, type Run, settingsFrom, withEngine } from "./command.js";
import type { ExitCode } from "./exit-code.js";
import { EXIT } from "./exit-code.js";
import { createProgress } from "./progress.js";

interface Options
  extends GlobalOptions,
    Pick<EvaluateOptions, "dataset" | "split" | "out" | "gate" | "updateBaseline" | "against"> {
  init?: string;
}

/** `waymark eval`: measures the answers on a question set. */
export function addEval(program: Command, run: Run): void {
  program
    .command("eval")
    .description("ask a question set and report how well answers and places fit")
    .option("--dataset <file>", "the questions, JSON lines (default: those on the article)")
    .addOption(new Option("--split <name>", "only a part of them").choices(["tune", "test", "all"]))
    .option("--out <folder>", "where the report goes (default: eval/runs/<name of the set>)")
    .option("--gate", "exit with 1 where a limit is broken or a figure is worse than the baseline")
    .option("--update-baseline", "make this run the baseline")
    .option("--against <results.json>", "show the difference to an earlier run")
    .option("--init <file>", "write a first question set to edit, and do nothing else")
    .addHelpText(
      "after",
      `
Examples:
  waymark eval --split tune
  waymark eval --gate
  waymark eval --init my-questions.jsonl
  waymark --corpus ~/notes --index ~/.waymark/notes eval --dataset my-questions.jsonl`,
    )
    .action((_options: unknown, command: Command) =>
      run((context) => evaluateAnswers(command.optsWithGlobals<Options>(), context)),
    );
}

async function evaluateAnswers(options: Options, { terminal, signal }: CommandContext): Promise<ExitCode> {
  const { index, corpus, debug, init, ...chosen } = options;
  if (init !== undefined) {
    const { writeFirstDataset } = await import("../eval/init.js");
    writeFirstDataset(init);
    terminal.out.line(`${init} is written: edit it, then give it to --dataset.`);
    return EXIT.ok;
  }
  const settings = await settingsFrom(options);
  const { evaluate } = await import("../eval/command.js");
  return withEngine(settings, async (waymark) => {
    const progress = createProgress(terminal.err);
    try {
      await waymark.ingest({ onProgress: progress.update, signal });
      return await evaluate({
        ...chosen,
        waymark,
        ...(settings.models.reader !== null && { reader: waymark.reader }),
        signal,
        onProgress: progress.update,
        print: (line) => {
          progress.end();
          terminal.out.line(line);
        },
      });
    } finally {
      progress.end();
    }
  });
}
