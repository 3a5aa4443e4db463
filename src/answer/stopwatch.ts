import type { Timings } from "./answer.js";

/** Adds up milliseconds by stage. */
export class Stopwatch {
  readonly #timings: Timings = { embed: 0, retrieve: 0, read: 0, compose: 0, total: 0 };
  readonly #start = performance.now();
  #last = this.#start;

  /** Counts the time since the last lap towards a stage. */
  lap(stage: Exclude<keyof Timings, "total">): void {
    const now = performance.now();
    this.#timings[stage] += now - this.#last;
    this.#last = now;
  }

  /** Milliseconds so far, to a tenth. */
  timings(): Timings {
    const round = (value: number) => Math.round(value * 10) / 10;
    const { embed, retrieve, read, compose } = this.#timings;
    return {
      embed: round(embed),
      retrieve: round(retrieve),
      read: round(read),
      compose: round(compose),
      total: round(performance.now() - this.#start),
    };
  }
}
