/** Too short a time says nothing about what is to come, in milliseconds. */
const MIN_TIME = 1_000;

/** How fast a run makes passages, and how long it will take yet, by the bytes of its files. */
export class Pace {
  readonly #totalBytes: number;
  readonly #now: () => number;
  readonly #started: number;
  #making: number | undefined;
  #doneBytes = 0;
  #passages = 0;

  /** `now` gives milliseconds. */
  constructor(totalBytes: number, now: () => number = () => performance.now()) {
    this.#totalBytes = totalBytes;
    this.#now = now;
    this.#started = now();
  }

  /** The first passages are about to be made. */
  begin(): void {
    this.#making ??= this.#now();
  }

  /** Passages were made, of so many bytes of a file. */
  made(passages: number, bytes: number): void {
    this.#passages += passages;
    this.#doneBytes += bytes;
  }

  /** So many bytes need no work any more. */
  done(bytes: number): void {
    this.#doneBytes += bytes;
  }

  get passages(): number {
    return this.#passages;
  }

  /** Passages a second since the first one was begun; undefined while that is too short a time. */
  get rate(): number | undefined {
    if (this.#making === undefined) return undefined;
    const time = this.#now() - this.#making;
    return time < MIN_TIME ? undefined : (1000 * this.#passages) / time;
  }

  /** Seconds until all is done, if the rest is as what was; undefined while that cannot be told. */
  get secondsLeft(): number | undefined {
    const time = this.#now() - this.#started;
    if (time < MIN_TIME || this.#doneBytes <= 0) return undefined;
    return (time * Math.max(0, this.#totalBytes - this.#doneBytes)) / this.#doneBytes / 1000;
  }
}
