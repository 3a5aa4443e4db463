import { spawnSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../src/config.js";

const CLI = join(PACKAGE_ROOT, "dist", "cli.js");
/** Root may do anything: what is about permissions runs as nobody then. */
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

let folder: string;
let corpus: string;
let index: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "waymark-obstacles-"));
  corpus = join(folder, "corpus");
  index = join(folder, "index");
  mkdirSync(corpus);
  mkdirSync(index);
  for (const path of [folder, corpus, index]) chmodSync(path, 0o777);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Run {
  code: number | null;
  summary: { added: number; changed: number; unchanged: number; skipped: { uri: string; reason: string }[] };
  stderr: string;
}

/** `waymark ingest --json` without a reader; as nobody where the test is about permissions. */
function ingest({ nobody = false, limit = "", clock = "" } = {}): Run {
  const args = [CLI, "--corpus", corpus, "--index", index, "ingest", "--json"];
  const command = `${limit} exec "$0" "$@"`;
  const { status, stdout, stderr } = spawnSync("bash", ["-c", command, process.execPath, ...args], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, HOME: folder, WAYMARK_READER: "none", NODE_OPTIONS: clock },
    ...(nobody && isRoot ? { uid: NOBODY, gid: NOBODY } : {}),
  });
  const last = stdout.trim().split("\n").at(-1) ?? "";
  return { code: status, summary: last.startsWith("{") ? JSON.parse(last) : undefined, stderr };
}

describe("files in the way", () => {
  it("of any name are indexed, links are not followed, and what cannot be read is named", () => {
    const names = [
      "庭.txt",
      "naïve café.txt",
      "line\nend.txt",
      "'; DROP TABLE documents.txt",
      "\u202Etxt.txt",
      "-rf.txt",
    ];
    for (const name of names) writeFileSync(join(corpus, name), `Text of a file ${names.indexOf(name)}.`);
    symlinkSync(corpus, join(corpus, "loop"));
    symlinkSync("/etc", join(corpus, "etc"));
    symlinkSync("/etc/hostname", join(corpus, "out.txt"));
    const closed = join(corpus, "closed.txt");
    writeFileSync(closed, "closed");
    chmodSync(closed, 0o000);
    const { code, summary } = ingest({ nobody: true });
    expect([code, summary.added]).toEqual([0, names.length]);
    expect(summary.skipped).toEqual([{ uri: "closed.txt", reason: expect.stringContaining("EACCES") }]);
  });
});

describe("a corpus that vanishes", () => {
  it("stops the ingest in words and takes nothing away; when it is back nothing has to be read again", () => {
    writeFileSync(join(corpus, "a.txt"), "Bees sleep at night.");
    expect(ingest()).toMatchObject({ code: 0, summary: { added: 1 } });
    renameSync(corpus, `${corpus}-away`);
    const { code, stderr } = ingest();
    expect(code).toBe(1);
    expect(stderr).toContain(corpus);
    expect(stderr).not.toMatch(/^\s+at /m);
    renameSync(`${corpus}-away`, corpus);
    expect(ingest()).toMatchObject({ code: 0, summary: { added: 0, changed: 0, unchanged: 1 } });
  });
});

describe("a clock that goes backwards", () => {
  /** Loaded before the program: it is the first of January 2001, for ever. */
  const clock = `--import=data:text/javascript,${encodeURIComponent(
    "const Real=Date,then=978307200000;globalThis.Date=class extends Real{constructor(...of){of.length?super(...of):super(then)}static now(){return then}}",
  )}`;

  it("hides no change, and makes none", () => {
    const file = join(corpus, "a.txt");
    writeFileSync(file, "Bees sleep at night.");
    expect(ingest()).toMatchObject({ code: 0, summary: { added: 1 } });
    writeFileSync(file, "Bees sleep by day..!");
    utimesSync(file, 978_307_200, 978_307_200);
    expect(ingest({ clock })).toMatchObject({ code: 0, summary: { changed: 1 } });
    expect(ingest({ clock })).toMatchObject({ code: 0, summary: { changed: 0, unchanged: 1 } });
    writeFileSync(join(corpus, "b.txt"), "Moths do not.");
    expect(ingest()).toMatchObject({ code: 0, summary: { added: 1, changed: 0, unchanged: 1 } });
  });
});

describe("an index folder that cannot be written", () => {
  it("is refused in words, and is as it was", () => {
    writeFileSync(join(corpus, "a.txt"), "Bees sleep at night.");
    chmodSync(index, 0o555);
    const { code, stderr } = ingest({ nobody: true });
    expect(code).toBe(2);
    expect(stderr).toContain(`The index folder ${index} cannot be used`);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

describe("a disk that is full", () => {
  it("stops the ingest in words; what was stored stays whole, and the next run goes on", () => {
    for (let i = 0; i < 3; i += 1)
      writeFileSync(join(corpus, `${i}.txt`), `Document ${i}. ${"Bees sleep. ".repeat(40)}`);
    expect(ingest().code).toBe(0);
    const before = readFileSync(join(index, "waymark.db"));
    writeFileSync(join(corpus, "large.txt"), "Bees sleep at night and fly by day. ".repeat(3000));
    // Files of this process may have so many kilobytes; the signal is ignored, so writing fails as on a full disk.
    const { code, stderr } = ingest({
      limit: `trap '' XFSZ; ulimit -f ${Math.ceil(before.length / 1024) + 40};`,
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/could not be (read or )?written|disk|full/);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(ingest()).toMatchObject({ code: 0, summary: { added: 1, skipped: [] } });
  });
});
