import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../src/config.js";
import { runCli, summaryOf } from "./run-cli.js";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "waymark-doctor-"));
  await mkdir(join(folder, "notes"));
  await writeFile(join(folder, "notes", "a.txt"), "Bees sleep at night.");
  const made = await runCli(["--corpus", "notes", "ingest"], {
    cwd: folder,
    env: { WAYMARK_READER: "none" },
  });
  expect(made.code).toBe(0);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const doctor = (...args: string[]) =>
  runCli(["doctor", ...args], { cwd: folder, env: { WAYMARK_READER: "none" } });

describe("waymark doctor", () => {
  it("says that all is well", async () => {
    expect(await doctor()).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("All is well"),
      stderr: "",
    });
  });

  it("finds a damaged graph, changes nothing with --check, and repairs it without", async () => {
    await writeFile(join(folder, "index", "graph.hnsw"), "no graph");
    const checked = await doctor("--check");
    expect(checked).toMatchObject({ code: 1, stdout: expect.stringContaining("graph.hnsw: ") });
    expect(await readFile(join(folder, "index", "graph.hnsw"), "utf8")).toBe("no graph");
    const repaired = await doctor("--json");
    expect(repaired.code).toBe(0);
    expect(JSON.parse(repaired.stdout).findings).toMatchObject([
      { repaired: expect.stringContaining("vectors") },
    ]);
    expect((await doctor("--check")).code).toBe(0);
  });

  it("names the damaged file of a model, and the command that mends it", async () => {
    const model = join(folder, "model");
    await cp(join(PACKAGE_ROOT, "models", "minilm-l6-v2"), model, { recursive: true });
    await writeFile(join(model, "tokenizer.json"), "{}");
    const { code, stdout } = await runCli(["doctor"], {
      cwd: folder,
      env: { WAYMARK_READER: "none", WAYMARK_EMBEDDER: model },
    });
    expect(code).toBe(1);
    expect(stdout).toContain(join(model, "tokenizer.json"));
    expect(stdout).toContain("git checkout -- models");
  });

  it("leaves a database alone that it cannot read; making it anew reads the same files", async () => {
    const path = join(folder, "index", "waymark.db");
    const bytes = await readFile(path);
    await writeFile(path, Buffer.from(bytes).fill(7, bytes.length - 8192));
    const { code, stdout } = await doctor();
    expect(code).toBe(1);
    expect(stdout).toContain("waymark ingest --rebuild");
    const rebuilt = await runCli(["ingest", "--rebuild", "--json"], {
      cwd: folder,
      env: { WAYMARK_READER: "none" },
    });
    expect(summaryOf(rebuilt)).toMatchObject({ added: 1, skipped: [] });
    expect((await runCli(["status"], { cwd: folder, env: { WAYMARK_READER: "none" } })).stdout).toContain(
      "a.txt",
    );
    expect((await doctor()).code).toBe(0);
  });
});

describe("waymark serve", () => {
  it("refuses to open itself to a network without a token, and says how to give it one", async () => {
    const { code, stderr } = await runCli(["serve", "--host", "0.0.0.0", "--port", "0"], { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toContain("WAYMARK_TOKEN");
    expect((await runCli(["serve", "--token", "short"], { cwd: folder })).stderr).toContain('"server.token"');
  });
});
