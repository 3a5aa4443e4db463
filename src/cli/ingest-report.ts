import type { IngestProgress, IngestSummary, Outcome } from "../ingest/ingest.js";
import type { Skipped } from "../ingest/scan.js";
import { count } from "./counts.js";
import { createProgress } from "./progress.js";
import { printableLine, type Terminal } from "./terminal.js";

/** Tells what an ingest does, and what the runs do that follow it where files are watched. */
export interface IngestReport {
  progress(progress: IngestProgress): void;
  passedOver(passed: Skipped): void;
  /** A run is over. */
  summary(summary: IngestSummary): void;
  note(note: string): void;
  /** The first run is over, and changes are followed from now on. */
  watching(): void;
  /** Nothing more is told: the line of a progress bar is cleared. */
  end(): void;
}

/** For a person: a bar and a summary for the first run, a line a change then. */
export function createTextReport(
  { out, err }: Terminal,
  { verbose = false }: { verbose?: boolean } = {},
): IngestReport {
  const bar = createProgress(err);
  const passed: Skipped[] = [];
  const changes = new Changes();
  let isWatching = false;
  return {
    progress(progress) {
      if (!isWatching) bar.update(progress);
      const change = changes.of(progress);
      if (isWatching && change !== undefined) {
        const { outcome, uri, reason } = change;
        out.line(`${outcome.padEnd(8)}${printableLine(uri)}${reason ? `: ${printableLine(reason)}` : ""}`);
      }
    },
    passedOver(one) {
      if (verbose && !isWatching) passed.push(one);
    },
    summary(summary) {
      if (isWatching) return;
      bar.end();
      out.line(formatSummary(summary));
      if (verbose) out.line(["Passed over:", ...passed.map(line)].join("\n"));
    },
    note: (note) => err.line(note),
    watching() {
      isWatching = true;
      out.line("Watching for changes; Ctrl-C ends it.");
    },
    end: () => bar.end(),
  };
}

/** For a program: a JSON object a line; see `waymark ingest --help`. */
export function createJsonReport({ out }: Pick<Terminal, "out">): IngestReport {
  const changes = new Changes();
  let isWatching = false;
  const tell = (event: string, data: object = {}) => out.line(JSON.stringify({ event, ...data }));
  return {
    progress({ phase, rate, ...progress }) {
      const change = changes.of({ phase, ...progress });
      if (isWatching && change === undefined) return;
      tell(phase, { ...progress, ...(rate !== undefined && { passagesPerSecond: rate }) });
    },
    passedOver(passed) {
      if (!isWatching) tell("passed-over", passed);
    },
    summary(summary) {
      if (!isWatching) tell("summary", summary);
    },
    note: (message) => tell("note", { message }),
    watching() {
      isWatching = true;
      tell("watching");
    },
    end: () => undefined,
  };
}

/** What changed in the index. A file that is skipped again for the same reason is no change. */
class Changes {
  readonly #skipped = new Map<string, string>();

  of({
    phase,
    uri,
    reason,
  }: Pick<IngestProgress, "phase" | "uri" | "reason">):
    | { outcome: Outcome; uri: string; reason?: string | undefined }
    | undefined {
    if (uri === undefined || !TOLD.has(phase as Outcome)) return undefined;
    const isRepeated = phase === "skipped" && this.#skipped.get(uri) === reason;
    if (phase === "skipped" && reason !== undefined) this.#skipped.set(uri, reason);
    else this.#skipped.delete(uri);
    return isRepeated ? undefined : { outcome: phase as Outcome, uri, reason };
  }
}

const TOLD: ReadonlySet<Outcome> = new Set(["added", "changed", "removed", "skipped"]);

function formatSummary(summary: IngestSummary): string {
  const { added, changed, unchanged, removed, waiting, skipped, hidden, incomplete, passages, milliseconds } =
    summary;
  const counts = `${added} added, ${changed} changed, ${unchanged} unchanged, ${removed} removed, ${skipped.length} skipped`;
  const later = waiting === 0 ? "" : `, ${waiting} being written and left for later`;
  const seconds = milliseconds / 1000;
  const rate = passages === 0 ? "" : `, ${(passages / Math.max(seconds, 0.001)).toFixed(1)}/s`;
  const work = `${count(passages, "passage")} in ${seconds.toFixed(1)} s${rate}`;
  const unseen = hidden.map(
    ({ uri, characters }) => `  ${printableLine(uri)}: ${count(characters, "character")}`,
  );
  return [
    `${counts}${later}; ${work}.`,
    ...(skipped.length > 0 ? ["Skipped:", ...skipped.map(line)] : []),
    ...(incomplete.length > 0 ? ["Read in part:", ...incomplete.map(line)] : []),
    ...(unseen.length > 0 ? ["Left out, because a reader of the file does not see it:", ...unseen] : []),
  ].join("\n");
}

function line({ uri, reason }: Skipped): string {
  return `  ${printableLine(uri)}: ${printableLine(reason)}`;
}
