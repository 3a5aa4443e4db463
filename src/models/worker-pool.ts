import { WaymarkError } from "../errors.js";

/** Does one task at a time, in the order in which it is given them. */
export interface PoolWorker<Task, Result> {
  /** False once it has died: it gets no more tasks, and another takes its place. */
  readonly alive: boolean;
  /** True where it can begin this task at once, without loading anything first. */
  isReadyFor(task: Task): boolean;
  /** Rejects where the task fails, and where the worker dies of it. */
  run(task: Task): Promise<Result>;
  /** Ends the worker after the tasks that it was given. */
  close(): Promise<void>;
}

interface Job<Task, Result> {
  task: Task;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/**
 * Hands tasks to at most `size` workers, first come, first served. A worker that is ready for a task is preferred. Only a
 * task that `spreads` is worth another worker: one that has to be started, or to make itself ready while others are. A
 * worker that dies takes the task that it was at with it, and no other.
 *
 * Where all are busy, one that is ready for a task, or any where none is, is given it `ahead` of time, so that it need not
 * wait for this thread between two tasks.
 *
 * A caller with many tasks should have no more than `size` of them here at once (see `mapConcurrently`): then callers
 * take turns, and a single task waits for about one task of each of them, not for all that they have.
 */
export class WorkerPool<Task, Result, W extends PoolWorker<Task, Result> = PoolWorker<Task, Result>> {
  readonly #size: number;
  readonly #start: () => W;
  readonly #spreads: (task: Task) => boolean;
  readonly #ahead: number;
  /** What each worker is at, and what it is to do after that. */
  readonly #given = new Map<W, Job<Task, Result>[]>();
  #queue: Job<Task, Result>[] = [];
  #closed = false;

  constructor(size: number, start: () => W, spreads: (task: Task) => boolean = () => true, ahead = 0) {
    this.#size = size;
    this.#start = start;
    this.#spreads = spreads;
    this.#ahead = ahead;
  }

  /** The workers that live. */
  get workers(): W[] {
    return [...this.#given.keys()].filter((worker) => worker.alive);
  }

  /**
   * Where the signal fires, a task that waits is dropped; one that a worker has goes on, but nobody waits for it.
   * @throws WaymarkError `aborted` when the signal fires or the pool is closed; whatever the worker throws
   */
  run(task: Task, signal?: AbortSignal): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      if (this.#closed || signal?.aborted) return reject(stopped(signal));
      const job: Job<Task, Result> = {
        task,
        resolve: (result) => {
          signal?.removeEventListener("abort", onAbort);
          resolve(result);
        },
        reject: (error) => {
          signal?.removeEventListener("abort", onAbort);
          reject(error);
        },
      };
      const onAbort = () => {
        this.#queue = this.#queue.filter((queued) => queued !== job);
        reject(stopped(signal));
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#queue.push(job);
      this.#dispatch();
    });
  }

  /** Drops the tasks that wait and that `which` is true of. */
  drop(which: (task: Task) => boolean): void {
    const dropped = this.#queue.filter(({ task }) => which(task));
    this.#queue = this.#queue.filter((job) => !dropped.includes(job));
    for (const job of dropped) job.reject(stopped());
  }

  /** Drops the tasks that wait, lets those that workers have come to their end, and ends the workers. */
  async close(): Promise<void> {
    this.#closed = true;
    this.drop(() => true);
    await Promise.all(this.workers.map((worker) => worker.close()));
  }

  #dispatch(): void {
    if (this.#closed) this.drop(() => true);
    for (const job of [...this.#queue]) {
      try {
        const worker = this.#workerFor(job.task);
        if (worker === undefined) continue;
        void this.#work(worker, job);
      } catch (cause) {
        job.reject(cause);
      }
      this.#queue = this.#queue.filter((queued) => queued !== job);
    }
  }

  /** A worker to give the task to now, if there is one. */
  #workerFor(task: Task): W | undefined {
    const living = this.workers;
    const ready = living.filter((worker) => worker.isReadyFor(task));
    const idle = living.filter((worker) => this.#load(worker) === 0);
    const best = idle.find((worker) => ready.includes(worker));
    if (best !== undefined) return best;
    if (this.#spreads(task) || living.length === 0) {
      const another = idle[0] ?? (living.length < this.#size ? this.#start() : undefined);
      if (another !== undefined) return another;
    }
    const withRoom = (worker: W) => this.#load(worker) <= this.#ahead;
    if (ready.length > 0) return ready.find(withRoom);
    // A busy one makes itself ready in its turn: idle none may ever be, if others keep coming.
    return idle[0] ?? living.find(withRoom);
  }

  #load(worker: W): number {
    return this.#given.get(worker)?.length ?? 0;
  }

  async #work(worker: W, job: Job<Task, Result>): Promise<void> {
    const given = this.#given.get(worker) ?? [];
    this.#given.set(worker, given);
    given.push(job);
    try {
      job.resolve(await worker.run(job.task));
    } catch (error) {
      // It has gone back to the queue: the worker died of the task before it.
      if (!given.includes(job)) return;
      job.reject(error);
    }
    given.splice(given.indexOf(job), 1);
    if (!worker.alive) {
      this.#given.delete(worker);
      this.#queue.unshift(...given.splice(0));
    }
    this.#dispatch();
  }
}

function stopped(signal?: AbortSignal): WaymarkError {
  return new WaymarkError("aborted", "The work was stopped before it was done.", { cause: signal?.reason });
}
