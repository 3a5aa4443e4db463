import type { Command } from "commander";
import type { Settings } from "../config.js";
import type { ModelIdentity } from "../models/model.js";
import type { DocumentSummary } from "../store/store.js";
import type { LanguageModelState, Status } from "../waymark.js";
import { type CommandContext, type GlobalOptions, type Run, settingsFrom, withEngine } from "./command.js";
import { count, formatCounts } from "./counts.js";
import { EXIT, type ExitCode } from "./exit-code.js";
import { printableLine } from "./terminal.js";

interface Options extends GlobalOptions {
  json?: boolean;
}

/** `waymark status`: what is indexed, by which models, and whether the language model answers. */
export function addStatus(program: Command, run: Run): void {
  program
    .command("status")
    .description("show what is indexed, where, and by which models")
    .option("--json", "print it as JSON")
    .addHelpText(
      "after",
      `
Examples:
  waymark status
  waymark --index ~/.waymark/notes status --json`,
    )
    .action((_options: unknown, command: Command) =>
      run((context) => status(command.optsWithGlobals<Options>(), context)),
    );
}

async function status(options: Options, { terminal, signal }: CommandContext): Promise<ExitCode> {
  const settings = await settingsFrom(options);
  return withEngine(settings, async (engine) => {
    const [state, documents] = await Promise.all([engine.status(), engine.documents()]);
    const languageModel = await engine.checkLanguageModel(signal);
    const { index, corpus } = settings;
    terminal.out.line(
      options.json
        ? JSON.stringify({ ...state, languageModel, index, corpus, documentList: documents }, null, 2)
        : formatStatus({ ...state, languageModel }, documents, settings),
    );
    return EXIT.ok;
  });
}

function formatStatus(
  state: Status & { languageModel: LanguageModelState | undefined },
  documents: readonly DocumentSummary[],
  { index, corpus, store }: Settings,
): string {
  const { embedder, reader } = state.models;
  const where =
    store.kind === "local" ? index : `${store.collectionPrefix} in Weaviate at ${store.url.join(", ")}`;
  const rows = [
    ["Waymark", `${state.version}, Node ${process.versions.node}`],
    ["Index", `${where}, generation ${state.generation}, schema ${state.schemaVersion}`],
    ...(corpus === undefined ? [] : [["Corpus", corpus]]),
    ["Indexed", formatCounts(state)],
    ["Embedder", formatModel(embedder)],
    ["Reader", reader === undefined ? "none" : formatModel(reader)],
    ["Writer", formatLanguageModel(state.languageModel)],
  ];
  const lines = rows.map(([name, value]) => `${`${name}:`.padEnd(10)}${value}`);
  if (state.generation === 0) return [...lines, "", "Nothing is indexed yet: run waymark ingest."].join("\n");
  const listed = documents.map(
    ({ id, uri, title, passages }) =>
      `  ${id}  ${printableLine(uri)}  ${printableLine(title)} (${count(passages, "passage")})`,
  );
  return [...lines, "", "Documents:", ...listed].join("\n");
}

function formatLanguageModel(state: LanguageModelState | undefined): string {
  if (state === undefined) return "none; answers are the documents' own sentences";
  const { name, answers, reason } = state;
  return printableLine(answers ? `${name} answers` : `${name} does not answer: ${reason}`);
}

function formatModel({ name, checksum }: ModelIdentity): string {
  return `${name} (sha256 ${checksum.slice(0, 12)}…)`;
}
