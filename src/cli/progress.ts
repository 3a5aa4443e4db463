import { type Output, printableLine } from "./terminal.js";

/** How far an ingest is; `done` and `total` count files. */
export interface Progress {
  phase: string;
  done: number;
  total: number;
  /** The file at work. */
  uri?: string;
}

/** Characters of the bar itself. */
const WIDTH = 24;

/**
 * Shows progress: a bar that is redrawn where a person watches, a line for each file elsewhere.
 * `end` leaves the cursor at the start of an empty line.
 */
export function createProgress(output: Output): { update(progress: Progress): void; end(): void } {
  let last = "";
  let drawn = false;
  return {
    update(progress) {
      if (output.interactive) {
        output.redraw(formatBar(progress, output));
        drawn = true;
        return;
      }
      const line = formatLine(progress);
      if (line !== last) output.line(line);
      last = line;
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
