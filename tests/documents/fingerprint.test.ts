import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { loadDocument, PARSER_FINGERPRINT } from "../../src/documents/load.js";
import { WORKING_FILES } from "./made-working-files.js";

/**
 * Where this fails, a parser makes another document of the same file: change PARSER_FINGERPRINT, so that indexes are made
 * again, and then the sum here.
 */
it("has another value whenever a parser makes another document of the same file", async () => {
  const hash = createHash("sha256");
  for (const name of ["handbook.md", "handbook.txt", "handbook.html", "handbook.pdf", "handbook.docx"]) {
    const bytes = await readFile(new URL(`../fixtures/${name}`, import.meta.url));
    hash.update(JSON.stringify(await loadDocument(bytes, name)));
  }
  expect([PARSER_FINGERPRINT, hash.digest("hex")]).toEqual([
    "parsers-3",
    "53acbb3d6b31f7b445f4079bc75cb8abee4072859ad8dae33c34b795ef495b39",
  ]);
});

it("has another value whenever it makes another document of subtitles, data, notebooks, mail, markup and code", async () => {
  const hash = createHash("sha256");
  for (const [name, text] of WORKING_FILES)
    hash.update(JSON.stringify(await loadDocument(Buffer.from(text), name)));
  expect([PARSER_FINGERPRINT, hash.digest("hex")]).toEqual([
    "parsers-3",
    "98310c52205f18e14aa7fbd99f9e4c7df6fe51180e7502db15a9ad785d768662",
  ]);
});
