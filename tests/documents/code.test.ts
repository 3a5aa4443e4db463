import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseCode } from "../../src/documents/code.js";
import { divideCode } from "../../src/documents/code-chunks.js";
import { CODE_EXTENSIONS } from "../../src/documents/code-languages.js";
import { expectSeparated, expectSound, lineOf, outline } from "./sound.js";

const parse = async (uri: string, text: string) => {
  const document = await parseCode(Buffer.from(text), { uri });
  expectSound(document);
  expectSeparated(document);
  return document;
};

const WATERER = `import { Tap } from "./tap.js";

/** Waters the beds,
 *  one after another. */
export class Waterer extends Timer {
  /** In minutes. */
  limit = 20;

  /**
   * Opens the tap.
   * @param minutes how long
   */
  open(minutes: number): void {
    this.tap.open(minutes);
  }
}

export const BEDS = 4;
`;

describe("source code", () => {
  it("has classes and functions as headings, comments above them as prose, and the rest as code", async () => {
    const document = await parse("garden/waterer.ts", WATERER);
    expect(document).toMatchObject({ title: "waterer.ts", mediaType: "text/x-typescript" });
    expect(outline(document, "level")).toEqual([
      'code: import { Tap } from "./tap.js";',
      "heading, level 2: Waterer",
      "paragraph: Waters the beds, one after another.",
      "code: export class Waterer extends Timer {",
      "paragraph: In minutes.",
      "code: limit = 20;",
      "heading, level 3: open",
      "paragraph: Opens the tap.",
      "paragraph: @param minutes how long",
      "code:   open(minutes: number): void {\n    this.tap.open(minutes);\n  }\n}",
      "heading, level 1: waterer.ts",
      "code: export const BEDS = 4;",
    ]);
    expect(lineOf(document, "one after another")).toBe(4);
    expect(lineOf(document, "this.tap.open")).toBe(14);
    expect(lineOf(document, "BEDS")).toBe(18);
  });

  it.each([
    [
      "a.py",
      'class Hive:\n    """Keeps bees."""\n\n    def open(self):\n        """Opens it."""\n        return 1\n',
      ["Hive", "open"],
      ["Keeps bees.", "Opens it."],
    ],
    [
      "a.java",
      "/** Keeps bees. */\npublic class Hive {\n  // Opens it.\n  int open() {\n    return 1;\n  }\n}\n",
      ["Hive", "open"],
      ["Keeps bees.", "Opens it."],
    ],
    [
      "a.rs",
      "/// Keeps bees.\npub struct Hive {\n  x: i32,\n}\nimpl Hive {\n  /// Opens it.\n  fn open(&self) -> i32 {\n    1\n  }\n}\n",
      ["Hive", "open"],
      ["Keeps bees.", "Opens it."],
    ],
    [
      "a.cpp",
      "// Keeps bees.\nclass Hive : public Box {\n public:\n  // Opens it.\n  int open() {\n    return 1;\n  }\n};\nint Hive::close(int x) {\n  return x;\n}\n",
      ["Hive", "open", "Hive::close"],
      ["Keeps bees.", "Opens it."],
    ],
    [
      "a.go",
      "package main\n\n// Hive keeps bees.\ntype Hive struct {\n\tx int\n}\n\n// Open opens it.\nfunc (h *Hive) Open() int {\n\treturn 1\n}\n",
      ["Hive", "Hive.Open"],
      ["Hive keeps bees.", "Open opens it."],
    ],
    [
      "a.php",
      "<?php\n/** Keeps bees. */\nclass Hive {\n  # Opens it.\n  function open() {\n    return 1;\n  }\n}\n",
      ["Hive", "open"],
      ["Keeps bees.", "Opens it."],
    ],
    [
      "a.rb",
      "# Keeps bees.\nclass Hive\n  # Opens it.\n  def open\n    1\n  end\nend\n",
      ["Hive", "open"],
      ["Keeps bees.", "Opens it."],
    ],
    [
      "a.cs",
      "/// <summary>Keeps bees.</summary>\npublic class Hive\n{\n    // Opens it.\n    public int Open()\n    {\n        return 1;\n    }\n}\n",
      ["Hive", "Open"],
      ["Keeps bees.", "Opens it."],
    ],
    [
      "a.kt",
      "/** Keeps bees. */\nclass Hive {\n  // Opens it.\n  fun open(): Int {\n    return 1\n  }\n}\n",
      ["Hive", "open"],
      ["Keeps bees.", "Opens it."],
    ],
    [
      "a.swift",
      "/// Keeps bees.\npublic struct Hive {\n  /// Opens it.\n  func open() -> Int {\n    return 1\n  }\n}\n",
      ["Hive", "open"],
      ["Keeps bees.", "Opens it."],
    ],
    [
      "a.sh",
      "# Keeps bees.\nset -e\n\n# Opens it.\nopen() {\n  echo 1\n}\n",
      ["open"],
      ["Keeps bees.", "Opens it."],
    ],
    ["a.sql", "-- Keeps bees.\nCREATE TABLE hive (\n  id INTEGER\n);\n", ["hive"], ["Keeps bees."]],
    [
      "a.yaml",
      "# Keeps bees.\nhive:\n  frames:\n  - one\n  - two\n  door: open\n",
      ["hive", "frames", "hive"],
      ["Keeps bees."],
    ],
    [
      "a.toml",
      "# Keeps bees.\n[hive.door]\nopen = true\n\n[[frames]]\nwax = 1\nage = 2\n",
      ["hive.door", "frames"],
      ["Keeps bees."],
    ],
  ])("is told apart in %s", async (uri, text, names, prose) => {
    const { blocks, text: words } = await parse(uri, text);
    const of = (type: string) =>
      blocks.filter((block) => block.type === type).map(({ start, end }) => words.slice(start, end));
    expect(of("heading").filter((name) => name !== uri)).toEqual(names);
    expect(of("paragraph")).toEqual(prose);
    expect(of("code").length).toBeGreaterThan(0);
  });

  it("keeps every character of the code but the indent that its lines share", async () => {
    const path = new URL("../../src/documents/builder.ts", import.meta.url);
    const source = await readFile(path, "utf8");
    const { blocks, text, lines } = await parse("builder.ts", source);
    const sourceLines = source.split("\n");
    for (const { start, end } of blocks.filter(({ type }) => type === "code")) {
      const number = lines.findLast(({ offset }) => offset <= start)?.value ?? 0;
      for (const [index, line] of text.slice(start, end).split("\n").entries())
        expect(sourceLines[number - 1 + index]?.trim()).toBe(line.trim());
    }
    expect(text.match(/#separate\(/g)).toHaveLength(3);
  });

  it("is divided between statements, the outermost first, into pieces that fit the reader", async () => {
    const step = (n: number) =>
      `  if (bees(${n})) {\n    tell("the keeper", ${n});\n    open(door, ${n});\n  }\n`;
    const text = `function season() {\n${Array.from({ length: 30 }, (_, n) => step(n)).join("")}}\n`;
    const { blocks, text: words } = await parse("season.js", text);
    const pieces = blocks
      .filter(({ type }) => type === "code")
      .map(({ start, end }) => words.slice(start, end));
    expect(pieces.length).toBeGreaterThan(5);
    for (const piece of pieces.slice(1)) expect(piece.trim()).toMatch(/^if \(bees/);
    for (const piece of pieces) expect(piece.length).toBeLessThan(400);
  });

  it("is read although it is broken", async () => {
    const { text } = await parse("broken.ts", 'function open( {\n  return "bees\n}\n\nclass {{{ ]]\n');
    expect(text).toContain("class {{{ ]]");
  });

  it("is refused where a program made it for programs", async () => {
    const minified = `var a=1;${"function b(c){return c+1};".repeat(200)}`;
    for (const [text, reason] of [
      [minified, /minified/],
      ["// Code generated by protoc-gen-go. DO NOT EDIT.\npackage main\n", /generated/],
      ["/**\n * @generated by a tool\n */\nexport const A = 1;\n", /generated/],
    ] as const) {
      await expect(parseCode(Buffer.from(text), { uri: "a.js" })).rejects.toMatchObject({
        code: "unreadable-document",
        message: expect.stringMatching(reason),
      });
    }
    expect(
      (await parse("a.js", '// The code that is generated is shown.\nlet a = "@generated later";\n')).text,
    ).toContain("generated later");
  });

  it.each(["", "  \n\n", "\0\0\0"])("is refused where there is none: %j", async (text) => {
    await expect(parseCode(Buffer.from(text), { uri: "a.py" })).rejects.toMatchObject({
      code: "unreadable-document",
    });
  });

  it("of any shape is sound, and nothing but comments' marks and headings is added or lost", async () => {
    const line = fc.tuple(
      fc.nat(4),
      fc.constantFrom(
        "def a():",
        "class B {",
        "}",
        "# word",
        "// word",
        "/* word",
        "word */",
        "word = 1;",
        "",
        '"""',
        "key:",
        "[part]",
        "fn c() {",
        "end",
        ");",
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { minLength: 1, maxLength: 30 }),
        fc.constantFrom(...CODE_EXTENSIONS),
        async (shape, extension) => {
          const text = shape.map(([indent, words]) => "  ".repeat(indent) + words).join("\n");
          if (!/[\p{L}\p{N}]/u.test(text)) return;
          const document = await parseCode(Buffer.from(text), { uri: `a${extension}` });
          expectSound(document);
          const body = document.blocks
            .filter(({ type }) => type !== "heading")
            .map(({ start, end }) => document.text.slice(start, end));
          expect(body.join("\n").match(/\bword\b/g)?.length ?? 0).toBe(text.match(/\bword\b/g)?.length ?? 0);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe("divideCode", () => {
  it("gives every line that is not blank once, in order", () => {
    const line = fc.tuple(
      fc.constantFrom("", "a", "some = words(1, 2);".repeat(3)),
      fc.constantFrom(1, 2, 3, Number.POSITIVE_INFINITY),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), (shape) => {
        const lines = shape.map(([text]) => text);
        const depths = shape.map(([, depth]) => depth);
        const chunks = divideCode(lines, depths, { start: 0, end: lines.length });
        const covered = chunks.flatMap(({ start, end }) => lines.slice(start, end));
        expect(covered.filter((text) => text !== "")).toEqual(lines.filter((text) => text !== ""));
        for (const [index, { start, end }] of chunks.entries()) {
          expect(start).toBeGreaterThanOrEqual(chunks[index - 1]?.end ?? 0);
          expect(end).toBeGreaterThan(start);
        }
      }),
    );
  });
});
