import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../src/config.js";
import { WEIGHTS_FILES } from "../../src/models/checksums.js";

const WEIGHTS = join(PACKAGE_ROOT, "models", "reader", WEIGHTS_FILES[0]);

const OPEN = `
  const { openSession } = await import("./dist/models/sessions.js");
  const session = await openSession(${JSON.stringify(WEIGHTS)});
  const work = () => Promise.all([1, 2, 3, 4, 5, 6].map((first) => session.run(new Array(510).fill(1000 + first))));
`;

/** Runs a program on the compiled files to its end. */
function end(program: string) {
  const { status, signal, stdout, stderr } = spawnSync(
    process.execPath,
    ["--input-type=module", "--eval", OPEN + program],
    { cwd: PACKAGE_ROOT, encoding: "utf8", timeout: 60_000 },
  );
  return { status, signal, stdout, stderr };
}

const quiet = { status: 0, signal: null, stdout: "", stderr: "" };

describe("a process that has run a model", () => {
  it("ends by itself, whether the model is closed or not", () => {
    expect(end("await work();")).toEqual(quiet);
    expect(end("await work(); await session.close();")).toEqual(quiet);
  });

  it("ends by itself only when it has done what it was asked", () => {
    const program = "work().then((outputs) => console.log(outputs.length));";
    expect(end(program)).toEqual({ ...quiet, stdout: "6\n" });
  });

  it("is not aborted when it exits in the middle of a pass", () => {
    expect(end("await work(); work(); setTimeout(() => process.exit(7), 20);")).toEqual({
      ...quiet,
      status: 7,
    });
  });

  it("is not aborted when an error that nobody catches ends it in the middle of a pass", () => {
    const { status, stderr } = end(
      'await work(); work(); setTimeout(() => { throw new Error("planned"); }, 20);',
    );
    expect(status).toBe(1);
    expect(stderr).toContain("Error: planned");
  });

  it("closes in the middle of its work, and what waited is told", () => {
    const program = `
      const result = work().catch((error) => error.code);
      await session.close();
      console.log(await result);
    `;
    expect(end(program)).toEqual({ ...quiet, stdout: "aborted\n" });
  });
});
