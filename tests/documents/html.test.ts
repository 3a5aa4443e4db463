import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseHtml, parseHtmlText } from "../../src/documents/html.js";
import { loadDocument } from "../../src/documents/load.js";
import { expectSeparated, expectSound, lineOf, outline } from "./sound.js";

const parse = (html: string) => parseHtmlText(html, { uri: "site/page.html" });

describe("parseHtml", () => {
  it("reads the content of a page and nothing around it", async () => {
    const page = await readFile(new URL("../fixtures/handbook.html", import.meta.url));
    const document = await parseHtml(page, { uri: "handbook.html" });
    expectSound(document);
    expectSeparated(document);
    expect(document.title).toBe("Willow Lane Community Garden Handbook");
    expect(document.text).toMatch(
      /^Willow Lane Community Garden Handbook\n\nWelcome to the garden\n\nWillow Lane/,
    );
    expect(document.text).toMatch(/fruit trees stay with the plot\.$/);
    expect(document.text).toContain("opened in April 2014 on the site");
    for (const chrome of [
      "cookies",
      "Track",
      "Join us",
      "Skip",
      "growing together",
      "Latest news",
      "Subscribe",
      "Draft",
      "praise",
      "rights",
      "JavaScript",
    ]) {
      expect(document.text).not.toContain(chrome);
    }
    expect(lineOf(document, "Half plot")).toBe(
      page
        .toString()
        .split("\n")
        .findIndex((line) => line.includes("Half plot")) + 1,
    );
  });

  it("gives each block its type", () => {
    const html =
      "<h1>A</h1><p>text<br>more</p>loose <b>run</b><div>of <i>text</i></div><h4>B</h4><blockquote><p>said</p><h2>x</h2></blockquote><pre>\n  let x;\n</pre><figure><img src=x alt=no><figcaption>Plan</figcaption></figure>";
    expect(outline(parse(html), "level")).toEqual([
      "heading, level 1: A",
      "paragraph: text\nmore",
      "paragraph: loose run",
      "paragraph: of text",
      "heading, level 4: B",
      "quote: said",
      "quote: x",
      "code:   let x;",
      "paragraph: Plan",
    ]);
  });

  it("numbers and nests list items", () => {
    const html =
      "<ol start=3><li>three<ul><li><p>deep</p><p>more</p></li></ul>after</li><li value=9>nine</li><li>ten</li></ol><ol reversed><li>two<li>one</ol><li>stray";
    expect(outline(parse(html), "depth", "ordinal", "group")).toEqual([
      "list-item, depth 0, ordinal 3, group 1: three",
      "list-item, depth 1, group 1: deep",
      "paragraph: more",
      "paragraph: after",
      "list-item, depth 0, ordinal 9, group 1: nine",
      "list-item, depth 0, ordinal 10, group 1: ten",
      "list-item, depth 0, ordinal 2, group 2: two",
      "list-item, depth 0, ordinal 1, group 2: one",
      "list-item, depth 0, group 3: stray",
    ]);
  });

  it("keeps a term together with what it means", () => {
    const html =
      "<dl><dt>Mulch</dt><dd>A cover of straw.</dd>\n<dt>Tilth</dt>\n<dd>Crumbly soil.</dd><dd>Also: work.</dd></dl><p>end</p>";
    expect(outline(parse(html))).toEqual([
      "list-item: Mulch\nA cover of straw.",
      "list-item: Tilth\nCrumbly soil.\nAlso: work.",
      "paragraph: end",
    ]);
  });

  it("reads tables of data: header, empty and spanning cells, caption", () => {
    const html =
      "<table><caption>Fees</caption><tr><th>Plot<th>Fee<tr><td>Bed<td><p>18</p><p>pounds</p><tr><td colspan=2>free<tr><td><td>x</table><table><tr><td><b>A</b><td><b>B</b><tr><td>1<td>2</table>";
    const document = parse(html);
    expect(outline(document, "header", "group")).toEqual([
      "paragraph: Fees",
      "table-row, header true, group 1: Plot\tFee",
      "table-row, group 1: Bed\t18 pounds",
      "table-row, group 1: free\t",
      "table-row, group 1: \tx",
      "table-row, header true, group 2: A\tB",
      "table-row, group 2: 1\t2",
    ]);
    expectSound(document);
  });

  it("reads tables that only lay out a page as the text in them", () => {
    expect(
      outline(
        parse("<table><tr><td><h2>Left</h2>text<td>right</table><table><tr><td>one<tr><td>two</table>"),
      ),
    ).toEqual(["heading: Left", "paragraph: text", "paragraph: right", "paragraph: one", "paragraph: two"]);
  });

  it.each([
    "<p hidden>no</p>",
    "<p aria-hidden=true>no</p>",
    "<p style='color:red; DISPLAY : none'>no</p>",
    "<p style='visibility:hidden'>no</p>",
    "<p style='font-size:0px'>no</p>",
    "<span class='icon sr-only'>no</span>",
    "<script>no</script><style>no</style><template>no</template><noscript>no</noscript><!-- no -->",
    "<nav>no</nav><aside>no</aside><form>no</form><button>no</button><select><option>no</select><textarea>no</textarea>",
    "<header>no</header><footer>no</footer><div role=navigation>no</div><svg><text>no</text></svg>",
    "<div class='cc cookie-consent-popup'>no</div><div id=gdpr_banner>no</div>",
  ])("leaves out %s", (html) => {
    expect(parse(`<p>before</p>${html}<p>after</p>`).text).toBe("before\n\nafter");
  });

  it.each([
    "<p style='font-size:0.9em'>yes</p>",
    "<p style='font-size:10px'>yes</p>",
    "<section><header>yes</header></section>",
    "<div class=cookie-recipes>yes</div>",
    "<details><summary>yes</summary></details>",
  ])("keeps %s", (html) => {
    expect(parse(`<p>before</p>${html}`).text).toBe("before\n\nyes");
  });

  it("reads only the main part where the page marks one with enough text, else all of it", () => {
    const rest = "<div>teasers and more teasers</div>";
    expect(parse(`${rest}<main><p>The text itself, at length.</p></main>`).text).toBe(
      "The text itself, at length.",
    );
    expect(parse(`${rest}<article><p>The text itself, at length.</p></article>`).text).toBe(
      "The text itself, at length.",
    );
    expect(parse(`${rest}<main>x</main>`).text).toBe("teasers and more teasers\n\nx");
    expect(parse("<article>one</article><article>two</article>").text).toBe("one\n\ntwo");
  });

  it("reads a page that is wrapped in a form as a whole", () => {
    expect(parse("<form action=/page.aspx><h1>Plan</h1><p>text</p></form>").text).toBe("Plan\n\ntext");
  });

  it("takes the title from the only h1, else the title element, else the first h1, else the file's name", () => {
    expect(parse("<title>T | Site</title><h1>One</h1>").title).toBe("One");
    expect(parse("<title>T &amp; Site</title><h1>One</h1><h1>Two</h1>").title).toBe("T & Site");
    expect(parse("<h1>One</h1><h1>Two</h1>").title).toBe("One");
    expect(parse("<title> </title><p>text").title).toBe("page");
  });

  it("gives source lines", () => {
    const document = parse(
      "<html>\n<body>\n<p>one\ntwo <b>\nthree</b></p>\n<ul>\n<li>four\n</ul><table><tr><td>five<td>six\n<tr><td>seven<td>eight</table>",
    );
    const words = ["one", "two", "three", "four", "five", "six", "seven"];
    expect(words.map((word) => lineOf(document, word))).toEqual([3, 4, 5, 7, 8, 8, 9]);
  });

  it("reads the encoding that the page declares", async () => {
    const bytes = Buffer.concat([
      Buffer.from('<meta charset="iso-8859-2"><p>'),
      Buffer.from([0xb3, 0xf3, 0x64, 0xbc]),
    ]);
    expect((await parseHtml(bytes, { uri: "a.html" })).text).toBe("łódź");
  });

  it("reads a file of XHTML as XML means it, each block with its line", async () => {
    const page = [
      '<?xml version="1.0"',
      '  encoding="UTF-8"?>',
      '<html xmlns="http://www.w3.org/1999/xhtml"><head><title/><script src="a.js"/></head>',
      '<body><p><a id="top"/>The ferry leaves at six.</p>',
      "<div/><p>It waits for <![CDATA[A & B]]>.</p></body></html>",
    ].join("\n");
    const document = await loadDocument(Buffer.from(page), "ferry.xhtml");
    expectSound(document);
    expect(document.blocks.map(({ start, end }) => document.text.slice(start, end))).toEqual([
      "The ferry leaves at six.",
      "It waits for A & B.",
    ]);
    expect(["ferry", "waits"].map((word) => lineOf(document, word))).toEqual([4, 5]);
    expect(await loadDocument(Buffer.from(page), "ferry.xht")).toMatchObject({ text: document.text });
  });

  it("refuses a page without visible text", () => {
    for (const html of ["", "<title>App</title><div id=root></div><script>start()</script>", "<p hidden>x"]) {
      expect(() => parse(html), html).toThrow(expect.objectContaining({ code: "unreadable-document" }));
    }
  });

  it.each(["<div>", "<ul><li>", "<blockquote>", "<span>", "<table><tr><td>"])(
    "reads text inside 10,000 nested %s",
    (tag) => {
      expect(parse(`${tag.repeat(10_000)}deep`).text).toBe("deep");
    },
  );

  it("does not take a main part that prints nothing for the content", () => {
    expect(parse("<p>x</p><main>&shy;</main>").text).toBe("x");
  });

  it("keeps its promises on any HTML", () => {
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 30 }), (fragments) => {
        const html = `<p>x</p>${fragments.join("")}`;
        const document = parse(html);
        expectSound(document);
        expectSeparated(document);
        expect(parse(html)).toEqual(document);
      }),
    );
  });
});

const tags =
  "p,b,h1,h3,ul,ol,li,dl,dt,dd,table,thead,tr,td,th,caption,pre,blockquote,div,br,main,article,nav,form,svg".split(
    ",",
  );
const fragment = fc.oneof(
  fc.constantFrom(...tags).map((tag) => `<${tag}>`),
  fc.constantFrom(...tags).map((tag) => `</${tag}>`),
  fc.constantFrom(
    " ",
    "\n",
    "\t",
    "&nbsp;",
    "&shy;",
    "&#10;",
    "&#0;",
    "&#xD800;",
    "\0",
    "\uD800",
    "word",
    "<td colspan=3>",
  ),
  fc.string({ unit: "grapheme", maxLength: 6 }),
);
