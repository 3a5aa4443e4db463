import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readSourceFile } from "../../src/documents/read-file.js";
import { temporaryFolder } from "../store/fixture.js";

describe("reading a file to index", () => {
  it("gives its bytes", () => {
    const path = join(temporaryFolder(), "a name with\na line end.md");
    writeFileSync(path, "Bees sleep.");
    expect(Buffer.from(readSourceFile(path)).toString()).toBe("Bees sleep.");
    writeFileSync(path, "");
    expect(readSourceFile(path)).toHaveLength(0);
  });

  it("refuses one that is too large, before it is in memory", () => {
    const path = join(temporaryFolder(), "sparse.txt");
    writeFileSync(path, "");
    truncateSync(path, 2 ** 30);
    const before = process.memoryUsage.rss();
    expect(() => readSourceFile(path)).toThrow("It has more than 256 MB.");
    expect(process.memoryUsage.rss() - before).toBeLessThan(2 ** 28);
    expect(() => readSourceFile(path, 10)).toThrow("It has more than");
  });

  it("does not follow a link, wait for a pipe or read a folder", () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "secret.md"), "secret");
    symlinkSync(join(folder, "secret.md"), join(folder, "link.md"));
    execFileSync("mkfifo", [join(folder, "pipe.md")]);
    mkdirSync(join(folder, "folder.md"));
    expect(() => readSourceFile(join(folder, "link.md"))).toThrow("ELOOP");
    expect(() => readSourceFile(join(folder, "pipe.md"))).toThrow("It is no file.");
    expect(() => readSourceFile(join(folder, "folder.md"))).toThrow("It is no file.");
  });

  it("refuses one that keeps changing while it is read", async () => {
    const path = join(temporaryFolder(), "log.txt");
    writeFileSync(path, "x".repeat(50_000_000));
    const writer = spawn("sh", ["-c", 'echo begun; while :; do printf x >> "$0"; done', path]);
    try {
      await once(writer.stdout, "data");
      expect(() => readSourceFile(path)).toThrow("It changes while it is read.");
    } finally {
      writer.kill("SIGKILL");
    }
  });
});
