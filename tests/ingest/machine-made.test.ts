import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scan } from "../../src/ingest/scan.js";
import { temporaryFolder } from "../store/fixture.js";

const FILES = [
  "app.js",
  "app.min.js",
  "package.json",
  "package-lock.json",
  "pnpm-lock.yaml",
  "pnpm.yaml",
  "waymark.config.json",
];
const EXTENSIONS = [".js", ".json", ".yaml"];

function folderOf(ignored?: string): string {
  const folder = temporaryFolder();
  for (const name of FILES) writeFileSync(join(folder, name), "x");
  if (ignored !== undefined) writeFileSync(join(folder, ".waymarkignore"), ignored);
  return folder;
}

const uris = async (path: string) => (await scan(path, EXTENSIONS)).files.map(({ uri }) => uri);

describe("what programs write for programs", () => {
  it("is passed over in folders, with the reason; so are Waymark's own settings", async () => {
    const folder = folderOf();
    const passed: string[] = [];
    await scan(folder, EXTENSIONS, { onPassedOver: ({ uri, reason }) => passed.push(`${uri}: ${reason}`) });
    expect(await uris(folder)).toEqual(["app.js", "package.json", "pnpm.yaml"]);
    expect(passed.toSorted()).toEqual([
      "app.min.js: ignored by default: *.min.js",
      "package-lock.json: ignored by default: package-lock.json",
      "pnpm-lock.yaml: ignored by default: pnpm-lock.yaml",
      "waymark.config.json: ignored by default: waymark.config.json",
    ]);
  });

  it("is read where an ignore file takes it back, or where it is named itself", async () => {
    const folder = folderOf("!*.min.js\n");
    expect(await uris(folder)).toEqual(["app.js", "app.min.js", "package.json", "pnpm.yaml"]);
    expect(await uris(join(folder, "package-lock.json"))).toEqual(["package-lock.json"]);
  });

  it("such as a part of an index is passed over beside the rest of it, and a file of that name elsewhere is read", async () => {
    const folder = folderOf();
    writeFileSync(join(folder, "graph.json"), "{}");
    expect(await uris(folder)).toContain("graph.json");
    writeFileSync(join(folder, "graph.hnsw"), "x");
    expect(await uris(folder)).not.toContain("graph.json");
  });
});
