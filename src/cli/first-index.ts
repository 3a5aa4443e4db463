import type { Settings } from "../config.js";
import type { CommandContext, Engine } from "./command.js";
import { indexesByItself } from "./indexes-by-itself.js";
import { createProgress } from "./progress.js";

/** Indexes the corpus where nothing was ever indexed, so that the first question can be asked straight away. */
export async function indexIfEmpty(
  engine: Engine,
  settings: Settings,
  { terminal, signal }: CommandContext,
): Promise<void> {
  if (!indexesByItself(settings)) return;
  const { generation } = await engine.status();
  if (generation > 0) return;
  const { DEFAULT_CORPUS } = await import("../config.js");
  terminal.err.line(`Nothing is indexed yet: indexing ${settings.corpus ?? DEFAULT_CORPUS} first.`);
  const progress = createProgress(terminal.err);
  try {
    await engine.ingest({ onProgress: progress.update, signal });
  } finally {
    progress.end();
  }
}
