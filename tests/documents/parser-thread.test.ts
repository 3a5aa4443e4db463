import { writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { deflateRawSync, deflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadDocument, SUPPORTED_EXTENSIONS } from "../../src/documents/load.js";
import { loadApart, readApart } from "../../src/documents/parser-thread.js";
import { sha256 } from "../../src/documents/sha256.js";
import { budget } from "../fuzz-budget.js";
import { failure, temporaryFolder } from "../store/fixture.js";
import { damages, pdf, wordDocument } from "./hostile.js";
import { expectSound } from "./sound.js";

const fixture = (name: string) => readFile(new URL(`../fixtures/${name}`, import.meta.url));

/** Zeros by the gigabyte, in a megabyte. */
const BOMB = (() => {
  const chunk = deflateRawSync(Buffer.alloc(1 << 20), { finishFlush: 2 });
  return { packed: Buffer.concat([...Array(1024).fill(chunk), deflateRawSync("")]), size: 2 ** 30 };
})();

describe("a file that is read in a thread of its own", () => {
  it.each(["handbook.md", "handbook.txt", "handbook.html", "handbook.pdf", "handbook.docx"])(
    "is the same document: %s",
    async (name) => {
      const bytes = await fixture(name);
      expect(await loadApart(bytes, name)).toEqual(await loadDocument(bytes, name));
      expect(bytes.length).toBeGreaterThan(0);
    },
  );

  it("is refused as it is refused without one", async () => {
    for (const [text, uri] of [
      ["", "empty.md"],
      ["no archive", "a.docx"],
      ["no PDF", "a.pdf"],
      ["text", "a.xyz"],
    ] as const) {
      const { code, message, hint } = await failure(() => loadDocument(Buffer.from(text), uri));
      expect(await failure(() => loadApart(Buffer.from(text), uri))).toMatchObject({ code, message, hint });
    }
  });

  it("is given up after its time, with a reason, and the next one is read", async () => {
    const slow = Buffer.from("a *b_ ".repeat(20_000));
    const limits = { seconds: 0.3, secondsPerMegabyte: 0 };
    const [refused, read] = await Promise.allSettled([
      loadApart(slow, "slow.md", limits),
      loadApart(Buffer.from("Bees sleep."), "next.md"),
    ]);
    expect(refused).toMatchObject({
      reason: {
        code: "unreadable-document",
        message: expect.stringMatching(/^slow\.md takes more than 0 seconds/),
      },
    });
    expect(read).toMatchObject({ status: "fulfilled", value: { text: "Bees sleep." } });
  });

  it("is given up where it takes too much of the heap, or of the machine's memory", async () => {
    const many = Buffer.from("a\n\n".repeat(300_000));
    for (const limits of [{ heap: 48 }, { growth: 32 }]) {
      const error = await failure(() => loadApart(many, "many.md", limits));
      expect(error.message).toBe("many.md takes too much memory to read.");
    }
    expect((await loadApart(Buffer.from("Bees sleep."), "next.md")).text).toBe("Bees sleep.");
  });
});

describe("a file on disk that is read in a thread of its own", () => {
  const write = (content: string) => {
    const path = join(temporaryFolder(), "bees.txt");
    writeFileSync(path, content);
    return { path, uri: "notes/bees.txt", bytes: content.length };
  };

  it("is the document that it holds, with the hash of its content", async () => {
    const text = "Bees sleep.";
    const { contentHash, document } = await readApart(write(text));
    expect(contentHash).toBe(sha256(text));
    expect(document).toEqual(await loadDocument(Buffer.from(text), "notes/bees.txt"));
  });

  it("is not parsed where its content is the known one", async () => {
    const file = write("Bees sleep.");
    const known = sha256("Bees sleep.");
    expect(await readApart(file, known)).toEqual({ contentHash: known, document: undefined });
    expect((await readApart(file, sha256("Bees fly."))).document?.text).toBe("Bees sleep.");
  });

  it("is refused with the reason where it cannot be read, and the next one is read", async () => {
    const file = write("Bees sleep.");
    const folder = { ...file, path: dirname(file.path) };
    const gone = { ...file, path: `${file.path}.bak` };
    const [ofFolder, ofGone, read] = await Promise.all([
      failure(() => readApart(folder)),
      failure(() => readApart(gone)),
      readApart(file),
    ]);
    expect(ofFolder).toMatchObject({ code: "unreadable-document", message: "It is no file." });
    expect(ofGone).toMatchObject({ code: "unreadable-document", message: expect.stringContaining("ENOENT") });
    expect(read.document?.text).toBe("Bees sleep.");
  });
});

describe("hostile files", () => {
  const deep = 10_000;
  it.each<[string, string, () => Buffer]>([
    [
      "HTML nested 10,000 deep",
      "a.html",
      () => Buffer.from(`${"<div>".repeat(deep)}Bees.${"</div>".repeat(deep)}`),
    ],
    ["tables nested 10,000 deep", "a.html", () => Buffer.from(`${"<table><tr><td>".repeat(deep)}Bees.`)],
    ["inline tags nested 10,000 deep", "a.html", () => Buffer.from(`${"<b><i>".repeat(deep)}Bees.`)],
    ["quotations nested 10,000 deep", "a.md", () => Buffer.from(`${">".repeat(deep)} Bees.`)],
    ["lists nested 10,000 deep", "a.md", () => Buffer.from(`${"- ".repeat(deep)}Bees.`)],
    [
      "brackets nested 10,000 deep",
      "a.md",
      () => Buffer.from(`${"[".repeat(deep)}Bees${"](x)".repeat(deep)}`),
    ],
    ["10,000 asterisks", "a.md", () => Buffer.from(`${"*".repeat(deep)}Bees${"*".repeat(deep)}`)],
    ["emphasis opened 10,000 times", "a.md", () => Buffer.from("*a_b ".repeat(deep))],
    ["tags in Markdown nested 10,000 deep", "a.md", () => Buffer.from(`${"<b>".repeat(deep)}Bees.`)],
    ["one line of a megabyte", "a.txt", () => Buffer.from("Bees ".repeat(200_000))],
    ["a million empty lines", "a.txt", () => Buffer.from(`Bees.${"\n".repeat(1_000_000)}`)],
    ["XML nested 10,000 deep", "a.docx", () => wordDocument(`${"<w:sdt><w:sdtContent>".repeat(deep)}<w:p/>`)],
    ["a Word document of a gigabyte of zeros", "a.docx", () => wordDocument(BOMB)],
    ["a Word document that lies about its size", "a.docx", () => wordDocument({ ...BOMB, size: 10 })],
    ["a PDF with a gigabyte of zeros on its page", "a.pdf", () => pdf(zeros(1024))],
    ["a PDF with a million operators", "a.pdf", () => pdf(deflateSync("q ".repeat(1_000_000)))],
    ["a PDF of arrays nested 10,000 deep", "a.pdf", () => pdf(deflateSync(`${"[".repeat(deep)}`))],
  ])("end in a document or in a reason: %s", async (_, uri, make) => {
    const limits = { seconds: 1.5, secondsPerMegabyte: 0, growth: 700 };
    await loadApart(make(), uri, limits).then(expectSound, (error: unknown) => {
      expect(error).toMatchObject({ code: "unreadable-document", hint: expect.any(String) });
    });
  });

  it("of every format, cut off or with bytes changed, end in a document or in a reason", async () => {
    const names = ["handbook.md", "handbook.txt", "handbook.html", "handbook.pdf", "handbook.docx"];
    const files = await Promise.all(names.map(async (name) => [name, await fixture(name)] as const));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...files), damages, async ([name, file], damage) => {
        await loadApart(damage(file), name).then(expectSound, (error: unknown) =>
          expect(error).toMatchObject({ code: "unreadable-document" }),
        );
      }),
      budget(60),
    );
  });

  it("in any encoding and of any characters end in a document or in a reason", async () => {
    const encode = fc.constantFrom<(text: string) => Buffer>(
      (text) => Buffer.from(text),
      (text) => Buffer.from(text, "latin1"),
      (text) => Buffer.from(`\uFEFF${text}`, "utf16le"),
      (text) => Buffer.from(`\uFEFF${text}`, "utf16le").swap16(),
      (text) => Buffer.from(text, "utf16le"),
    );
    const extension = fc.constantFrom(...SUPPORTED_EXTENSIONS.filter((name) => !/pdf|docx/.test(name)));
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: "binary", maxLength: 300 }),
        encode,
        extension,
        async (text, toBytes, end) => {
          await loadApart(toBytes(text), `a${end}`).then(expectSound, (error: unknown) =>
            expect(error).toMatchObject({ code: "unreadable-document" }),
          );
        },
      ),
      budget(100),
    );
  });
});

function zeros(megabytes: number): Buffer {
  const chunk = deflateRawSync(Buffer.alloc(1 << 20), { finishFlush: 2 });
  return Buffer.concat([
    Buffer.from([0x78, 0x9c]),
    ...Array<Buffer>(megabytes).fill(chunk),
    deflateRawSync(""),
  ]);
}
