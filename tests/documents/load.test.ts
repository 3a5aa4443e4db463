import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { documentId, loadDocument, SUPPORTED_EXTENSIONS } from "../../src/documents/load.js";
import { expectSound } from "./sound.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "waymark-load-"));
});
afterAll(() => rm(folder, { recursive: true }));

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));

describe("loadDocument", () => {
  it.each([
    ["handbook.md", "text/markdown"],
    ["handbook.txt", "text/plain"],
    ["handbook.html", "text/html"],
    ["handbook.pdf", "application/pdf"],
    ["handbook.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
  ])("reads the same handbook from %s", async (name, mediaType) => {
    const document = await loadDocument(fixture(name), `office/${name}`);
    expectSound(document);
    expect(document).toMatchObject({
      id: documentId(`office/${name}`),
      uri: `office/${name}`,
      mediaType,
      title: "Willow Lane Community Garden Handbook",
    });
    const markdown = await loadDocument(fixture("handbook.md"), "handbook.md");
    expect(
      document.text.split(/\s+/).filter((word) => word !== "•" && !/^\d\.$|^=+$/.test(word) && word !== ""),
    ).toEqual(markdown.text.split(/\s+/));
    const shapes = (of: typeof document) =>
      of.blocks.map(({ type, header = false, ordinal = 0 }) => `${type} ${header} ${ordinal}`);
    expect(shapes(document)).toEqual(shapes(markdown));
  });

  it("reads bytes as it reads a path, and does not mind the extension's case", async () => {
    const bytes = await readFile(fixture("handbook.md"));
    expect(await loadDocument(bytes, "A.MD")).toEqual(await loadDocument(fixture("handbook.md"), "A.MD"));
  });

  it.each(["notes.odt", "README", "a.constructor", ".md", "photo.jpeg"])(
    "refuses %s as a kind that it cannot read",
    async (uri) => {
      await expect(loadDocument(Buffer.from("text"), uri)).rejects.toMatchObject({
        code: "unsupported-format",
        message: expect.stringContaining(uri),
        hint: expect.stringContaining(".docx"),
      });
    },
  );

  it("names the file and the reason where a file cannot be opened", async () => {
    await expect(loadDocument(join(folder, "gone.md"), "notes/gone.md")).rejects.toMatchObject({
      code: "unreadable-document",
      message: expect.stringMatching(/^notes\/gone\.md cannot be read: ENOENT/),
    });
  });

  it.each([...SUPPORTED_EXTENSIONS])("refuses an empty %s file", async (extension) => {
    const path = join(folder, `empty${extension}`);
    await writeFile(path, "");
    await expect(loadDocument(path, `empty${extension}`)).rejects.toMatchObject({
      code: "unreadable-document",
    });
  });

  it("reads any bytes under any extension, or refuses them with a reason", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 200 }),
        fc.constantFrom(...SUPPORTED_EXTENSIONS),
        async (bytes, extension) => {
          await loadDocument(bytes, `any${extension}`).then(expectSound, (error: unknown) => {
            expect(error).toMatchObject({
              code: "unreadable-document",
              message: expect.stringContaining(`any${extension}`),
            });
          });
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe("documentId", () => {
  it("is readable, stable and safe in a URL", () => {
    expect(documentId("guides/Café Menü.md")).toMatch(/^guides-cafe-menu-md-[0-9a-f]{10}$/);
    expect(documentId("roadmap.md")).toBe("roadmap-md-51abe96bc4");
    expect(documentId("庭.md")).toMatch(/^md-[0-9a-f]{10}$/);
    expect(documentId("庭")).toMatch(/^[0-9a-f]{10}$/);
  });

  it("differs for uris that look alike", () => {
    const uris = ["a/b.md", "a-b.md", "A/B.md", "a/b.MD", "a b.md"];
    expect(new Set(uris.map(documentId)).size).toBe(uris.length);
  });

  it("has only letters, digits and single hyphens, whatever the uri", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 300 }), (uri) => {
        expect(documentId(uri)).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
        expect(documentId(uri).length).toBeLessThanOrEqual(72);
      }),
    );
  });
});
