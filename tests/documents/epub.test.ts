import { describe, expect, it } from "vitest";
import { ChapterNames } from "../../src/documents/chapter-names.js";
import type { SourceDocument } from "../../src/documents/document.js";
import { parseEpub } from "../../src/documents/epub.js";
import { failure } from "../store/fixture.js";
import { zip } from "./hostile.js";
import { epub, type MadeBook } from "./made-epub.js";
import { expectSeparated, expectSound, outline, placeOf } from "./sound.js";

const read = async (book: MadeBook | Buffer): Promise<SourceDocument> => {
  const bytes = Buffer.isBuffer(book) ? book : epub(book);
  const document = await parseEpub(bytes, { uri: "books/sea.epub" });
  expectSound(document);
  expectSeparated(document);
  return document;
};

const SEA: MadeBook = {
  title: "The Sea",
  nav: `<ol>
    <li><a href="cover.xhtml">Cover</a></li>
    <li><a href="preface.xhtml">Preface</a></li>
    <li><a href="calm.xhtml">The Calm</a><ol><li><a href="calm.xhtml#noon">Noon</a></li></ol></li>
    <li><a href="the%20storm.xhtml">The Storm</a></li>
  </ol>`,
  pages: {
    "cover.xhtml": '<img src="cover.jpg" alt="Waves"/>',
    "preface.xhtml": "<h1>Preface</h1><p>Why I went.</p>",
    "calm.xhtml":
      '<h1>The Calm</h1><p>No wind &amp; no waves.</p><h2 id="noon">Noon</h2><ul><li>Heat</li></ul>',
    "the%20storm.xhtml": "<h1>The <i>Storm</i></h1><p>Then it came.</p>",
    "more.xhtml": "<p>It stayed for days.</p>",
  },
};

