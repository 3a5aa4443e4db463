import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { WaymarkError } from "../../errors.js";
import type { Collections } from "./schema.js";
import { readSetting, writeSetting } from "./settings.js";

/** Runs `work` on the collections, with retries. */
export type Use = <T>(work: (collections: Collections) => Promise<T>) => Promise<T>;

/** For how long, in milliseconds, a writer that is not heard of keeps the right to write. */
const TERM = 30_000;

/** Two that come at once write both; after this time each sees which of them is the last. */
const SETTLING = 200;

/** Who writes, and until when (milliseconds since 1970): the clocks of the machines have to agree within seconds. */
interface Holder {
  holder: string;
  until: number;
}

/**
 * The right to bring an index in the cluster up to date. Weaviate has no transactions, so this is an agreement between
 * writers of Waymark: it keeps two from working at the same time, and a writer that lost it from going on.
 */
export class Lease {
  readonly #use: Use;
  readonly #me = randomUUID();
  #until = 0;
  #renewing: NodeJS.Timeout | undefined;

  constructor(use: Use) {
    this.#use = use;
  }

  /** @throws WaymarkError `index-locked` where another has it */
  async take(): Promise<void> {
    await this.#requireFree();
    await this.#renew();
    await pause(SETTLING);
    await this.#requireFree();
    this.#renewing = setInterval(() => void this.#renew().catch(() => undefined), TERM / 4).unref();
  }

  /** Before each change. @throws WaymarkError `index-locked` where the right has passed to another */
  async require(): Promise<void> {
    if (this.#renewing === undefined || Date.now() < this.#until) return;
    // The cluster, or this process, stood still for a while.
    await this.#requireFree();
    await this.#renew();
  }

  /** May be called twice. A cluster that does not answer is not waited for: the right ends by itself. */
  async giveBack(): Promise<void> {
    if (this.#renewing === undefined) return;
    clearInterval(this.#renewing);
    this.#renewing = undefined;
    const mine = await this.#use((collections) => readSetting<Holder>(collections, NAME)).catch(
      () => undefined,
    );
    if (mine?.holder !== this.#me) return;
    await this.#use((collections) => writeSetting(collections, NAME, { ...mine, until: 0 })).catch(
      () => undefined,
    );
  }

  async #requireFree(): Promise<void> {
    const present = await this.#use((collections) => readSetting<Holder>(collections, NAME));
    if (present === undefined || present.holder === this.#me || present.until < Date.now()) return;
    throw new WaymarkError(
      "index-locked",
      "Another process is bringing the index in the cluster up to date.",
      {
        hint: `Wait until it has finished; one that was killed keeps the right to write for ${TERM / 1000} seconds. Questions can be asked meanwhile.`,
      },
    );
  }

  async #renew(): Promise<void> {
    const until = Date.now() + TERM;
    await this.#use((collections) => writeSetting(collections, NAME, { holder: this.#me, until }));
    this.#until = until;
  }
}

const NAME = "writer";
