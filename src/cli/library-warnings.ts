import { type Output, printableLine } from "./terminal.js";

/**
 * What libraries warn of through the console becomes one line each, without stacks. Weaviate's client warns at each try
 * that fails, which is then made with another node, and has no setting for it.
 */
export function shortenWarnings(err: Output, target: Pick<Console, "warn"> = console): void {
  target.warn = (...parts) => err.line(err.dim(printableLine(parts.map(wordsOf).join(" "))));
}

function wordsOf(part: unknown): string {
  return part instanceof Error ? part.message : String(part);
}