describe("parseEpub", () => {
  it("reads the pages in the spine's order, with their structure", async () => {
    const document = await read(SEA);
    expect(outline(document, "level")).toEqual([
      "heading, level 1: Preface",
      "paragraph: Why I went.",
      "heading, level 1: The Calm",
      "paragraph: No wind & no waves.",
      "heading, level 2: Noon",
      "list-item: Heat",
      "heading, level 1: The Storm",
      "paragraph: Then it came.",
      "paragraph: It stayed for days.",
    ]);
    expect(document).toMatchObject({
      title: "The Sea",
      mediaType: "application/epub+zip",
      lines: [],
      pages: [],
    });
    expect(document).not.toHaveProperty("hidden");
  });

  it("calls a place by its chapter, counted without what stands around the chapters", async () => {
    const document = await read(SEA);
    expect(placeOf(document, "Why I went")).toBe("Preface");
    expect(placeOf(document, "No wind")).toBe("chapter 1: The Calm");
    expect(placeOf(document, "Heat")).toBe("chapter 1: The Calm");
    expect(placeOf(document, "Then it came")).toBe("chapter 2: The Storm");
    expect(placeOf(document, "It stayed")).toBe("chapter 2: The Storm");
  });

  it("takes the chapters of EPUB 2's table of contents, also where several are on one page", async () => {
    const point = (title: string, src: string, inner = "") =>
      `<navPoint><navLabel><text>${title}</text></navLabel><content src="${src}"/>${inner}</navPoint>`;
    const document = await read({
      ncx: point(
        "Part One",
        "part.xhtml",
        point("I. Calm", "all.xhtml#a") + point("II. Storm", "all.xhtml#b", point("Night", "all.xhtml#c")),
      ),
      pages: {
        "part.xhtml": "<h1>Part One</h1>",
        "all.xhtml":
          '<div><h1 id="a">Calm</h1><p>No wind.</p><h1><a id="b"/>Storm</h1><p>It came.</p><h2 id="c">Night</h2><p>Dark.</p></div>',
      },
    });
    expect(placeOf(document, "Part One")).toBe("Part One");
    expect(placeOf(document, "No wind")).toBe("chapter 1: Calm");
    expect(placeOf(document, "It came")).toBe("chapter 2: Storm");
    expect(placeOf(document, "Dark")).toBe("chapter 2: Storm");
    expect(outline(document, "level").filter((line) => line.startsWith("heading"))).toEqual([
      "heading, level 1: Part One",
      "heading, level 2: Calm",
      "heading, level 2: Storm",
      "heading, level 3: Night",
    ]);
  });

  it("takes the headings for the chapters in a book without a table of contents", async () => {
    const document = await read({
      pages: {
        "a.xhtml": "<h2>Chapter 7. Calm</h2><p>No wind.</p>",
        "b.xhtml": "<h2>Storm</h2><p>It came.</p>",
      },
    });
    expect(placeOf(document, "No wind")).toBe("Chapter 7. Calm");
    expect(placeOf(document, "It came")).toBe("chapter 8: Storm");
    expect(document.title).toBe("sea");
  });

  it("puts chapters side by side whose part has no page", async () => {
    const document = await read({
      nav: '<ol><li><a href="a.xhtml">Calm</a></li><li><span>Part Two</span><ol><li><a href="b.xhtml">Storm</a></li></ol></li></ol>',
      pages: { "a.xhtml": "<h1>Calm</h1><p>No wind.</p>", "b.xhtml": "<h1>Storm</h1><p>It came.</p>" },
    });
    expect(outline(document, "level")).toContain("heading, level 1: Storm");
  });

  it("makes a heading of a title that stands on its page as a paragraph, or in the contents alone", async () => {
    const document = await read({
      nav: '<ol><li><a href="a.xhtml">Calm</a></li><li><a href="b.xhtml">Storm</a></li></ol>',
      pages: { "a.xhtml": "<p>1</p><p>CALM</p><p>No wind.</p>", "b.xhtml": "<p>It came.</p>" },
    });
    expect(outline(document)).toEqual([
      "paragraph: 1",
      "heading: CALM",
      "paragraph: No wind.",
      "heading: Storm",
      "paragraph: It came.",
    ]);
    expect(placeOf(document, "It came")).toBe("chapter 2: Storm");
  });

  it("reads what is XML and would mean something else in HTML", async () => {
    const document = await read({
      pages: {
        "a.xhtml":
          '<h1>Calm</h1><script src="x.js"/><a id="p1"/><p hidden="hidden"/><p>No<span epub:type="pagebreak" id="p2">17</span> wind<br/>at all.</p><div/><![CDATA[ 1 < 2 ]]><!-- <p>unsaid</p> -->',
      },
    });
    expect(outline(document)).toEqual(["heading: Calm", "paragraph: No wind\nat all.", "paragraph: 1 < 2"]);
  });

  it("leaves out and counts what the book's style sheets hide", async () => {
    const document = await read({
      styles: ".gone { display: none }",
      pages: {
        "a.xhtml": '<p>Open.</p><p class="gone">Ignore all.</p>',
        "b.xhtml": '<p class="gone">Ignore.</p>',
      },
    });
    expect(document.text).toBe("Open.");
    expect(document.hidden).toBe("Ignoreall.".length + "Ignore.".length);
  });

  it.each<[string, Buffer, RegExp]>([
    ["what is empty", Buffer.alloc(0), /no archive/],
    ["what is no archive", Buffer.from("a book"), /no archive/],
    ["one that is cut off", epub(SEA).subarray(0, 900), /no archive/],
    ["an archive of something else", zip({ "a.txt": "x" }), /no part META-INF\/container\.xml/],
    ["damaged XML", zip({ "META-INF/container.xml": "<container><rootfiles>" }), /XML is damaged/],
    ["a book without text", epub({ pages: { "a.xhtml": '<img src="x.png"/>' } }), /has no text/],
    [
      "a book whose pages are encrypted",
      epub({
        ...SEA,
        more: {
          "META-INF/encryption.xml":
            '<encryption><EncryptedData><CipherData><CipherReference URI="OEBPS/the%20storm.xhtml"/></CipherData></EncryptedData></encryption>',
        },
      }),
      /protected against being read/,
    ],
  ])("refuses %s", async (_, bytes, reason) => {
    const { loadDocument } = await import("../../src/documents/load.js");
    const error = await failure(() => loadDocument(bytes, "books/sea.epub"));
    expect(error).toMatchObject({ code: "unreadable-document", hint: expect.any(String) });
    expect(error.message).toMatch(reason);
    expect(error.message).toMatch(/^books\/sea\.epub /);
  });

  it("reads a book of which only the fonts are obscured", async () => {
    const more = {
      "META-INF/encryption.xml":
        '<encryption><EncryptedData><CipherData><CipherReference URI="OEBPS/font.otf"/></CipherData></EncryptedData></encryption>',
    };
    expect((await read({ ...SEA, more })).text).toContain("Then it came.");
  });
});

describe("ChapterNames", () => {
  it.each([
    [
      ["The Calm", "The Storm"],
      ["chapter 1: The Calm", "chapter 2: The Storm"],
    ],
    [
      ["Preface", "Calm", "Index"],
      ["Preface", "chapter 1: Calm", "Index"],
    ],
    [
      ["Chapter 4: Calm", "Storm"],
      ["Chapter 4: Calm", "chapter 5: Storm"],
    ],
    [
      ["1. Calm", "2 - Storm", "3 Peace"],
      ["chapter 1: Calm", "chapter 2: Storm", "chapter 3: Peace"],
    ],
    [
      ["I", "II", "IX. Rain"],
      ["chapter 1", "chapter 2", "chapter 9: Rain"],
    ],
    [
      ["I Am Born", "I Observe", "Mix"],
      ["chapter 1: I Am Born", "chapter 2: I Observe", "chapter 3: Mix"],
    ],
    [
      ["12 Rules for Life", "Storm"],
      ["chapter 1: 12 Rules for Life", "chapter 2: Storm"],
    ],
    [["Introduction to Rain"], ["chapter 1: Introduction to Rain"]],
  ])("names %j", (titles, names) => {
    const chapters = new ChapterNames();
    expect(titles.map((title) => chapters.next(title, false))).toEqual(names);
  });
});
