export interface AdmissionLimits {
  /** Requests that are worked on at once. */
  running: number;
  /** Requests that wait for their turn, at most. */
  waiting: number;
  /** Requests of one client that run or wait, at most. */
  perClient: number;
}

/** The right to run; `leave` gives it up and may be called twice. */
export interface Turn {
  leave(): void;
}

/** Why there is no turn, and after how many seconds it is worth trying again. */
export interface Refusal {
  refused: "full" | "client";
  retryAfter: number;
}

interface Waiting {
  enter(): void;
}

/** What a request is taken to last before any has been measured: milliseconds. */
const FIRST_GUESS = 500;
/** The weight of the latest request in the average. */
const WEIGHT = 0.1;

/**
 * Lets a number of requests run at once and others wait in order, both bounded: who finds the queue full is told so at
 * once, so that nobody waits longer than what is ahead of them takes.
 */
export class AdmissionQueue {
  readonly #limits: AdmissionLimits;
  readonly #ofClient = new Map<string, number>();
  #running = 0;
  #queue: Waiting[] = [];
  #average = FIRST_GUESS;

  constructor(limits: AdmissionLimits) {
    this.#limits = limits;
  }

  /**
   * @param client what tells one client from another; undefined: not counted by client
   * @param signal gives up the place in the queue
   * @throws the signal's reason
   */
  async enter(client: string | undefined, signal: AbortSignal): Promise<Turn | Refusal> {
    if (client !== undefined && (this.#ofClient.get(client) ?? 0) >= this.#limits.perClient) {
      return { refused: "client", retryAfter: this.#estimate(1) };
    }
    if (this.#running >= this.#limits.running && this.#queue.length >= this.#limits.waiting) {
      return { refused: "full", retryAfter: this.#estimate(this.#queue.length + 1) };
    }
    this.#count(client, 1);
    try {
      if (this.#running < this.#limits.running) this.#running += 1;
      else await this.#wait(signal);
    } catch (error) {
      this.#count(client, -1);
      throw error;
    }
    return this.#turn(client);
  }

  #wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting = {
        enter: () => {
          signal.removeEventListener("abort", giveUp);
          resolve();
        },
      };
      const giveUp = () => {
        this.#queue = this.#queue.filter((other) => other !== waiting);
        reject(signal.reason);
      };
      if (signal.aborted) return reject(signal.reason);
      signal.addEventListener("abort", giveUp, { once: true });
      this.#queue.push(waiting);
    });
  }

  #turn(client: string | undefined): Turn {
    const begun = performance.now();
    let left = false;
    return {
      leave: () => {
        if (left) return;
        left = true;
        this.#average += WEIGHT * (performance.now() - begun - this.#average);
        this.#count(client, -1);
        const next = this.#queue.shift();
        if (next === undefined) this.#running -= 1;
        else next.enter();
      },
    };
  }

  #count(client: string | undefined, change: 1 | -1): void {
    if (client === undefined) return;
    const count = (this.#ofClient.get(client) ?? 0) + change;
    if (count === 0) this.#ofClient.delete(client);
    else this.#ofClient.set(client, count);
  }

  /** Seconds until so many requests have had their turn. */
  #estimate(requests: number): number {
    return Math.max(1, Math.ceil((requests * this.#average) / this.#limits.running / 1000));
  }
}
