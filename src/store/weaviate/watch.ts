import { setTimeout as pause } from "node:timers/promises";

/** When a call has waited so long, in milliseconds, we look whether the node is still there. */
const SUSPICION = 500;

/**
 * Finds out that a node has gone while calls to it wait: Weaviate's client tries again by itself for many seconds before
 * it tells. However many calls wait, it is looked for once at a time.
 */
export class Watch {
  readonly #look: () => Promise<void>;
  /** What ends each of the calls, with the time that it began at; the oldest first. */
  readonly #waiting = new Map<(reason: unknown) => void, number>();
  #isWatching = false;

  /** `look` throws where the node does not answer. */
  constructor(look: () => Promise<void>) {
    this.#look = look;
  }

  /** What `call` gives; rejects as soon as the node is seen to be gone. */
  orGone<T>(call: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(reject, performance.now());
      void call.then(resolve, reject).finally(() => this.#waiting.delete(reject));
      void this.#watch();
    });
  }

  async #watch(): Promise<void> {
    if (this.#isWatching) return;
    this.#isWatching = true;
    while (this.#waiting.size > 0) {
      await pause(SUSPICION, undefined, { ref: false });
      const [oldest = Number.POSITIVE_INFINITY] = this.#waiting.values();
      if (performance.now() - oldest < SUSPICION) continue;
      const calls = [...this.#waiting.keys()];
      await twice(this.#look).catch((error: unknown) => {
        for (const end of calls) end(error);
      });
    }
    this.#isWatching = false;
  }
}

/** Looks again where the first look failed: this process may itself have been too busy to see an answer in time. */
export async function twice(look: () => Promise<void>): Promise<void> {
  await look().catch(look);
}
