import type { Command } from "commander";
import type { Settings } from "../config.js";
import type { Finding } from "../store/examine.js";
import { type CommandContext, type GlobalOptions, type Run, settingsFrom, withEngine } from "./command.js";
import { EXIT, type ExitCode } from "./exit-code.js";
import { printableLine } from "./terminal.js";

interface Options extends GlobalOptions {
  check?: boolean;
  json?: boolean;
}

/** `waymark doctor`: checks models and index, and repairs what can be repaired. */
export function addDoctor(program: Command, run: Run): void {
  program
    .command("doctor")
    .description("check the models and every part of the index, and repair what can be repaired")
    .option("--check", "change nothing")
    .option("--json", "print the findings as JSON")
    .addHelpText(
      "after",
      `
Examples:
  waymark doctor
  waymark --index ~/.waymark/notes doctor --check

What is derived (the graph, the full-text index) is made again. A document whose rows are damaged is taken out, and
waymark ingest reads its file again. A database that cannot be read is left alone: waymark ingest --rebuild makes it anew.
Exits with 1 where something is left to be done, and says what.`,
    )
    .action((_options: unknown, command: Command) =>
      run((context) => doctor(command.optsWithGlobals<Options>(), context)),
    );
}

async function doctor(options: Options, { terminal }: CommandContext): Promise<ExitCode> {
  const settings = await settingsFrom(options);
  const { examineIndex, isRepaired } = await import("../store/examine.js");
  const findings = [
    ...(await examineModels(settings)),
    ...(settings.store.kind === "local"
      ? await examineIndex(settings.index, { repair: options.check !== true })
      : await examineCluster(settings)),
  ];
  terminal.out.line(options.json ? JSON.stringify({ findings }, null, 2) : format(findings, settings));
  return findings.every(isRepaired) ? EXIT.ok : EXIT.failure;
}

/** Models by name are not looked at: they are downloaded when they are needed. */
async function examineModels({ models: { embedder, reader } }: Settings): Promise<Finding[]> {
  const { existsSync } = await import("node:fs");
  const { loadCalibration } = await import("../answer/calibration.js");
  const { verifyModelFolder } = await import("../models/checksums.js");
  const checks: [string, () => unknown][] = [embedder, ...(reader === null ? [] : [reader])]
    .filter((folder) => existsSync(folder) || folder.startsWith("/"))
    .map((folder) => [folder, () => verifyModelFolder(folder)]);
  checks.push(["models/calibration.json", () => loadCalibration()]);
  const findings: Finding[] = [];
  for (const [file, check] of checks) {
    try {
      await check();
    } catch (error) {
      const { message, hint } = error as { message: string; hint?: string };
      findings.push({ file, problem: message, ...(hint !== undefined && { remedy: hint }) });
    }
  }
  return findings;
}

/** A cluster looks after its own copies: what is looked at is whether it answers, and whether the index is this model's. */
async function examineCluster(settings: Settings): Promise<Finding[]> {
  try {
    await withEngine(settings, (engine) => engine.status());
    return [];
  } catch (error) {
    const { message, hint } = error as { message: string; hint?: string };
    return [{ file: whereIs(settings), problem: message, ...(hint !== undefined && { remedy: hint }) }];
  }
}

function whereIs({ index, store }: Settings): string {
  return store.kind === "local" ? index : `Weaviate at ${store.url.join(", ")}`;
}

function format(findings: readonly Finding[], settings: Settings): string {
  if (findings.length === 0)
    return `All is well: the models and the index in ${printableLine(whereIs(settings))}.`;
  return findings
    .map(({ file, problem, repaired, remedy }) =>
      [
        `${printableLine(file)}: ${printableLine(problem)}`,
        ...(repaired === undefined ? [] : [`  Repaired: ${repaired}.`]),
        ...(remedy === undefined ? [] : [`  ${remedy}`]),
      ].join("\n"),
    )
    .join("\n");
}
