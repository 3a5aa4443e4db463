import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type PoolWorker, WorkerPool } from "../../src/models/worker-pool.js";

/** A worker whose tasks end when the test says so, one after another. */
class ManualWorker implements PoolWorker<string, string> {
  alive = true;
  closed = false;
  readonly done: string[] = [];
  readonly #given: { task: string; resolve(result: string): void; reject(error: unknown): void }[] = [];

  get current(): string | undefined {
    return this.given[0];
  }

  get given(): string[] {
    return this.#given.map(({ task }) => task);
  }

  isReadyFor(task: string): boolean {
    return this.done.some((earlier) => earlier[0] === task[0]);
  }

  run(task: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#given.push({ task, resolve, reject });
    });
  }

  async finish(): Promise<void> {
    const { task, resolve } = this.#given.shift() ?? expect.unreachable("it has nothing to do");
    this.done.push(task);
    resolve(task.toUpperCase());
    await turn();
  }

  async fail({ dead = false } = {}): Promise<void> {
    this.alive = !dead;
    for (const { task, reject } of this.#given.splice(0, dead ? Number.POSITIVE_INFINITY : 1)) {
      reject(new Error(`${task} failed`));
    }
    await turn();
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}

/** Lets everything that is settled be noticed. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

function poolOf(size: number, spreads?: (task: string) => boolean, ahead?: number) {
  const workers: ManualWorker[] = [];
  const start = () => {
    const worker = new ManualWorker();
    workers.push(worker);
    return worker;
  };
  const pool = new WorkerPool<string, string, ManualWorker>(size, start, spreads, ahead);
  const at = (index: number) => workers[index] ?? expect.unreachable(`there is no worker ${index}`);
  return { pool, workers, at };
}

describe("WorkerPool", () => {
  it("starts a worker only where the others are at work, and no more than its size", async () => {
    const { pool, workers, at } = poolOf(2);
    expect(workers).toHaveLength(0);
    const first = pool.run("a1");
    expect(workers).toHaveLength(1);
    await at(0).finish();
    expect(await first).toBe("A1");
    const rest = ["a2", "a3", "a4"].map((task) => pool.run(task));
    expect(workers.map(({ current }) => current)).toEqual(["a2", "a3"]);
    await at(1).finish();
    expect(workers.map(({ current }) => current)).toEqual(["a2", "a4"]);
    await at(0).finish();
    await at(1).finish();
    expect(await Promise.all(rest)).toEqual(["A2", "A3", "A4"]);
  });

  it("prefers a worker that is ready for the task", async () => {
    const { pool, at } = poolOf(2);
    const results = [pool.run("a1"), pool.run("b1")];
    await at(0).finish();
    await at(1).finish();
    results.push(pool.run("b2"), pool.run("a2"));
    expect([at(0).current, at(1).current]).toEqual(["a2", "b2"]);
    await at(0).finish();
    await at(1).finish();
    expect(await Promise.all(results)).toEqual(["A1", "B1", "B2", "A2"]);
  });

  it("starts no other worker for a task that does not spread, even one that no worker is ready for", async () => {
    const { pool, workers, at } = poolOf(2, () => false);
    const results = ["a1", "b1", "a2"].map((task) => pool.run(task));
    for (const task of ["a1", "b1", "a2"]) {
      expect(workers.map(({ current }) => current)).toEqual([task]);
      await at(0).finish();
    }
    expect(await Promise.all(results)).toEqual(["A1", "B1", "A2"]);
  });

  it("leaves a task that does not spread to the workers that are ready for it, and lets others pass", async () => {
    const { pool, workers, at } = poolOf(2, (task) => task.endsWith("!"));
    const results = ["a1", "c1!"].map((task) => pool.run(task));
    await at(0).finish();
    await at(1).finish();
    results.push(...["a2", "a3", "b1"].map((task) => pool.run(task)));
    expect(workers.map(({ current }) => current)).toEqual(["a2", "b1"]);
    await at(1).finish();
    expect(workers.map(({ current }) => current)).toEqual(["a2", undefined]);
    results.push(pool.run("a4!"));
    expect(workers.map(({ current }) => current)).toEqual(["a2", "a4!"]);
    await at(0).finish();
    expect(at(0).current).toBe("a3");
    await at(0).finish();
    await at(1).finish();
    expect(await Promise.all(results)).toEqual(["A1", "C1!", "A2", "A3", "B1", "A4!"]);
  });

  it("gives a task that does not spread to another worker when those that were ready are dead", async () => {
    const { pool, at } = poolOf(2, () => false);
    const results = Promise.allSettled([pool.run("a1")]);
    await at(0).finish();
    const second = Promise.allSettled([pool.run("a2"), pool.run("a3")]);
    await at(0).fail({ dead: true });
    expect(at(1).current).toBe("a3");
    await at(1).finish();
    expect(await results).toMatchObject([{ value: "A1" }]);
    expect(await second).toMatchObject([{ status: "rejected" }, { value: "A3" }]);
  });

  it("gives a task ahead to a worker that is ready for it, where none is idle and no other can be started", async () => {
    const { pool, workers, at } = poolOf(2, undefined, 1);
    const results = [pool.run("a1"), pool.run("b1")];
    await at(0).finish();
    await at(1).finish();
    results.push(...["a2", "b2", "b3", "a3", "b4", "a4"].map((task) => pool.run(task)));
    expect(workers.map(({ given }) => given)).toEqual([
      ["a2", "a3"],
      ["b2", "b3"],
    ]);
    await at(0).finish();
    expect(workers.map(({ given }) => given)).toEqual([
      ["a3", "a4"],
      ["b2", "b3"],
    ]);
    await at(1).finish();
    expect(at(1).given).toEqual(["b3", "b4"]);
    for (const index of [0, 0, 1, 1]) await at(index).finish();
    expect(await Promise.all(results)).toEqual(["A1", "B1", "A2", "B2", "B3", "A3", "B4", "A4"]);
  });

  it("gives a task that no worker is ready for to a busy one", async () => {
    const { pool, workers, at } = poolOf(2, undefined, 1);
    const results = ["a1", "a2", "a3", "a4", "a5"].map((task) => pool.run(task));
    expect(workers.map(({ given }) => given)).toEqual([
      ["a1", "a3"],
      ["a2", "a4"],
    ]);
    for (const index of [0, 0, 0, 1, 1]) await at(index).finish();
    expect(await Promise.all(results)).toEqual(["A1", "A2", "A3", "A4", "A5"]);
  });

  it.each([true, false])(
    "lets no stream of tasks keep out one that no worker is ready for (spreading: %s)",
    async (spreads) => {
      const { pool, at } = poolOf(1, () => spreads, 1);
      const stream = [pool.run("a1")];
      await at(0).finish();
      stream.push(...["a2", "a3", "a4"].map((task) => pool.run(task)));
      const other = pool.run("b1");
      for (const task of ["a5", "a6", "a7"]) {
        await at(0).finish();
        stream.push(pool.run(task));
      }
      expect(at(0).given).toEqual(["b1", "a5"]);
      for (let left = 4; left > 0; left--) await at(0).finish();
      expect(await other).toBe("B1");
      expect(await Promise.all(stream)).toEqual(["A1", "A2", "A3", "A4", "A5", "A6", "A7"]);
    },
  );

  it("gives what a worker that died had not begun to another, before what came later", async () => {
    const { pool, workers, at } = poolOf(1, undefined, 1);
    const first = pool.run("a1");
    await at(0).finish();
    const results = Promise.allSettled(["a2", "a3", "a4"].map((task) => pool.run(task)));
    expect(at(0).given).toEqual(["a2", "a3"]);
    await at(0).fail({ dead: true });
    expect(at(1).given).toEqual(["a3", "a4"]);
    await at(1).finish();
    await at(1).finish();
    expect(await first).toBe("A1");
    expect(await results).toMatchObject([{ status: "rejected" }, { value: "A3" }, { value: "A4" }]);
    expect(pool.workers).toEqual([workers[1]]);
  });

  it("drops what a worker that died had not begun where the pool is closed", async () => {
    const { pool, workers, at } = poolOf(1, undefined, 1);
    const first = pool.run("a1");
    await at(0).finish();
    const results = Promise.allSettled([pool.run("a2"), pool.run("a3")]);
    await pool.close();
    await at(0).fail({ dead: true });
    expect(await first).toBe("A1");
    expect(await results).toMatchObject([
      { reason: new Error("a2 failed") },
      { reason: { code: "aborted" } },
    ]);
    expect(workers).toHaveLength(1);
  });

  it("takes tasks in the order in which they came", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.boolean(), { maxLength: 40 }),
        async (size, steps) => {
          const { pool, workers } = poolOf(size);
          const begun: string[] = [];
          const results: Promise<string>[] = [];
          for (const add of [...steps, ...steps.map(() => false)]) {
            if (add) results.push(pool.run(`t${results.length}`));
            else await workers.find(({ current }) => current !== undefined)?.finish();
            for (const { current } of workers) {
              if (current !== undefined && !begun.includes(current)) begun.push(current);
            }
          }
          const order = results.map((_, index) => `t${index}`);
          expect(begun.toSorted((a, b) => order.indexOf(a) - order.indexOf(b))).toEqual(begun);
          expect(await Promise.all(results)).toEqual(order.map((task) => task.toUpperCase()));
        },
      ),
      { numRuns: 50 },
    );
  });

  it("drops a waiting task when its signal fires, and never begins one whose signal has fired", async () => {
    const { pool, workers, at } = poolOf(1);
    const controller = new AbortController();
    const running = pool.run("a1");
    const waiting = pool.run("a2", controller.signal);
    const next = pool.run("a3");
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: "aborted" });
    await expect(pool.run("a4", controller.signal)).rejects.toMatchObject({ code: "aborted" });
    await at(0).finish();
    expect(at(0).current).toBe("a3");
    await at(0).finish();
    expect(await Promise.all([running, next])).toEqual(["A1", "A3"]);
    expect(workers.flatMap(({ done }) => done)).toEqual(["a1", "a3"]);
  });

  it("gives up a running task at once when its signal fires, but lets the worker come to its end", async () => {
    const { pool, at } = poolOf(1);
    const controller = new AbortController();
    const running = pool.run("a1", controller.signal);
    const next = pool.run("a2");
    controller.abort();
    await expect(running).rejects.toMatchObject({ code: "aborted" });
    expect(at(0).current).toBe("a1");
    await at(0).finish();
    expect(at(0).current).toBe("a2");
    await at(0).finish();
    expect(await next).toBe("A2");
  });

  it("goes on after a task that failed", async () => {
    const { pool, workers, at } = poolOf(1);
    const results = Promise.allSettled([pool.run("a1"), pool.run("a2")]);
    await at(0).fail();
    await at(0).finish();
    expect(await results).toMatchObject([
      { reason: new Error("a1 failed") },
      { status: "fulfilled", value: "A2" },
    ]);
    expect(workers).toHaveLength(1);
  });

  it("puts another in the place of a worker that died of its task", async () => {
    const { pool, workers, at } = poolOf(1);
    const results = Promise.allSettled([pool.run("a1"), pool.run("a2")]);
    await at(0).fail({ dead: true });
    expect(at(1).current).toBe("a2");
    await at(1).finish();
    expect(await results).toMatchObject([{ status: "rejected" }, { value: "A2" }]);
    expect(pool.workers).toEqual([workers[1]]);
  });

  it("gives nothing to a worker that died while it was idle", async () => {
    const { pool, at } = poolOf(1);
    const first = pool.run("a1");
    await at(0).finish();
    at(0).alive = false;
    const second = pool.run("a2");
    await at(1).finish();
    expect(await Promise.all([first, second])).toEqual(["A1", "A2"]);
  });

  it("rejects a task for which no worker can be started, and tries again with the next", async () => {
    let broken = true;
    const worker = new ManualWorker();
    const pool = new WorkerPool<string, string>(1, () => {
      if (broken) throw new Error("no more threads");
      return worker;
    });
    await expect(pool.run("a1")).rejects.toThrow("no more threads");
    broken = false;
    const second = pool.run("a2");
    await worker.finish();
    expect(await second).toBe("A2");
  });

  it("closes its workers, drops what waits and takes no more", async () => {
    const { pool, at } = poolOf(1);
    const running = pool.run("a1");
    const waiting = pool.run("a2");
    const closing = pool.close();
    await expect(waiting).rejects.toMatchObject({ code: "aborted" });
    await at(0).finish();
    await closing;
    expect(await running).toBe("A1");
    expect(at(0).closed).toBe(true);
    await expect(pool.run("a3")).rejects.toMatchObject({ code: "aborted" });
  });

  it("drops the waiting tasks that it is told to", async () => {
    const { pool, at } = poolOf(1);
    const results = Promise.allSettled(["a1", "b1", "a2"].map((task) => pool.run(task)));
    pool.drop((task) => task[0] === "b");
    await at(0).finish();
    await at(0).finish();
    expect(await results).toMatchObject([{ value: "A1" }, { reason: { code: "aborted" } }, { value: "A2" }]);
  });
});
