import type { Settings, SettingsInput } from "../config.js";
import type { OpenOptions } from "../local-waymark.js";
import type { LocalWaymark } from "../waymark.js";
import type { ExitCode } from "./exit-code.js";
import type { Terminal } from "./terminal.js";

/** What a running command has to do with the world. */
export interface CommandContext {
  terminal: Terminal;
  /** Fires on Ctrl-C. */
  signal: AbortSignal;
}

/** Runs a command's body with a context; its exit code becomes the process's. */
export type Run = (body: (context: CommandContext) => Promise<ExitCode>) => Promise<void>;

/** The options that every command takes. */
export interface GlobalOptions {
  index?: string;
  corpus?: string;
  debug?: boolean;
}

/** What the commands work with. */
export type Engine = LocalWaymark;

/**
 * The settings with the command line's options over them. Modules are imported where they are needed, here and in
 * the commands, so that `--help` does not wait for models and databases that it has no use for.
 */
export async function settingsFrom(
  { index, corpus }: GlobalOptions,
  server: ServerOptions = {},
): Promise<Settings> {
  const { loadSettings } = await import("../config.js");
  const overrides: SettingsInput = { server };
  if (index !== undefined) overrides.index = index;
  if (corpus !== undefined) overrides.corpus = corpus;
  return loadSettings(overrides);
}

type ServerOptions = NonNullable<SettingsInput["server"]>;

/** Opens the engine for one command and closes it whatever happens. */
export async function withEngine<T>(
  settings: Settings,
  body: (engine: Engine) => Promise<T>,
  options: OpenOptions = {},
): Promise<T> {
  const { openWaymark } = await import("../waymark.js");
  const engine = await openWaymark(settings, options);
  try {
    return await body(engine);
  } finally {
    await engine.close();
  }
}
