import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadDocument } from "../../src/documents/load.js";
import { parseRst } from "../../src/documents/rst.js";
import { expectSeparated, expectSound, lineOf, outline } from "./sound.js";

const parse = async (text: string) => {
  const document = await parseRst(Buffer.from(text), { uri: "docs/garden.rst" });
  expectSound(document);
  expectSeparated(document);
  return document;
};
const blocks = async (text: string, ...fields: Parameters<typeof outline>[1][]) =>
  outline(await parse(text), ...fields);

describe("reStructuredText", () => {
  it("has titles in the order of their underlines, with and without a line above", async () => {
    const text = "=====\nBook\n=====\n\nOne\n===\n\nDeep\n----\n\nwords\n\nTwo\n===\n\n----\n\nmore\n";
    const document = await parse(text);
    expect(document).toMatchObject({ title: "Book", mediaType: "text/x-rst" });
    expect(outline(document, "level")).toEqual([
      "heading, level 1: Book",
      "heading, level 2: One",
      "heading, level 3: Deep",
      "paragraph: words",
      "heading, level 2: Two",
      "paragraph: more",
    ]);
    expect(lineOf(document, "Deep")).toBe(8);
    expect(lineOf(document, "more")).toBe(18);
  });

  it("has inline markup by its words, and keeps count of lines", async () => {
    const document = await parse(
      "It is *very* **good**, ``a_b * c``, :func:`~garden.tools.rake` and :ref:`the\ntap <tap>`; see `the site\n<https://x.example>`_,\nRoses_, :pep:`8`, snake_case_name, __init__ and 2 * 3 * 4 [1]_. |name| \\*grows\\*.\n\n.. |name| replace:: Willow Lane\n.. _Roses: https://r.example\n.. [1] A note.\n",
    );
    expect(outline(document)).toEqual([
      "paragraph: It is very good, a_b * c, rake and the tap; see the site, Roses, PEP 8, snake_case_name, __init__ and 2 * 3 * 4 [1]. Willow Lane *grows*.",
      "paragraph: A note.",
    ]);
    expect(lineOf(document, "Roses")).toBe(4);
    expect(lineOf(document, "A note")).toBe(8);
  });

  it("has lists in lists, definitions, fields, quotations and line blocks", async () => {
    expect(
      await blocks(
        "1. Dig.\n2. Water,\n   twice.\n\n   Then wait.\n\n   * near\n   * far\n\nTerm\n   Its meaning\n   goes on.\n\nOther : kind\n   Second.\n\n:Author: Ana Bloom\n\n| one\n| two\n\n    As Bob says.\n\nA. Smith says\nno list.\n",
        "ordinal",
        "depth",
      ),
    ).toEqual([
      "list-item, ordinal 1, depth 0: Dig.",
      "list-item, ordinal 2, depth 0: Water, twice.",
      "paragraph: Then wait.",
      "list-item, depth 1: near",
      "list-item, depth 1: far",
      "list-item, depth 0: Term\nIts meaning goes on.",
      "list-item, depth 0: Other : kind\nSecond.",
      "paragraph: Author: Ana Bloom",
      "paragraph: one\ntwo",
      "quote: As Bob says.",
      "paragraph: A. Smith says no list.",
    ]);
  });

  it("has literal blocks and examples as code, character by character", async () => {
    const document = await parse(
      "Run this::\n\n    if a:\n        b  *  c\n\n    end\n\n.. code-block:: python\n   :linenos:\n\n   print(1)\n\n>>> 1 + 1\n2\n\nAfter ::\n\n  x\n",
    );
    expect(outline(document)).toEqual([
      "paragraph: Run this:",
      "code: if a:\n    b  *  c\n\nend",
      "code: print(1)",
      "code: >>> 1 + 1\n2",
      "paragraph: After",
      "code: x",
    ]);
    expect(lineOf(document, "b  *")).toBe(4);
    expect(lineOf(document, "print")).toBe(11);
  });

  it("has long examples divided between their parts", async () => {
    const text = `Run::\n\n${Array.from({ length: 30 }, (_, n) => `  if bed_${n}:\n      water(bed_${n}, minutes=20)\n`).join("")}`;
    const { blocks: found, text: words } = await parse(text);
    const pieces = found
      .filter(({ type }) => type === "code")
      .map(({ start, end }) => words.slice(start, end));
    expect(pieces.length).toBeGreaterThan(3);
    for (const piece of pieces) expect(piece).toMatch(/^if bed_/);
  });

  it("has tables, drawn and underlined, and those of directives", async () => {
    const document = await parse(`+-------+-------+
| plant | depth |
+=======+=======+
| bean  | two   |
|       | cm    |
+-------+-------+
| both columns  |
+-------+-------+

=====  =====
a      b
=====  =====
1      one
       more
2      two
=====  =====

.. list-table:: Tools
   :header-rows: 1

   * - tool
     - count
   * - rake
     - 2

.. csv-table:: Hours
   :header: "day", "hour"

   "Sunday, early", ten
`);
    expect(outline(document, "header")).toEqual([
      "table-row, header true: plant\tdepth",
      "table-row: bean\ttwo cm",
      "table-row: both columns",
      "table-row, header true: a\tb",
      "table-row: 1\tone more",
      "table-row: 2\ttwo",
      "paragraph: Tools",
      "table-row, header true: tool\tcount",
      "table-row: rake\t2",
      "paragraph: Hours",
      "table-row, header true: day\thour",
      "table-row: Sunday, early\tten",
    ]);
    expect(lineOf(document, "both")).toBe(7);
    expect(lineOf(document, "rake")).toBe(23);
  });

  it("keeps what directives tell a reader, and leaves out the rest", async () => {
    const document = await parse(`.. comment of
   two lines

.. toctree::

   intro

.. note:: Close the gate.
   Always.

   It rains in.

.. versionadded:: 3.2
   The tap.

.. deprecated:: 4.0

.. image:: x.png
   :alt: Beds in spring

.. py:function:: rake(bed)

   Rakes the bed.

.. unheard-of:: x

   Words all the same.

.. raw:: html

   <b>no</b>
`);
    expect(outline(document)).toEqual([
      "paragraph: Note: Close the gate. Always.",
      "paragraph: It rains in.",
      "paragraph: Added in version 3.2: The tap.",
      "paragraph: Deprecated since version 4.0:",
      "paragraph: Beds in spring",
      "code: rake(bed)",
      "paragraph: Rakes the bed.",
      "paragraph: Words all the same.",
    ]);
    expect(document.hidden).toBe("commentoftwolinesintro<b>no</b>".length);
  });

  it.each([
    ["empty", ""],
    ["of comments alone", ".. nothing\n   here\n"],
    ["binary", "a\0b"],
  ])("is refused where it is %s", async (_, text) => {
    await expect(parseRst(Buffer.from(text), { uri: "a.rst" })).rejects.toMatchObject({
      code: "unreadable-document",
    });
  });

  it.each([
    ["indents", () => Array.from({ length: 1_000 }, (_, n) => `${" ".repeat(n)}bee`).join("\n")],
    ["lists", () => "- ".repeat(10_000)],
    ["roles", () => ":a".repeat(20_000)],
    ["back quotes", () => "`a ".repeat(20_000)],
    ["words", () => "a-".repeat(20_000)],
    ["terms", () => "bee\n  sleeps\n".repeat(1_000)],
    ["borders", () => "+--+\n|== ==\n== ==\n".repeat(500)],
  ])("of very many nested or unfinished %s is read or refused, soon", async (_, make) => {
    await loadDocument(Buffer.from(make()), "a.rst").then(expectSound, (error: unknown) =>
      expect(error).toMatchObject({ code: "unreadable-document" }),
    );
  });

  it("of any lines is sound, and loses no word of plain paragraphs", async () => {
    const line = fc.tuple(
      fc.nat(3),
      fc.constantFrom(
        "bee",
        "",
        "====",
        "----",
        "- bee",
        "1. bee",
        "bee::",
        "..",
        ".. note:: bee",
        ".. comment",
        ":bee: bee",
        "| bee",
        "+--+--+",
        "| a | b|",
        "== ==",
        ">>> bee",
        "*bee",
        "`bee",
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 25 }), async (shape) => {
        const text = shape.map(([indent, words]) => " ".repeat(indent) + words).join("\n");
        await parseRst(Buffer.from(text), { uri: "a.rst" }).then(
          (document) => {
            expectSound(document);
            expectSeparated(document);
          },
          (error: unknown) => expect(error).toMatchObject({ code: "unreadable-document" }),
        );
        const plain = shape.map(([, words]) => words).filter((words) => words === "bee");
        if (plain.length > 0) expect((await parse(plain.join("\n\n"))).text).toBe(plain.join("\n\n"));
      }),
      { numRuns: 150 },
    );
  });
});
