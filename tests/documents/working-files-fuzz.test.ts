import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CODE_EXTENSIONS } from "../../src/documents/code-languages.js";
import { loadDocument } from "../../src/documents/load.js";
import { loadApart } from "../../src/documents/parser-thread.js";
import { budget } from "../fuzz-budget.js";
import { WORKING_FILES } from "./made-working-files.js";
import { expectSound } from "./sound.js";

async function endsWell(bytes: Buffer, name: string): Promise<void> {
  await loadDocument(bytes, name).then(expectSound, (error: unknown) =>
    expect(error).toMatchObject({ code: "unreadable-document", message: expect.stringContaining(name) }),
  );
}

describe("subtitles, data, notebooks, mail, markup and code", () => {
  it("as they are made here are sound", async () => {
    for (const [name, text] of WORKING_FILES) expectSound(await loadDocument(Buffer.from(text), name));
  });

  it("with their text changed end in a document or in a reason", async () => {
    const token = fc.oneof(
      fc.constantFrom(..."<>{}[]()\"'`*_|:.,-+=#/\\\n\r\t\0 "),
      fc.constantFrom(
        "-->",
        "/*",
        "*/",
        '"""',
        "```",
        "::",
        ".. ",
        "<v ",
        "&#xD800;",
        "\\uD800",
        "=?x?Q?=",
        "--b",
        "\nFrom a 1:00",
        "end",
      ),
      fc.constantFrom("\u{1F98A}", "\uD800", "\u202E", "\u{E0041}", "\u200B", "\uFEFF"),
      fc.string({ unit: "binary", maxLength: 5 }),
    );
    const place = fc.double({ min: 0, max: 1, noNaN: true });
    const edits = fc.array(fc.tuple(place, fc.nat({ max: 12 }), token), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...WORKING_FILES), edits, async ([name, base], changes) => {
        const changed = changes.reduce((text, [where, length, inserted]) => {
          const at = Math.floor(where * text.length);
          return text.slice(0, at) + inserted + text.slice(at + length);
        }, base);
        await endsWell(Buffer.from(changed), name);
      }),
      budget(400),
    );
  });

  it("cut off or with bytes changed end in a document or in a reason", async () => {
    const place = fc.double({ min: 0, max: 1, noNaN: true });
    const changes = fc.array(fc.tuple(place, fc.nat(255)), { maxLength: 8 });
    const kept = fc.oneof(fc.constant(1), place);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...WORKING_FILES),
        changes,
        kept,
        async ([name, text], changed, share) => {
          const bytes = Buffer.from(text);
          for (const [at, value] of changed) bytes[Math.floor(at * (bytes.length - 1))] = value;
          await endsWell(bytes.subarray(0, Math.ceil(bytes.length * share)), name);
        },
      ),
      budget(200),
    );
  });
});

const deep = 10_000;
const nested = (open: string, close: string) => `${open.repeat(deep)}1${close.repeat(deep)}`;

describe("hostile subtitles, data, notebooks, mail, markup and code", () => {
  it.each<[string, string, () => string]>([
    ["lists nested 10,000 deep", "a.json", () => nested("[", "]")],
    ["objects nested 10,000 deep", "a.json", () => nested('{"a":', "}")],
    ["objects nested 10,000 deep on a line", "a.jsonl", () => `{"a":1}\n${nested('{"a":', "}")}`],
    ["a megabyte of brackets that are not closed", "a.json", () => "[".repeat(1_000_000)],
    ["a list of a megabyte", "a.json", () => `[${"1,".repeat(500_000)}1]`],
    ["a cell nested 10,000 deep", "a.ipynb", () => `{"cells":[${nested("[", "]")}]}`],
    [
      "a cell of quotations nested 10,000 deep",
      "a.ipynb",
      () =>
        JSON.stringify({
          cells: [
            { cell_type: "markdown", source: `${">".repeat(deep)} x` },
            { cell_type: "raw", source: "x" },
          ],
        }),
    ],
    [
      "parts nested 10,000 deep",
      "a.eml",
      () =>
        Array.from(
          { length: deep },
          (_, n) => `Subject: x\nContent-Type: multipart/mixed; boundary=b${n}\n\n--b${n}\n`,
        ).join(""),
    ],
    ["a header of a megabyte", "a.eml", () => `Subject: ${"=?utf-8?Q?a?= ".repeat(80_000)}\n\nx`],
    ["10,000 messages of nothing", "a.mbox", () => "From a@b Mon Mar  3 09:00:00 2025\n\n".repeat(deep)],
    ["tags that never end", "a.vtt", () => `WEBVTT\n\n00:01.000 --> 00:02.000\n${"<v ".repeat(100_000)}`],
    ["10,000 cues of no length", "a.srt", () => "0:00:00,0 --> 0:00:00,0\nbee\n\n".repeat(deep)],
    [
      "10,000 columns",
      "a.rst",
      () => `${"+-".repeat(deep)}+\n${"| ".repeat(deep)}|\n${"+-".repeat(deep)}+\n`,
    ],
    ["brackets nested 10,000 deep", "a.ts", () => nested("(\n", ")\n")],
    ["blocks nested 10,000 deep", "a.java", () => nested("class A {\n", "}\n")],
    [
      "indents 2,000 deep",
      "a.py",
      () => Array.from({ length: 2000 }, (_, n) => `${" ".repeat(n)}if a:`).join("\n"),
    ],
    [
      "keys 2,000 deep",
      "a.yaml",
      () => Array.from({ length: 2000 }, (_, n) => `${" ".repeat(n)}a:`).join("\n"),
    ],
    ["comments that never end", "a.css", () => "/* bee\n".repeat(5_000)],
    [
      "words for definitions that define nothing",
      "a.rb",
      () => `${"public static ".repeat(60)}\n`.repeat(1000),
    ],
  ])("end in a document or in a reason: %s", async (_, uri, make) => {
    const limits = { seconds: 1.5, secondsPerMegabyte: 0, growth: 700 };
    await loadApart(Buffer.from(make()), uri, limits).then(expectSound, (error: unknown) => {
      expect(error).toMatchObject({ code: "unreadable-document", hint: expect.any(String) });
    });
  });

  it.each([...CODE_EXTENSIONS])("of %s, lines of marks end well", async (extension) => {
    const lines = "([{<'\"`/*#-- ".repeat(8);
    await endsWell(Buffer.from(`bee\n${`${lines}\n`.repeat(50)}`), `a${extension}`);
  });
});
