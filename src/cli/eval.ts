import { join } from "node:path";
import { type Command, Option } from "commander";
import type { Settings } from "../config.js";
import type { EvaluateOptions } from "../eval/command.js";
import type { SetName } from "../eval/sets/set.js";
import type { IndexerRunOptions } from "../indexer.js";
import { wholeNumber } from "./arguments.js";
import {
  type CommandContext,
  type Engine,
  type GlobalOptions,
  type Run,
  settingsFrom,
  withEngine,
} from "./command.js";
import type { ExitCode } from "./exit-code.js";
import { EXIT } from "./exit-code.js";
import { createProgress } from "./progress.js";
import type { Output } from "./terminal.js";

interface Options
  extends GlobalOptions,
    Pick<
      EvaluateOptions,
      | "dataset"
      | "split"
      | "mode"
      | "out"
      | "gate"
      | "gates"
      | "baseline"
      | "updateBaseline"
      | "against"
      | "seed"
    > {
  set?: SetName;
  sample?: boolean;
  init?: string;
}

/** `waymark eval`: measures the answers on a question set. */
export function addEval(program: Command, run: Run): void {
  program
    .command("eval")
    .description("ask a question set and report how well answers and places fit")
    .option("--dataset <file>", "your own questions on your own documents, JSON lines")
    .addOption(
      new Option("--set <name>", "a set that comes along, with its documents (default: roadmap)")
        .choices([
          "roadmap",
          "robustness",
          "guides",
          "scifact",
          "clapnq",
          "wice",
          "bipia",
        ] satisfies SetName[])
        .conflicts("dataset"),
    )
    .addOption(new Option("--sample", "only a fixed part of a public set, for a CI job").conflicts("dataset"))
    .addOption(new Option("--split <name>", "only a part of the questions").choices(["tune", "test", "all"]))
    .addOption(
      new Option(
        "--mode <name>",
        "who writes the answers (default: the language model where one is configured)",
      ).choices(["extractive", "generated"] satisfies EvaluateOptions["mode"][]),
    )
    .option("--out <folder>", "where the report goes (default: eval/runs/<name of the set>)")
    .option("--gate", "exit with 1 where a limit is broken or a figure is worse than the baseline")
    .option("--gates <file>", "the limits (default: eval/gates.json)")
    .option("--baseline <file>", "the accepted run (default: eval/baseline.json)")
    .option("--update-baseline", "make this run the baseline")
    .option("--against <results.json>", "show the difference to an earlier run")
    .option("--seed <number>", "for the intervals; the same seed gives the same report", wholeNumber(0))
    .option("--init <file>", "write a first question set to edit, and do nothing else")
    .addHelpText(
      "after",
      `
Sets: roadmap (the article), robustness (the same questions with typos and in other words), guides
(sixteen invented guides and manuals), scifact (retrieval, evidence), clapnq (answerable or not,
evidence), wice (the judge of support), bipia (orders hidden in documents). They are indexed below the
index folder, once.

Examples:
  waymark eval --split tune
  waymark eval --set scifact --sample --gate
  waymark eval --init my-questions.jsonl
  waymark --corpus ~/notes --index ~/.waymark/notes eval --dataset my-questions.jsonl
  waymark --corpus docs eval --dataset questions.jsonl --update-baseline
  waymark --corpus docs eval --dataset questions.jsonl --gate`,
    )
    .action((_options: unknown, command: Command) =>
      run((context) => evaluateAnswers(command.optsWithGlobals<Options>(), context)),
    );
}

async function evaluateAnswers(options: Options, context: CommandContext): Promise<ExitCode> {
  const { init, set: name = "roadmap", sample = false, ...chosen } = options;
  if (init !== undefined) {
    const { writeFirstDataset } = await import("../eval/init.js");
    writeFirstDataset(init);
    context.terminal.out.line(`${init} is written: edit it, then give it to --dataset.`);
    return EXIT.ok;
  }
  const settings = await settingsFrom(options);
  if (chosen.dataset !== undefined) {
    return measure(settings, chosen, context, (engine, work) => engine.ingest(work));
  }
  const { WaymarkError } = await import("../errors.js");
  if (options.corpus !== undefined) {
    throw new WaymarkError(
      "invalid-input",
      `The set ${name} brings its own documents: --corpus is not for it.`,
      {
        hint: "Give your own questions on your own documents with --dataset.",
      },
    );
  }
  const { loadSet } = await import("../eval/sets/set.js");
  const set = loadSet(name, { sample });
  // An index of its own for each set: nobody's documents are mixed with it.
  const ownIndex = indexFor(set.name, settings);
  return measure(ownIndex, { ...chosen, set }, context, async (engine, work) => {
    if (set.paths !== undefined) await engine.ingest({ ...work, paths: set.paths });
    if (set.library !== undefined) await engine.ingestDocuments(set.library, work);
  });
}

function indexFor(set: string, settings: Settings): Settings {
  const { store } = settings;
  const index = join(settings.index, "eval", set);
  if (store.kind === "local") return { ...settings, index };
  const collectionPrefix = `${store.collectionPrefix}Eval_${set.replaceAll("-", "_")}_`;
  return { ...settings, index, store: { ...store, collectionPrefix } };
}

/** Indexes, asks and reports. */
function measure(
  settings: Settings,
  chosen: Omit<EvaluateOptions, "waymark" | "print">,
  { terminal, signal }: CommandContext,
  index: (engine: Engine, work: IndexerRunOptions) => Promise<unknown>,
): Promise<ExitCode> {
  return withEngine(settings, async (waymark) => {
    const { evaluate } = await import("../eval/command.js");
    const progress = createPhases(terminal.err);
    try {
      await index(waymark, { onProgress: progress.update, signal });
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

/** Indexing, asking and judging each have a progress of their own, from its beginning. */
function createPhases(output: Output): ReturnType<typeof createProgress> {
  let progress = createProgress(output);
  let work: string | undefined;
  return {
    update(next) {
      const own = ["asking", "judging"].includes(next.phase) ? next.phase : "indexing";
      if (own !== work) {
        progress.end();
        progress = createProgress(output);
      }
      work = own;
      progress.update(next);
    },
    end: () => progress.end(),
  };
}
