import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lockForWriting } from "../../src/store/writer-lock.js";
import { type RunningCli, startCli } from "./run-cli.js";

const env = { WAYMARK_READER: "none" };

let folder: string;
let notes: string;
let running: RunningCli;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "waymark-watch-"));
  notes = join(folder, "notes");
  await mkdir(notes);
  await writeFile(join(notes, "a.md"), "# Apples\n\nApples are in the cellar.\n");
});
afterEach(async () => {
  running.process.kill("SIGKILL");
  await running.finished;
  await rm(folder, { recursive: true, force: true });
});

describe("waymark ingest --watch", () => {
  it("tells each change, lets others write in between, outlives its folder, and ends at Ctrl-C", async () => {
    running = startCli(["ingest", "--collection", "notes", "notes", "--watch"], { cwd: folder, env });
    await running.said(/^Watching for changes/m);

    await writeFile(join(notes, "b.md"), "# Pears\n\nPears are in the attic.\n");
    await running.said(/^added {3}notes:\/\/b\.md$/m);
    // Nobody is kept from writing while nothing changes.
    let unlock: (() => void) | undefined;
    while (unlock === undefined) {
      try {
        unlock = lockForWriting(join(folder, "index"));
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
    unlock();

    await writeFile(join(notes, "a.md"), "# Apples\n\nApples are in the barn now.\n");
    await running.said(/^changed notes:\/\/a\.md$/m);
    // As editors save: a temporary file, renamed over the old one. Its own name is never told.
    await writeFile(join(notes, "b.md.tmp"), "# Pears\n\nPears are eaten.\n");
    await rename(join(notes, "b.md.tmp"), join(notes, "b.md"));
    await running.said(/^changed notes:\/\/b\.md$/m);

    await mkdir(join(notes, "deep", "er"), { recursive: true });
    await writeFile(join(notes, "deep", "er", "c.md"), "# Plums\n\nPlums are dried.\n");
    await running.said(/^added {3}notes:\/\/deep\/er\/c\.md$/m);
    await rename(join(notes, "deep"), join(notes, "moved"));
    await running.said(/^added {3}notes:\/\/moved\/er\/c\.md$/m);
    await running.said(/^removed notes:\/\/deep\/er\/c\.md$/m);
    await rm(join(notes, "moved"), { recursive: true });
    await running.said(/^removed notes:\/\/moved\/er\/c\.md$/m);

    await writeFile(join(notes, "broken.pdf"), "this is no PDF");
    await running.said(/^skipped notes:\/\/broken\.pdf: \S+/m);
    await writeFile(join(notes, ".waymarkignore"), "b.md\n*.pdf\n");
    await running.said(/^removed notes:\/\/b\.md$/m);

    await rename(notes, `${notes}-away`);
    await running.said(/There is no file or folder .*notes to index\./);
    await rename(`${notes}-away`, notes);
    await writeFile(join(notes, "d.md"), "# Quinces\n\nQuinces are back.\n");
    await running.said(/^added {3}notes:\/\/d\.md$/m);

    running.process.kill("SIGINT");
    const { code, stdout, stderr } = await running.finished;
    expect(code).toBe(0);
    expect(stdout).not.toMatch(/removed notes:\/\/a\.md|tmp/);
    expect(stdout.match(/^skipped/gm)).toHaveLength(1);
    expect(stderr).not.toMatch(/^\s+at /m);
  }, 120_000);

  it("refuses a folder that was never there", async () => {
    running = startCli(["ingest", "nowhere", "--watch"], { cwd: folder, env });
    const { code, stderr } = await running.finished;
    expect(code).toBe(1);
    expect(stderr).toContain("There is no file or folder");
  }, 60_000);
});

describe("waymark serve --watch", () => {
  it("answers while it follows a hundred changes at once, each told to a program that asks", async () => {
    running = startCli(["--corpus", "notes", "serve", "--watch", "--port", "0"], { cwd: folder, env });
    const [url] = await running.said(/http:\/\/\S+/);
    await running.said(/^Watching for changes/m);
    const search = async (query: string): Promise<{ uri: string; quote: string }[]> => {
      const response = await fetch(`${url}/api/search`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ query }),
      });
      expect(response.status).toBe(200);
      return ((await response.json()) as { results: { uri: string; quote: string }[] }).results;
    };
    const files = Array.from({ length: 100 }, (_, n) => `${n}.md`);
    await Promise.all(files.map((name) => writeFile(join(notes, name), `# ${name}\n\nCrate ${name}.\n`)));
    let indexed = 0;
    while (indexed < 101) {
      expect((await search("apples in the cellar"))[0]?.uri).toBe("a.md");
      const health = (await (await fetch(`${url}/api/health`)).json()) as { documents: number };
      indexed = health.documents;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    await rm(join(notes, "a.md"));
    await running.said(/^removed a\.md$/m);
    expect((await search("apples in the cellar")).map(({ uri }) => uri)).not.toContain("a.md");
    running.process.kill("SIGINT");
    const { code, stdout } = await running.finished;
    expect(code).toBe(0);
    expect(stdout.match(/^added {3}\d+\.md$/gm)).toHaveLength(100);
  }, 180_000);
});
