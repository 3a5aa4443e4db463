import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadSettings, PACKAGE_ROOT } from "../../src/config.js";
import { runCli } from "./run-cli.js";

const read = (path: string) => readFileSync(join(PACKAGE_ROOT, path), "utf8");
const readme = read("README.md");

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "waymark-readme-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** `{ a: { b: 1 } }` as `[["a.b", 1]]`. */
function entriesOf(value: object, path = ""): [string, unknown][] {
  return Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === "object" && inner !== null ? entriesOf(inner, `${path}${key}.`) : [[path + key, inner]],
  );
}

describe("the README", () => {
  it("has a row for every setting, with its default", () => {
    const defaults = loadSettings({ corpus: "any" }, { cwd: folder, env: {} });
    for (const [name, value] of entriesOf(defaults)) {
      const row = readme.split("\n").find((line) => line.startsWith(`| \`${name}\` |`));
      expect(row, name).toBeDefined();
      const isPath = typeof value === "string" && value.includes("/");
      if (!isPath) expect(row).toContain(`\`${value}\``);
    }
  });

  it("names the environment variables that there are, and no others", () => {
    const names = (text: string) => [...new Set(text.match(/WAYMARK_[A-Z_]*[A-Z]/g))].sort();
    expect(names(readme)).toEqual(names(read("src/config.ts")));
  });

  it("names every command, and in its row the options that it has", async () => {
    const listed = [...readme.matchAll(/^\| `waymark (\w+)[^|]*\| ([^|]+) \|$/gm)];
    const help = await runCli(["--help"], { cwd: folder });
    const commands = [...help.stdout.matchAll(/^ {2}(\w+) \[options\]/gm)].map(([, name]) => name);
    expect(listed.map(([, name]) => name).sort()).toEqual(commands.sort());
    for (const [, name = "", description = ""] of listed) {
      const { stdout } = await runCli([name, "--help"], { cwd: folder });
      for (const [option] of description.matchAll(/--[a-z-]+/g)) expect(stdout).toContain(`  ${option}`);
    }
  });

  it("shows what its first question prints", async () => {
    const question = readme.match(/npx waymark ask "([^"]+)"/)?.[1] ?? "";
    const { stdout } = await runCli(["ask", question], { cwd: folder });
    expect(readme.split("```text\n")[1]?.split("```")[0]).toBe(stdout);
  });

  it("uses npm scripts that there are", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    for (const [, name = ""] of readme.matchAll(/npm run (\w[\w-]*)/g)) expect(scripts).toHaveProperty(name);
  });

  it("links to files that there are", () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, path = ""]) => path);
    expect(links.length).toBeGreaterThan(0);
    for (const path of links) expect(() => readFileSync(join(PACKAGE_ROOT, path)), path).not.toThrow();
  });

  it("shows the LangChain example as it is, and it runs", () => {
    const example = read("examples/langchain.js");
    const shown = readme.split("```js\n")[1]?.split("```")[0];
    expect(shown).toBe(example);
    const run = spawnSync(process.execPath, [join(PACKAGE_ROOT, "examples", "langchain.js")], {
      cwd: folder,
      encoding: "utf8",
    });
    expect(run.stderr).toBe("");
    expect(run.stdout).toContain("Question: Which months are for deep learning?");
    expect(run.stdout).toContain("Deep Learning");
  });
});
