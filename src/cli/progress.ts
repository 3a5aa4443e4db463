import { type Output, printableLine } from "./terminal.js";

/** How far a long work is. */
export interface Progress {
  /** What is being done, in a word. */
  phase: string;
  done: number;
  total: number;
  /** The file at work. */
  uri?: string;
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

function formatBar({ phase, done, total, uri }: Progress, { columns, dim }: Output): string {
  const share = total === 0 ? 0 : Math.min(1, done / total);
  const filled = Math.round(share * WIDTH);
  const bar = `${"█".repeat(filled)}${"░".repeat(WIDTH - filled)} ${done}/${total} `;
  const label = printableLine(uri === undefined ? phase : `${phase} ${uri}`);
  // The line must not wrap, or redrawing would leave its upper part behind.
  return bar + dim(label.slice(0, Math.max(0, columns - bar.length - 1)));
}

function formatLine({ phase, done, total, uri }: Progress): string {
  return `${done}/${total} ${phase}${uri === undefined ? "" : ` ${printableLine(uri)}`}`;
}
