import { copyFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { WEIGHTS_FILES } from "../../src/models/checksums.js";
import {
  type Pass,
  type PassOutput,
  type SessionFile,
  SessionThread,
} from "../../src/models/session-thread.js";
import { WorkerPool } from "../../src/models/worker-pool.js";

const READER = fileAt(1, join("models/reader", WEIGHTS_FILES[0]));
const folder = await mkdtemp(join(tmpdir(), "waymark-thread-"));
afterAll(() => rmSync(folder, { recursive: true }));

const threads: SessionThread[] = [];
afterEach(async () => {
  await Promise.all(threads.splice(0).map((thread) => thread.close()));
});

function fileAt(id: number, path: string): SessionFile {
  const { size, mtimeMs } = statSync(path);
  return { id, path, size, modified: mtimeMs, threads: 1 };
}

function threadOf(entry?: URL): SessionThread {
  const thread = new SessionThread(entry);
  threads.push(thread);
  return thread;
}

/** A thread with a program of the test's own. */
function threadRunning(name: string, program: string): SessionThread {
  const path = join(folder, `${name}.mjs`);
  writeFileSync(path, `import { parentPort, workerData } from "node:worker_threads";\n${program}`);
  return threadOf(pathToFileURL(path));
}

const passOf = (file: SessionFile, ids = [101, 2054, 2003, 1029, 102]): Pass => ({
  file,
  ids,
  spreads: true,
});

describe("SessionThread", () => {
  it("opens a model at its first pass and is ready for it from then on", async () => {
    const thread = threadOf();
    expect(thread.isReadyFor(passOf(READER))).toBe(false);
    const first = await thread.run(passOf(READER));
    expect(first.rows).toHaveLength(5 * 5);
    expect(thread.isReadyFor(passOf(READER))).toBe(true);
    expect(await thread.run(passOf(READER))).toEqual(first);
    thread.release(READER.id);
    expect(thread.isReadyFor(passOf(READER))).toBe(false);
    expect(await thread.run(passOf(READER))).toEqual(first);
  });

  it("refuses weights that the runtime cannot open, and goes on", async () => {
    const thread = threadOf();
    const path = join(folder, "broken.onnx");
    writeFileSync(path, "abc");
    await expect(thread.run(passOf(fileAt(2, path)))).rejects.toMatchObject({
      code: "model-damaged",
      message: expect.stringContaining(path),
      hint: expect.any(String),
    });
    expect((await thread.run(passOf(READER))).rows).toHaveLength(25);
  });

  it("refuses weights that are no longer those that were checked", async () => {
    const path = join(folder, "changed.onnx");
    copyFileSync(READER.path, path);
    const file = fileAt(2, path);
    utimesSync(path, 1, 1);
    await expect(threadOf().run(passOf(file))).rejects.toMatchObject({
      code: "model-damaged",
      cause: expect.objectContaining({ message: expect.stringContaining("not those that were there") }),
    });
  });

  it("refuses what the model cannot be run on, and goes on", async () => {
    const thread = threadOf();
    const tooLong = new Array<number>(600).fill(101);
    await expect(thread.run(passOf(READER, tooLong))).rejects.toMatchObject({ code: "model-damaged" });
    expect((await thread.run(passOf(READER))).rows).toHaveLength(25);
  });

  it.each([
    ["throws as it starts", 'throw new Error("planned");'],
    ["exits at a pass", 'parentPort.on("message", () => process.exit(3));'],
    ["throws at a pass", 'parentPort.on("message", () => { throw new Error("planned"); });'],
  ])("rejects the pass of a thread that %s", async (name, program) => {
    const thread = threadRunning(name, program);
    await expect(thread.run(passOf(READER))).rejects.toMatchObject({
      code: "internal",
      message: expect.stringContaining("ended unexpectedly"),
      hint: expect.any(String),
    });
    expect(thread.alive).toBe(false);
  });

  it("rejects the pass of a thread whose program is not there", async () => {
    const thread = threadOf(pathToFileURL(join(folder, "nothing.mjs")));
    await expect(thread.run(passOf(READER))).rejects.toMatchObject({ code: "internal" });
  });

  it("is replaced in a pool when it dies", async () => {
    const started: SessionThread[] = [];
    const pool = new WorkerPool<Pass, PassOutput>(1, () => {
      const thread =
        started.length === 0
          ? threadRunning("dies", 'parentPort.on("message", () => process.exit(3));')
          : threadOf();
      started.push(thread);
      return thread;
    });
    const results = await Promise.allSettled([1, 2, 3].map(() => pool.run(passOf(READER))));
    expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled"]);
    expect(started).toHaveLength(2);
  });

  it("comes to the end of its pass before it closes", async () => {
    const thread = new SessionThread();
    const pass = thread.run(passOf(READER));
    await thread.close();
    expect((await pass).rows).toHaveLength(25);
    expect(thread.alive).toBe(false);
  });
});
