import { type Output, printableLine } from "./terminal.js";

/** How far a long work is. */
export interface Progress {
  /** What is being done, in a word. */
  phase: string;
  done: number;
  total: number;
  /** The file at work. */
  uri?: string;
  /** Passages a second, and seconds that the rest will take: where they can be told. */
  rate?: number;
  secondsLeft?: number;
}

/** Characters of the bar itself. */
const WIDTH = 24;

/** Lines in a log for the whole work, about. */
const LINES = 10;

/**
 * Shows progress: a bar that is redrawn where a person watches, a line for each tenth of the work elsewhere.
 * `end` leaves the cursor at the start of an empty line.
 */
export function createProgress(output: Output): { update(progress: Progress): void; end(): void } {
  let told = -1;
  let drawn = false;
  return {
    update(progress) {
      if (output.interactive) {
        output.redraw(formatBar(progress, output));
        drawn = true;
        return;
      }
      const part = Math.floor((LINES * progress.done) / Math.max(1, progress.total));
      if (part > told) output.line(formatLine(progress));
      told = Math.max(told, part);
    },
    end() {
      if (drawn) output.redraw("");
      drawn = false;
    },
  };
}

function formatBar(progress: Progress, { columns, dim }: Output): string {
  const { phase, done, total, uri } = progress;
  const share = total === 0 ? 0 : Math.min(1, done / total);
  const filled = Math.round(share * WIDTH);
  const bar = `${"█".repeat(filled)}${"░".repeat(WIDTH - filled)} ${done}/${total} `;
  const label = printableLine(formatPace(progress) + (uri === undefined ? phase : `${phase} ${uri}`));
  // The line must not wrap, or redrawing would leave its upper part behind.
  return bar + dim(label.slice(0, Math.max(0, columns - bar.length - 1)));
}

function formatLine(progress: Progress): string {
  const { phase, done, total, uri } = progress;
  return `${done}/${total} ${formatPace(progress)}${phase}${uri === undefined ? "" : ` ${printableLine(uri)}`}`;
}

/** `31.2 passages/s, 4 min left: `; empty where nothing can be told. */
function formatPace({ rate, secondsLeft }: Progress): string {
  const parts = [
    ...(rate === undefined ? [] : [`${rate.toFixed(1)} passages/s`]),
    ...(secondsLeft === undefined || secondsLeft < 1 ? [] : [`${formatTime(secondsLeft)} left`]),
  ];
  return parts.length === 0 ? "" : `${parts.join(", ")}: `;
}

function formatTime(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
