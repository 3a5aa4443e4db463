import { promises as fs } from "node:fs";
import { WaymarkError } from "../errors.js";
import { FolderWatch, type FolderWatchOptions } from "./folder-watch.js";
import type { IngestSummary } from "./run.js";

export interface FollowOptions extends Pick<FolderWatchOptions, "extensions" | "without"> {
  /** Files and folders to follow. */
  roots: readonly string[];
  /**
   * Brings the index up to date. Has to call `onFolder` with each folder before it looks into it, and to leave files that
   * were changed within `settle` milliseconds for later.
   */
  run: (options: { onFolder: (path: string) => void; settle: number }) => Promise<IngestSummary>;
  /** What a person should know, a sentence at a time: what hinders, once until it is over. */
  onNote: (note: string) => void;
  /** Called when a run is over. */
  onRun?: (summary: IngestSummary) => void;
  signal: AbortSignal;
}

/** Milliseconds without a change before the index is brought up to date: an editor's save is several changes. */
const QUIET = 150;
/** Where changes go on and on, they are taken so many milliseconds after the first. */
const MOST = 1_000;
/** A file that was changed within so many milliseconds may be half written. */
const SETTLE = 250;
/** The most milliseconds until a file that is being written is looked at again. */
const MOST_SETTLE = 2_000;
/** Milliseconds between two looks at the roots themselves, of which no notice tells that they are gone or back. */
const LOOK_AT_ROOTS = 500;
/** Milliseconds until the index is asked for again where another process writes, or where something failed. */
const RETRY = 1_000;
/** Folders that cannot be watched, and network drives that tell of nothing, are looked through so often. */
const SWEEP_BLIND = 2_000;
const SWEEP = 60_000;
/** A sweep takes this share of the time at most. */
const SWEEP_SHARE = 1 / 50;

/**
 * Keeps the index in step with files and folders until the signal fires; then it ends after the run that is under way.
 * First everything is brought up to date, then what changes, in runs that each take all changes so far. Between two runs
 * nothing is locked. A root that vanishes stays in the index, and is followed again when it is back.
 * @throws what a run throws that is no WaymarkError
 */
export async function follow({
  roots,
  run,
  onNote,
  onRun,
  signal,
  ...watching
}: FollowOptions): Promise<void> {
  const changes = new Changes();
  const note = once(onNote);
  const watch = new FolderWatch({
    ...watching,
    onChange: () => changes.note(),
    onLimit: ({ message }) =>
      onNote(`The system watches no more folders (${message}): the others are looked through every 2 s.`),
  });
  const states = new RootStates(roots);
  await states.changed();
  const looking = setInterval(async () => {
    if (await states.changed()) changes.note();
  }, LOOK_AT_ROOTS);
  try {
    let waits = 0;
    while (!signal.aborted) {
      changes.clear();
      const started = performance.now();
      const outcome = await attempt(() => run({ onFolder: (path) => watch.add(path), settle: SETTLE }));
      const took = performance.now() - started;
      if ("error" in outcome) {
        if (signal.aborted) break;
        note([outcome.error.message, outcome.error.hint].filter(Boolean).join(" "));
      } else {
        note(undefined);
        watch.endScan();
        onRun?.(outcome.summary);
      }
      const waiting = "summary" in outcome && outcome.summary.waiting > 0;
      waits = waiting ? waits + 1 : 0;
      const sweep = watch.isComplete ? SWEEP : SWEEP_BLIND;
      const atMost =
        "error" in outcome
          ? RETRY
          : waiting
            ? Math.min(MOST_SETTLE, SETTLE * 2 ** (waits - 1))
            : Math.max(sweep, took / SWEEP_SHARE);
      await changes.next(atMost, signal);
    }
  } finally {
    clearInterval(looking);
    watch.close();
  }
}

/** A WaymarkError is something that may pass: another process writes, a folder is away. */
async function attempt(
  run: () => Promise<IngestSummary>,
): Promise<{ summary: IngestSummary } | { error: WaymarkError }> {
  try {
    return { summary: await run() };
  } catch (error) {
    if (WaymarkError.isInstance(error)) return { error };
    throw error;
  }
}

/** Whether anything has changed, and a way to wait until it has and is quiet again. */
class Changes {
  #first: number | undefined;
  #last = 0;
  #wake: () => void = () => undefined;

  note(): void {
    this.#last = performance.now();
    this.#first ??= this.#last;
    this.#wake();
  }

  clear(): void {
    this.#first = undefined;
  }

  /** Settles when a change has been followed by quiet, after `atMost` milliseconds, or when the signal fires. */
  async next(atMost: number, signal: AbortSignal): Promise<void> {
    const end = performance.now() + atMost;
    for (;;) {
      const now = performance.now();
      const due = this.#first === undefined ? end : Math.min(this.#last + QUIET, this.#first + MOST, end);
      if (signal.aborted || now >= due) return;
      await this.#sleep(due - now, signal);
    }
  }

  #sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(done, milliseconds);
      signal.addEventListener("abort", done);
      this.#wake = done;
      function done() {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        resolve();
      }
    });
  }
}

/** What the roots are: whether they are there, and which file or folder is at their place. */
class RootStates {
  readonly #roots: readonly string[];
  #states = "";

  constructor(roots: readonly string[]) {
    this.#roots = roots;
  }

  /** Whether any is another one than at the last call. */
  async changed(): Promise<boolean> {
    const states = (await Promise.all(this.#roots.map(stateOf))).join("\n");
    const changed = states !== this.#states;
    this.#states = states;
    return changed;
  }
}

async function stateOf(path: string): Promise<string> {
  return fs.stat(path).then(
    (found) => [found.dev, found.ino, ...(found.isFile() ? [found.size, found.mtimeMs] : [])].join(" "),
    () => "missing",
  );
}

/** Passes a note on where it is another one than the last; undefined: what was wrong is over. */
function once(tell: (note: string) => void): (note: string | undefined) => void {
  let last: string | undefined;
  return (note) => {
    if (note !== undefined && note !== last) tell(note);
    last = note;
  };
}
