import { setTimeout as pause } from "node:timers/promises";
import type { WeaviateClient } from "weaviate-client";
import type { WeaviateSettings } from "../../store-settings.js";
import type { ClientModule } from "./client.js";
import { explain, failureOf, mayPass } from "./failures.js";
import { portOf, requireGrpc } from "./grpc-address.js";
import { twice, Watch } from "./watch.js";

/** How long to go on trying, in milliseconds, where a cluster does not answer. */
export const PATIENCE = {
  /** A person waits. */
  reading: 3_000,
  /** A node that restarts, or an election, takes some seconds; an ingest can wait for it. */
  writing: 60_000,
} as const;

export interface ClusterOptions {
  module: ClientModule;
  settings: Pick<WeaviateSettings, "url" | "grpcUrl">;
  /** The API key; none for a cluster that is open to everyone who reaches it. */
  key: string | undefined;
}

/** The nodes of a cluster: asks one, and the next where that one does not answer. */
export class Cluster {
  readonly #nodes: Node[];
  /** Of the node that answered last. */
  #present = 0;
  #closed = false;

  constructor({ module, settings: { url, grpcUrl }, key }: ClusterOptions) {
    this.#nodes = url.map((http, index) => new Node(module, http, grpcUrl?.[index], key));
  }

  get urls(): string[] {
    return this.#nodes.map(({ url }) => url);
  }

  /**
   * Does `work` with a client, again and with another node as long as the failure is one that passes, and the patience
   * lasts, from the first failure on. `work` may have been done in part, or wholly, before it is done again.
   * @throws WaymarkError `store-unreachable`, `invalid-settings` (the key); and what else `work` throws
   */
  async use<T>(
    work: (client: WeaviateClient) => Promise<T>,
    patience: number = PATIENCE.reading,
  ): Promise<T> {
    let end: number | undefined;
    for (let failures = 0; ; ) {
      const place = this.#present;
      const node = this.#nodes[place] as Node;
      try {
        return await node.use(work);
      } catch (error) {
        if (this.#closed || !mayPass(failureOf(error))) throw explain(error, [node.url]);
        await node.forget();
        // Of several calls that fail there at once, the first moves all of them on.
        if (this.#present === place) this.#present = (place + 1) % this.#nodes.length;
        failures += 1;
        // A call that hung has taken none of the patience: it is for the others.
        end ??= performance.now() + patience;
        const wait = backOff(Math.floor(failures / this.#nodes.length));
        if (performance.now() + wait > end) throw explain(error, this.urls);
        await pause(wait);
      }
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#nodes.map((node) => node.forget()));
  }
}

/** Nothing before each node had its turn; then doubling, with some chance in it, so that many clients do not come at once. */
function backOff(rounds: number): number {
  return rounds === 0 ? 0 : Math.min(2_000, 50 * 2 ** rounds) * (0.5 + Math.random() / 2);
}

/** Seconds that the client waits. A node that has died is given up sooner, see {@link Node.use}. */
const TIMEOUT = { init: 5, query: 20, insert: 30 };

/** Milliseconds that a node has to say that it is there. */
const SIGN_OF_LIFE = 2_000;

class Node {
  readonly url: string;
  readonly #module: ClientModule;
  readonly #grpc: URL;
  readonly #key: string | undefined;
  readonly #watch = new Watch(() => this.#requireAnswer());
  #client: Promise<WeaviateClient> | undefined;

  constructor(module: ClientModule, url: string, grpcUrl: string | undefined, key: string | undefined) {
    this.#module = module;
    this.url = url.replace(/\/+$/, "");
    this.#grpc = new URL(grpcUrl ?? withPort(url, 50051));
    this.#key = key;
  }

  use<T>(work: (client: WeaviateClient) => Promise<T>): Promise<T> {
    this.#client ??= this.#connect();
    return this.#watch.orGone(this.#client.then(work));
  }

  /** Drops the connection; the next use makes a new one. */
  async forget(): Promise<void> {
    const client = await this.#client?.catch(() => undefined);
    this.#client = undefined;
    await client?.close();
  }

  async #connect(): Promise<WeaviateClient> {
    const http = new URL(this.url);
    const key = this.#key;
    const client = await this.#module.default.connectToCustom({
      httpHost: http.hostname,
      httpPort: portOf(http),
      httpSecure: http.protocol === "https:",
      ...(http.pathname === "/" ? {} : { httpPath: http.pathname }),
      grpcHost: this.#grpc.hostname,
      grpcPort: portOf(this.#grpc),
      grpcSecure: this.#grpc.protocol === "https:",
      timeout: TIMEOUT,
      // They would cost four round trips, and print to the console where the node is away.
      skipInitChecks: true,
      ...(key === undefined ? {} : { authCredentials: new this.#module.ApiKey(key) }),
    });
    try {
      // Each collection asks for it without waiting for the answer: where it is not known by then, and the node does not
      // answer, that ends the process.
      await client.getWeaviateVersion();
      await twice(() => this.#requireGrpc());
    } catch (error) {
      await client.close();
      throw error;
    }
    return client;
  }

  /** @throws Error where the node does not answer */
  async #requireAnswer(): Promise<void> {
    const signal = AbortSignal.timeout(SIGN_OF_LIFE);
    const answer = await fetch(`${this.url}/v1/.well-known/live`, { signal }).catch((cause: unknown) => {
      throw new Error("fetch failed", { cause });
    });
    await answer.body?.cancel();
    await this.#requireGrpc();
  }

  #requireGrpc(): Promise<void> {
    return requireGrpc(this.url, this.#grpc, AbortSignal.timeout(SIGN_OF_LIFE));
  }
}

function withPort(url: string, port: number): string {
  const changed = new URL(url);
  changed.port = String(port);
  return changed.href;
}
