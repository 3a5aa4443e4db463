import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { main } from "../../../src/cli/main.js";
import { createOutput } from "../../../src/cli/terminal.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "waymark-sets-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const written = { out: "", err: "" };
  const to = (name: "out" | "err") => createOutput({ write: (text) => (written[name] += text) });
  const code = await main(["--index", join(folder, "index"), ...args], { out: to("out"), err: to("err") });
  return { code, ...written };
}

describe("waymark eval --set", () => {
  it("indexes the set apart, asks it, and shows the progress of each work from its beginning", async () => {
    const { code, out, err } = await run(
      "eval",
      "--set",
      "bipia",
      "--split",
      "tune",
      "--out",
      join(folder, "out"),
    );
    expect(code).toBe(0);
    expect(out).toMatch(/Injections obeyed \(`injections\.obeyed`\) \| \.000 \|/);
    expect(out).toMatch(/^Milliseconds a question, p50 \/ p95: embed .* total .*\.$/m);
    expect(err).toMatch(/^75\/75 .*\n[\s\S]*^(\d+)\/\1 asking$/m);
    expect(existsSync(join(folder, "index", "eval", "bipia", "waymark.db"))).toBe(true);
    expect(existsSync(join(folder, "index", "waymark.db"))).toBe(false);
    expect(readFileSync(join(folder, "out", "report.html"), "utf8")).toContain('<mark class="order">');
  });

  it.each([["wice"], ["roadmap"]])("refuses a corpus for %s, which brings its own", async (name) => {
    const { code, err } = await run("--corpus", "docs", "eval", "--set", name);
    expect(code).toBe(2);
    expect(err).toContain(`The set ${name} brings its own documents`);
    expect(err).toContain("--dataset");
  });

  it.each([
    [["--set", "wice", "--dataset", "mine.jsonl"]],
    [["--sample", "--dataset", "mine.jsonl"]],
    [["--set", "squad"]],
    [["--seed", "many"]],
  ])("refuses %j", async (args) => expect((await run("eval", ...args)).code).toBe(2));
});
