import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readSourceFile } from "../../src/ingest/read-file.js";
import { temporaryFolder } from "../store/fixture.js";

describe("reading a file to index", () => {
  it("gives its bytes", async () => {
    const path = join(temporaryFolder(), "a name with\na line end.md");
    writeFileSync(path, "Bees sleep.");
    expect(Buffer.from(await readSourceFile(path)).toString()).toBe("Bees sleep.");
    writeFileSync(path, "");
    expect(await readSourceFile(path)).toHaveLength(0);
  });

  it("refuses one that is too large, before it is in memory", async () => {
    const path = join(temporaryFolder(), "sparse.txt");
    writeFileSync(path, "");
    truncateSync(path, 2 ** 30);
    const before = process.memoryUsage.rss();
    await expect(readSourceFile(path)).rejects.toThrow("It has more than 256 MB.");
    expect(process.memoryUsage.rss() - before).toBeLessThan(2 ** 28);
    await expect(readSourceFile(path, 10)).rejects.toThrow("It has more than");
  });

  it("does not follow a link, wait for a pipe or read a folder", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "secret.md"), "secret");
    symlinkSync(join(folder, "secret.md"), join(folder, "link.md"));
    execFileSync("mkfifo", [join(folder, "pipe.md")]);
    mkdirSync(join(folder, "folder.md"));
    await expect(readSourceFile(join(folder, "link.md"))).rejects.toThrow("ELOOP");
    await expect(readSourceFile(join(folder, "pipe.md"))).rejects.toThrow("It is no file.");
    await expect(readSourceFile(join(folder, "folder.md"))).rejects.toThrow("It is no file.");
  });

  it("refuses one that keeps changing while it is read", async () => {
    const path = join(temporaryFolder(), "log.txt");
    writeFileSync(path, "x".repeat(5_000_000));
    let done = false;
    const writing = (async () => {
      while (!done) {
        appendFileSync(path, "x");
        await new Promise(setImmediate);
      }
    })();
    const read = readSourceFile(path).finally(() => {
      done = true;
    });
    await expect(read).rejects.toThrow("It changes while it is read.");
    await writing;
  });
});
