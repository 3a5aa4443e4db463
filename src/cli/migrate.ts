import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Command, Option } from "commander";
import type { Settings } from "../config.js";
import type { MigrateSummary } from "../store/migrate.js";
import type { Store } from "../store/store.js";
import { type CommandContext, type GlobalOptions, type Run, settingsFrom } from "./command.js";
import { count } from "./counts.js";
import { EXIT, type ExitCode } from "./exit-code.js";
import { createProgress } from "./progress.js";
import { printableLine } from "./terminal.js";

type Kind = Settings["store"]["kind"];

interface Options extends GlobalOptions {
  to: Kind;
  json?: boolean;
}

/** `waymark migrate`: copies the index between this machine and a cluster. */
export function addMigrate(program: Command, run: Run): void {
  program
    .command("migrate")
    .description("copy the index from this machine into a cluster, or back; nothing is embedded again")
    .addOption(
      new Option("--to <store>", "where to")
        .choices(["weaviate", "local"] satisfies Kind[])
        .makeOptionMandatory(),
    )
    .option("--json", "print the summary as JSON")
    .addHelpText(
      "after",
      `
Examples:
  WAYMARK_WEAVIATE_URL=http://weaviate.example:8080 waymark migrate --to weaviate
  waymark --index ~/.waymark/notes migrate --to local

The cluster is the one that the setting store names; the index on this machine is that of --index. What is there already
is not copied again, so the same command goes on after Ctrl-C or a failure. Nothing is deleted on either side, and a
document that both have is that of the other side afterwards. At the end the documents and passages are counted and
compared.`,
    )
    .action((_options: unknown, command: Command) =>
      run((context) => migrateIndex(command.optsWithGlobals<Options>(), context)),
    );
}

async function migrateIndex(options: Options, { terminal, signal }: CommandContext): Promise<ExitCode> {
  const { migrate } = await import("../store/migrate.js");
  const settings = await settingsFrom(options);
  const added = join(settings.index, "added");
  const stores = await openBoth(settings);
  const progress = createProgress(terminal.err);
  try {
    const to = stores[options.to];
    const from = stores[options.to === "local" ? "weaviate" : "local"];
    const summary = await migrate({ from, to, onProgress: progress.update, signal });
    progress.end();
    const withoutFile = options.to === "local" ? await addedWithoutFile(to, added) : [];
    if (options.json) terminal.out.line(JSON.stringify({ ...summary, withoutFile }, null, 2));
    else terminal.out.line(format(summary));
    if (summary.copied + summary.present === 0) terminal.err.line(formatNothing(options.to, settings));
    if (withoutFile.length > 0 && !options.json) terminal.err.line(formatWithoutFile(withoutFile, added));
    return EXIT.ok;
  } catch (error) {
    progress.end();
    if (!signal.aborted) throw error;
    terminal.err.line("Stopped. What was copied is kept: run the same command again to continue.");
    return EXIT.interrupted;
  } finally {
    await Promise.all(Object.values(stores).map((store) => store.close()));
  }
}

/** The model is loaded for its name and checksum alone: so that vectors of another model are not mixed in. */
async function openBoth(settings: Settings): Promise<Record<Kind, Store>> {
  const { WaymarkError } = await import("../errors.js");
  if (settings.store.kind !== "weaviate") {
    throw new WaymarkError("invalid-settings", "The settings name no cluster.", {
      hint: 'Set "store": { "kind": "weaviate", "url": … } in waymark.config.json, or WAYMARK_WEAVIATE_URL.',
    });
  }
  const { Embedder } = await import("../models/embedder.js");
  const { openStore, ownerOf } = await import("../store/open-store.js");
  const { embedder: name, allowRemote } = settings.models;
  const embedder = await Embedder.load(name, { allowRemote, cacheFolder: join(settings.index, "models") });
  const owner = ownerOf(embedder);
  await embedder.close();
  const local = await openStore({ ...settings, store: { kind: "local" } }, owner);
  try {
    return { local, weaviate: await openStore(settings, owner) };
  } catch (error) {
    await local.close();
    throw error;
  }
}

/** Names of the documents that were added on a page and whose files are not in the folder for them, as before a cluster. */
async function addedWithoutFile(store: Store, folder: string): Promise<string[]> {
  const { ADDED_SCHEME } = await import("../ingest/added-uri.js");
  return (await store.documents())
    .filter(({ uri }) => uri.startsWith(ADDED_SCHEME))
    .map(({ uri }) => uri.slice(ADDED_SCHEME.length))
    .filter((name) => !existsSync(join(folder, name)));
}

/** An ingest takes what has no file for what was deleted. */
function formatWithoutFile(names: readonly string[], folder: string): string {
  return [
    "Of what was added on the page of a server, these files are not on this machine:",
    ...names.map((name) => `  ${printableLine(name)}`),
    `Put them into ${folder}; without them the next \`waymark ingest\` takes these documents out of the index.`,
  ].join("\n");
}

function formatNothing(to: Kind, settings: Settings): string {
  return to === "weaviate"
    ? `There was nothing to copy: the index in ${settings.index} has no documents. Name another with --index, or run \`waymark ingest\` first.`
    : "There was nothing to copy: the cluster has no documents. Look at store.url and store.collectionPrefix in the settings.";
}

function format({ copied, present, passages, others, milliseconds }: MigrateSummary): string {
  const seconds = milliseconds / 1000;
  const all = copied + present;
  return [
    `${count(copied, "document")} copied, ${present} there already; ${count(passages, "passage")} in ${seconds.toFixed(1)} s.`,
    `Compared: all ${count(all, "document")} are there${others === 0 ? "." : `, and ${count(others, "other")} that only this store has.`}`,
  ].join("\n");
}
