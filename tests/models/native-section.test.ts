import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { createSection, enter, keepOut, leave } from "../../src/models/native-section.js";

const MODULE = new URL("../../src/models/native-section.js", import.meta.url).href;

describe("a thread's native section", () => {
  it("lets the thread in and out until it is kept out", () => {
    const section = createSection();
    leave(section);
    expect(enter(section)).toBe(true);
    leave(section);
    keepOut(section, 0);
    expect(enter(section)).toBe(false);
  });

  it("waits until the thread has come out", async () => {
    const section = createSection();
    const order = new Int32Array(new SharedArrayBuffer(8));
    const worker = new Worker(
      `const { workerData: { section, order, module } } = require("node:worker_threads");
       import(module).then(({ leave }) => {
         Atomics.wait(order, 1, 0, 50); // time enough to be waited for
         order[0] = 1;
         leave(section);
       });`,
      { eval: true, execArgv: [], workerData: { section, order, module: MODULE } },
    );
    keepOut(section, 60_000);
    expect(order[0]).toBe(1);
    expect(enter(section)).toBe(false);
    await worker.terminate();
  });

  it("does not wait for ever for a thread that never comes out", () => {
    const section = createSection();
    keepOut(section, 1);
    expect(section[0]).toBe(createSection()[0]);
  });
});
