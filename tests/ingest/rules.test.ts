import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PathRules } from "../../src/ingest/rules.js";
import { scan } from "../../src/ingest/scan.js";
import { temporaryFolder } from "../store/fixture.js";

/** Makes the files, each with its own path in it or the text given. */
function folderOf(files: readonly string[], ignoreFiles: Record<string, string> = {}): string {
  const folder = temporaryFolder();
  const texts = { ...Object.fromEntries(files.map((file) => [file, file])), ...ignoreFiles };
  for (const [path, text] of Object.entries(texts)) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const uris = async (folder: string, options: Parameters<typeof scan>[2] = {}) =>
  (await scan(folder, [".md"], options)).files.map(({ uri }) => uri);

const FILES = ["a.md", "b.md", "drafts/a.md", "drafts/keep/c.md", "notes/b.md", "notes/drafts/d.md"];

describe("patterns", () => {
  it.each<[string, { include?: string[]; exclude?: string[] }, string[]]>([
    [
      "a name, at any depth",
      { exclude: ["a.md"] },
      ["b.md", "drafts/keep/c.md", "notes/b.md", "notes/drafts/d.md"],
    ],
    ["a path from the top", { exclude: ["/drafts"] }, ["a.md", "b.md", "notes/b.md", "notes/drafts/d.md"]],
    ["folders alone", { exclude: ["drafts/"] }, ["a.md", "b.md", "notes/b.md"]],
    ["what is taken back", { exclude: ["*.md", "!b.md"] }, ["b.md", "notes/b.md"]],
    [
      "what is wanted",
      { include: ["b.md", "/drafts/"] },
      ["b.md", "drafts/a.md", "drafts/keep/c.md", "notes/b.md"],
    ],
    ["both", { include: ["notes/**"], exclude: ["d.md"] }, ["notes/b.md"]],
    ["another case", { exclude: ["A.md"] }, FILES],
    ["nothing", { include: [], exclude: [] }, FILES],
  ])("take %s", async (_, patterns, expected) => {
    expect(await uris(folderOf(FILES), patterns)).toEqual(expected);
  });

  it("do not keep out a file that was named itself", async () => {
    const folder = folderOf(FILES, { ".waymarkignore": "*.md" });
    expect(await uris(join(folder, "a.md"), { exclude: ["a.md"] })).toEqual(["a.md"]);
  });
});

describe(".waymarkignore", () => {
  it("holds for its folder and all below, the deeper one over the higher", async () => {
    const folder = folderOf(FILES, {
      ".waymarkignore": "# mine\r\n\r\n*.md\r\n!notes/**\r\n",
      "notes/.waymarkignore": "\uFEFF/drafts\n",
      "drafts/.waymarkignore": "!a.md\n!keep/",
    });
    expect(await uris(folder)).toEqual(["drafts/a.md", "notes/b.md"]);
  });

  it("has no say over what exclude says", async () => {
    const folder = folderOf(FILES, { ".waymarkignore": "!*.md" });
    expect(await uris(folder, { exclude: ["*.md"] })).toEqual([]);
  });

  it("takes nothing from a folder whose ignore file cannot be read", async () => {
    const folder = folderOf(["a.md", "private/b.md"]);
    mkdirSync(join(folder, "private", ".waymarkignore"));
    const { files, unreadable } = await scan(folder, [".md"]);
    expect(files.map(({ uri }) => uri)).toEqual(["a.md"]);
    expect(unreadable).toEqual([{ uri: "private", reason: expect.stringContaining("EISDIR") }]);
  });

  it("means what git's own ignore files mean, at any depth", async () => {
    const within = fc.array(fc.constantFrom("a", "b", "c d", "[e]"), { maxLength: 2 });
    const path = fc
      .tuple(within, fc.constantFrom("a.md", "b.md", "c d.md", "[e].md"))
      .map(([folders, name]) => [...folders, name].join("/"));
    const part = fc.constantFrom("a", "b", "c d", "\\[e]", "[ab]", "?", "*", "**", "*.md", "a*", "[!a]*");
    const pattern = fc
      .tuple(
        fc.constantFrom("", "!"),
        fc.constantFrom("", "/"),
        fc.array(part, { minLength: 1, maxLength: 3 }),
        fc.constantFrom("", "/"),
      )
      .map(([negation, start, parts, end]) => negation + start + parts.join("/") + end);
    const lines = fc.array(
      fc.oneof({ weight: 9, arbitrary: pattern }, fc.constantFrom("", "# b.md", "a.md ")),
      {
        maxLength: 4,
      },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(path, { minLength: 1, maxLength: 8 }),
        fc.dictionary(fc.constantFrom("", "a/", "b/", "a/b/", "c d/", "[e]/"), lines, { maxKeys: 3 }),
        async (files, ignoring) => {
          const folders = new Set(["", ...files.map((file) => file.slice(0, file.lastIndexOf("/") + 1))]);
          const ignoreFiles = Object.entries(ignoring)
            .filter(([at]) => folders.has(at))
            .map(([at, of]): [string, string] => [`${at}.waymarkignore`, `${of.join("\n")}\n`]);
          const folder = folderOf(files, Object.fromEntries(ignoreFiles));
          execFileSync("git", ["init", "-q", folder]);
          const kept = execFileSync(
            "git",
            ["-C", folder, "ls-files", "-o", "-z", "--exclude-per-directory=.waymarkignore"],
            { encoding: "utf8" },
          );
          const expected = kept.split("\0").filter((file) => file.endsWith(".md"));
          expect(await uris(folder)).toEqual(expected.sort());
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe("what is passed over", () => {
  it("is told with its reason, a folder as one", async () => {
    const folder = folderOf(
      [
        "a.md",
        "b.md",
        "photo.jpg",
        ".hidden.md",
        "drafts/c.md",
        "logs/d.md",
        "logs/e.md",
        "node_modules/f.md",
      ],
      { ".waymarkignore": "logs/\n", "~$a.docx": "" },
    );
    const passed: Record<string, string> = {};
    await scan(folder, [".md"], {
      include: ["a.md"],
      exclude: ["drafts"],
      onPassedOver: ({ uri, reason }) => {
        passed[uri] = reason;
      },
    });
    expect(passed).toEqual({
      ".hidden.md": "hidden",
      ".waymarkignore": "it says what to ignore",
      "b.md": "not among what is included",
      "drafts/": "excluded by drafts",
      "logs/": "ignored by .waymarkignore: logs/",
      "node_modules/": "node_modules",
      "photo.jpg": "not among what is included",
      "~$a.docx": "Word keeps it beside an open document",
    });
  });
});

describe("PathRules", () => {
  it("takes any text for an ignore file", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 30 }),
        fc.constantFrom("", "a", "a/b"),
        (text, folder) => {
          const rules = new PathRules({ exclude: [text] }).with(folder, text);
          expect(["string", "undefined"]).toContain(typeof rules.against("a/b/c.md", false));
        },
      ),
      { numRuns: 50 },
    );
  });
});
