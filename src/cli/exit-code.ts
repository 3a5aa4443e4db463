import type { ErrorCode } from "../errors.js";

/** What the command line's exit status says. Stable: scripts rely on it. */
export const EXIT = {
  /** Done; `ask`: answered. */
  ok: 0,
  failure: 1,
  /** An option, an argument or a setting that cannot be used. */
  usage: 2,
  /** `ask`: the documents do not answer the question. */
  abstained: 3,
  /** Stopped by Ctrl-C: 128 + SIGINT, as shells have it. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** For `--help`. */
export const EXIT_CODES_HELP = `Exit codes:
  0    done; ask: answered
  1    failed, the reason is on standard error
  2    an option, an argument or a setting that cannot be used
  3    ask: the documents do not answer the question
  130  stopped by Ctrl-C`;

const USAGE: ReadonlySet<ErrorCode> = new Set(["invalid-input", "invalid-settings", "no-language-model"]);

/** The exit status for an error of the library. */
export function exitCodeOf(code: ErrorCode): ExitCode {
  if (code === "aborted") return EXIT.interrupted;
  return USAGE.has(code) ? EXIT.usage : EXIT.failure;
}
