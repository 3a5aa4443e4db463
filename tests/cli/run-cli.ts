import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../src/config.js";

/** The built command line; `npm test` builds it first. */
const CLI = join(PACKAGE_ROOT, "dist", "cli.js");

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A running command: its process, what it has written so far, and how it ends. */
export interface RunningCli {
  process: ChildProcess;
  /** Waits until the command has written something that matches, on either stream; gives the match. */
  said(pattern: RegExp): Promise<RegExpExecArray>;
  finished: Promise<Finished>;
}

export interface CliOptions {
  cwd: string;
  /** Variables beside the surrounding ones. */
  env?: Record<string, string>;
}

/** Starts the command line as a child process, without a terminal. */
export function startCli(args: readonly string[], { cwd, env = {} }: CliOptions): RunningCli {
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
      child.emit("said");
    });
  }
  const finished = once(child, "close").then(([code]) => ({ code: code as number | null, ...output }));
  return {
    process: child,
    finished,
    async said(pattern) {
      for (;;) {
        const found = pattern.exec(output.stdout) ?? pattern.exec(output.stderr);
        if (found) return found;
        if (child.exitCode !== null || child.signalCode !== null)
          throw new Error(`It ended without ${pattern}: ${output.stderr}`);
        await Promise.race([once(child, "said"), finished]);
      }
    },
  };
}

/** Runs a command to its end. */
export function runCli(args: readonly string[], options: CliOptions): Promise<Finished> {
  return startCli(args, options).finished;
}

/** The events that `waymark ingest --json` has written. */
export function eventsOf({ stdout }: Pick<Finished, "stdout">): Record<string, unknown>[] {
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** The last of them: what became of all files. */
export function summaryOf(finished: Pick<Finished, "stdout">): unknown {
  return eventsOf(finished).findLast(({ event }) => event === "summary");
}
