import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scan } from "../../src/ingest/scan.js";
import { failure, temporaryFolder } from "../store/fixture.js";

const EXTENSIONS = [".md", ".txt"];

function corpus(...paths: string[]): string {
  const folder = temporaryFolder();
  for (const path of paths) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), path);
  }
  return folder;
}

const uris = async (paths: string | string[]) => (await scan(paths, EXTENSIONS)).files.map(({ uri }) => uri);

describe("scan", () => {
  it("finds the files with a parser in all folders, ordered by uri", async () => {
    const folder = corpus(
      "z.md",
      "b/a.md",
      "B.TXT",
      "b.md",
      "b/c/d.md",
      "ümlaut & space.md",
      "photo.jpg",
      "none",
    );
    expect(await uris(folder)).toEqual(["B.TXT", "b.md", "b/a.md", "b/c/d.md", "z.md", "ümlaut & space.md"]);
    expect((await scan(folder, EXTENSIONS)).files[1]?.path).toBe(join(folder, "b.md"));
  });

  it("passes over hidden files and folders and node_modules", async () => {
    const folder = corpus(
      ".hidden.md",
      ".git/a.md",
      "node_modules/m/README.md",
      "sub/node_modules/b.md",
      "sub/c.md",
    );
    expect(await uris(folder)).toEqual(["sub/c.md"]);
  });

  it("does not follow links, into a loop or out of the corpus", async () => {
    const folder = corpus("a.md", "sub/b.md");
    const outside = corpus("secret.md");
    symlinkSync(folder, join(folder, "sub", "loop"));
    symlinkSync(outside, join(folder, "out"));
    symlinkSync(join(outside, "secret.md"), join(folder, "secret.md"));
    symlinkSync(join(folder, "nowhere.md"), join(folder, "dangling.md"));
    expect(await uris(folder)).toEqual(["a.md", "sub/b.md"]);
  });

  it("takes a link that is given itself", async () => {
    const folder = corpus("a.md");
    const link = join(temporaryFolder(), "link");
    symlinkSync(folder, link);
    expect(await uris(link)).toEqual(["a.md"]);
  });

  it("takes single files, and several paths by the folder that holds them all", async () => {
    const folder = corpus("notes/a.md", "papers/deep/b.md", "papers/c.md", "notes2/d.md");
    expect(await uris(join(folder, "notes/a.md"))).toEqual(["a.md"]);
    const several = [join(folder, "papers"), join(folder, "notes/a.md"), join(folder, "papers/c.md")];
    expect(await uris(several)).toEqual(["notes/a.md", "papers/c.md", "papers/deep/b.md"]);
    expect(await uris([join(folder, "notes"), join(folder, "notes2")])).toEqual([
      "notes/a.md",
      "notes2/d.md",
    ]);
  });

  it("refuses a path that does not exist, whatever else is given", async () => {
    const folder = corpus("a.md");
    const error = await failure(() => scan([folder, join(folder, "gone")], EXTENSIONS));
    expect(error.code).toBe("corpus-not-found");
    expect(error.message).toContain(join(folder, "gone"));
  });

  it("says why a file that was named cannot be indexed", async () => {
    const folder = corpus("photo.jpg");
    const { files, unsupported } = await scan(join(folder, "photo.jpg"), EXTENSIONS);
    expect(files).toEqual([]);
    expect(unsupported).toEqual([{ uri: "photo.jpg", reason: expect.stringContaining(".md, .txt") }]);
  });

  it("finds nothing in an empty folder", async () => {
    expect(await scan(corpus(), EXTENSIONS)).toEqual({ files: [], unreadable: [], unsupported: [] });
  });

  it.skipIf(process.getuid?.() === 0)("tells of a folder that it cannot look into", async () => {
    const folder = corpus("a.md", "closed/b.md");
    chmodSync(join(folder, "closed"), 0o000);
    const { files, unreadable } = await scan(folder, EXTENSIONS);
    chmodSync(join(folder, "closed"), 0o700);
    expect(files.map(({ uri }) => uri)).toEqual(["a.md"]);
    expect(unreadable).toEqual([{ uri: "closed", reason: expect.stringContaining("EACCES") }]);
  });
});
