import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseMarkdown, parseMarkdownText } from "../../src/documents/markdown.js";
import { expectSeparated, expectSound, lineOf, outline } from "./sound.js";

const parse = (markdown: string) => parseMarkdownText(markdown, { uri: "guides/garden.md" });

describe("parseMarkdown", () => {
  it("gives the words as a reader sees them, without markup", () => {
    const { text } = parse(
      'Sow **early** _peas_ &amp; ~~late~~ `beans` in [the bed](https://example.org "x"), see ![a plan](plan.png),\n' +
        "<span class=x>the book</span><!-- draft --> and https://example.org/a?b=1&c=2.",
    );
    expect(text).toBe(
      "Sow early peas & late beans in the bed, see a plan, the book and https://example.org/a?b=1&c=2.",
    );
  });

  it("keeps a hard break as a line end and a soft one as a space", () => {
    expect(parse("one  \ntwo\nthree\\\nfour").text).toBe("one\ntwo three\nfour");
  });

  it("gives each block its type", () => {
    const markdown = "# A\n\n### B\n\ntext\n\n- item\n\n> said\n\n```js\n  let x;\n```\n\n---\n\nend";
    expect(outline(parse(markdown), "level", "depth", "ordinal")).toEqual([
      "heading, level 1: A",
      "heading, level 3: B",
      "paragraph: text",
      "list-item, depth 0: item",
      "quote: said",
      "code:   let x;",
      "paragraph: end",
    ]);
  });

  it("numbers and nests list items, and keeps a list and the lists inside it in one group", () => {
    const markdown =
      "3. three\n   - deep\n     1) deeper\n4. four\n   more\n\npause\n\n- [x] done\n- [ ] open";
    expect(outline(parse(markdown), "depth", "ordinal", "group")).toEqual([
      "list-item, depth 0, ordinal 3, group 1: three",
      "list-item, depth 1, group 1: deep",
      "list-item, depth 2, ordinal 1, group 1: deeper",
      "list-item, depth 0, ordinal 4, group 1: four more",
      "paragraph: pause",
      "list-item, depth 0, group 2: done",
      "list-item, depth 0, group 2: open",
    ]);
  });

  it("makes paragraphs of what follows an item's first paragraph", () => {
    expect(outline(parse("1. one\n\n   more\n\n   > said\n\n2. two"), "ordinal")).toEqual([
      "list-item, ordinal 1: one",
      "paragraph: more",
      "quote: said",
      "list-item, ordinal 2: two",
    ]);
  });

  it("does not divide the document at headings in quotations and lists", () => {
    expect(outline(parse("> # said\n\n- # item\n\n  ## more"))).toEqual([
      "quote: said",
      "list-item: item",
      "paragraph: more",
    ]);
  });

  it("reads tables row by row, cell by cell, with the header marked", () => {
    const document = parse("| Month | *Task* |\n|---|--:|\n| May | sow \\| plant |\n| | rest |\n");
    expect(outline(document, "header", "group")).toEqual([
      "table-row, header true, group 1: Month\tTask",
      "table-row, group 1: May\tsow | plant",
      "table-row, group 1: \trest",
    ]);
    expectSound(document);
    expectSeparated(document);
  });

  it("keeps footnotes where they are defined and drops their marks", () => {
    expect(parse("Peas[^1] grow.\n\n[^1]: If it rains.").text).toBe("Peas grow.\n\nIf it rains.");
  });

  it("reads the words of HTML blocks, without what a browser hides", () => {
    const document = parse(
      "before\n\n<div align=center>\n<h2>Plan</h2>\n<script>track()</script></div>\n\nafter",
    );
    expect(outline(document)).toEqual(["paragraph: before", "heading: Plan", "paragraph: after"]);
    expect(lineOf(document, "Plan")).toBe(4);
  });

  it("takes the title from the front matter, else the first heading, else the file's name", () => {
    expect(parse('---\ntitle: "Peas: a guide" # draft\ntags: [x]\n---\n# Other\n').title).toBe(
      "Peas: a guide",
    );
    expect(parse("+++\ntitle = 'Beans'\n+++\n# Other\n").title).toBe("Beans");
    expect(parse("---\ntitle: >\n  folded\n---\n# Other\n").title).toBe("Other");
    expect(parse("## Deep\n\n# *First* & best\n").title).toBe("First & best");
    expect(parse("no heading").title).toBe("garden");
  });

  it("does not show the front matter", () => {
    expect(parse("---\ntitle: T\n---\n\ntext").text).toBe("text");
  });

  it("gives the source line of every piece of text", () => {
    const document = parse(
      "---\ntitle: T\n---\n# One\n\nfirst\nsecond **third\nfourth** mail@example.org\nfifth\n\n" +
        "> quoted\n> onward\n\n- item\n  wrapped\n\n```\ncode\nlast code\n```\n\n    indented\n\n| a | b |\n|---|---|\n| c | d |\n",
    );
    const words =
      "One first second third fourth mail fifth quoted onward item wrapped code indented a\tb c\td".split(
        " ",
      );
    expect(words.map((word) => lineOf(document, word))).toEqual([
      4, 6, 7, 7, 8, 8, 9, 11, 12, 14, 15, 18, 22, 24, 26,
    ]);
    expect(lineOf(document, "last code")).toBe(19);
  });

  it("decodes files: a byte order mark, CRLF, UTF-16 and windows-1252", async () => {
    const text = async (bytes: Uint8Array) => (await parseMarkdown(bytes, { uri: "a.md" })).text;
    expect(await text(Buffer.from("\uFEFF# Café\r\n\r\nb\r\nc", "utf8"))).toBe("Café\n\nb c");
    expect(await text(Buffer.from("\uFEFFCafé", "utf16le"))).toBe("Café");
    expect(await text(Buffer.from([0x43, 0x61, 0x66, 0xe9, 0x20, 0x93, 0x78, 0x94]))).toBe("Café “x”");
  });

  it("refuses binary content and files without text", async () => {
    await expect(parseMarkdown(Buffer.from([0x41, 0, 0x42]), { uri: "a.md" })).rejects.toMatchObject({
      code: "unreadable-document",
      message: expect.stringContaining("binary"),
    });
    for (const empty of ["", " \n", "<!-- nothing -->", "---\ntitle: T\n---\n", "![](x.png)"]) {
      expect(() => parse(empty), empty).toThrow(expect.objectContaining({ code: "unreadable-document" }));
    }
  });

  it("refuses nesting that no reader could follow, at once, and reads nesting that one can", () => {
    const deep = [
      `${">".repeat(10_000)}a`,
      `${"- ".repeat(10_000)}a`,
      Array.from({ length: 10_000 }, (_, depth) => `${" ".repeat(2 * depth)}- a`).join("\n"),
    ];
    for (const markdown of deep) {
      expect(() => parse(markdown)).toThrow(
        expect.objectContaining({ message: expect.stringContaining("100 deep") }),
      );
    }
    expect(parse(`${"> ".repeat(40)}a`).text).toBe("a");
    expect(parse(`${"* ".repeat(200)}\n\na`).text).toBe("a");
    expect(parse(`Title\n${"-".repeat(200)}`).title).toBe("garden");
    expect(parse(`${"<div>".repeat(10_000)}a`).text).toBe("a");
  });

  it("reads bare addresses as they stand, whatever is in them", () => {
    const text = "See https://a.example/_b_/*c*.html, WWW.d.example/~~e~~ or f_g_@h.example";
    expect(parse(`${text}, not _i_.`).text).toBe(`${text}, not i.`);
  });

  it.each(["a@b.example", "a|b", "a@b.example|c"])(
    "reads a text the same, whether or not something else in it (%s) calls for the syntax of addresses or tables",
    (target) => {
      fc.assert(
        fc.property(fc.array(fragment, { maxLength: 30 }), (fragments) => {
          const markdown = `x\n\n${fragments.join("")}`;
          const { text, blocks } = parse(markdown);
          expect(parse(`[a name]: <${target}>\n\n${markdown}`)).toMatchObject({ text, blocks });
        }),
      );
    },
  );

  it.each(["|", ":-", "-:", ":-:"])("reads a table whose row of dashes has no more in it than %s", (sign) => {
    const row = sign === "|" ? "|-" : sign;
    const { blocks } = parse(`Before.\n\nname\n${row}\nvalue`);
    expect(blocks.map(({ type }) => type)).toEqual(["paragraph", "table-row", "table-row"]);
  });

  it("keeps its promises on any text", () => {
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 30 }), (fragments) => {
        const markdown = `x\n\n${fragments.join("")}`;
        const document = parse(markdown);
        expectSound(document);
        expectSeparated(document);
        expect(parse(markdown)).toEqual(document);
        expect(document.lines.at(-1)?.value ?? 1).toBeLessThanOrEqual(markdown.split("\n").length);
      }),
    );
  });
});

const fragment = fc.oneof(
  fc.constantFrom(
    ..."\n,\n\n,  \n,# ,- ,1. ,> ,    ,```\n,| a | b |\n|---|---|\n,|,*,**,_,`,[,](,),![,&amp;,&#10;,<b>,</b>,<!--,-->".split(
      ",",
    ),
    ..."[^1],[^1]: ,---\n,:-\n,-:\n,+++\n,===\n,\\,\0,\uD800,\u200B,\u00A0,\t,<p>,<td>,www.example.org,a@example.org".split(
      ",",
    ),
  ),
  fc.string({ maxLength: 8 }),
  fc.string({ unit: "grapheme", maxLength: 8 }),
);
