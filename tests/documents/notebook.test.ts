import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { placeAt } from "../../src/documents/document.js";
import { loadDocument } from "../../src/documents/load.js";
import { parseNotebook } from "../../src/documents/notebook.js";
import { expectSeparated, expectSound, outline } from "./sound.js";

const parse = async (notebook: unknown) => {
  const document = await parseNotebook(Buffer.from(JSON.stringify(notebook)), { uri: "work/rain.ipynb" });
  expectSound(document);
  expectSeparated(document);
  return document;
};

const NOTEBOOK = {
  nbformat: 4,
  metadata: { language_info: { name: "python", file_extension: ".py" } },
  cells: [
    {
      cell_type: "markdown",
      source: [
        "# How much rain fell\n",
        "\n",
        "We look at *three* years.\n",
        "\n",
        "| year | mm |\n|---|---|\n",
        "| 2023 | 640 |",
      ],
    },
    { cell_type: "markdown", source: "![a picture](attachment:x.png)" },
    {
      cell_type: "code",
      source: "import pandas as pd\n\nrain = pd.read_csv('rain.csv')\nrain.describe()",
      outputs: [
        { output_type: "stream", name: "stdout", text: ["read \u001b[32m36\u001b[0m rows\n"] },
        {
          output_type: "execute_result",
          data: {
            "text/plain": ["mean  53.3"],
            "text/html": "<table><tr><td>no</td></tr></table>",
            "image/png": "iVBORw0",
          },
        },
        { output_type: "error", ename: "KeyError", evalue: "'mm'", traceback: ["long"] },
      ],
    },
    { cell_type: "raw", source: "Raw words." },
    { cell_type: "code", source: "", outputs: [] },
  ],
};

describe("a notebook", () => {
  it("is its Markdown, its code and the text that came out, each with its cell", async () => {
    const document = await parse(NOTEBOOK);
    expect(document).toMatchObject({
      title: "How much rain fell",
      mediaType: "application/x-ipynb+json",
      lines: [],
    });
    expect(outline(document, "header")).toEqual([
      "heading: How much rain fell",
      "paragraph: We look at three years.",
      "table-row, header true: year\tmm",
      "table-row: 2023\t640",
      "paragraph: a picture",
      "code: import pandas as pd\n\nrain = pd.read_csv('rain.csv')\nrain.describe()",
      "code: read 36 rows",
      "code: mean  53.3",
      "code: KeyError: 'mm'",
      "paragraph: Raw words.",
    ]);
    const placeOf = (words: string) => placeAt(document.places, document.text.indexOf(words));
    expect(placeOf("640")).toBe("cell 1");
    expect(placeOf("read_csv")).toBe("cell 3");
    expect(placeOf("KeyError")).toBe("cell 3");
    expect(placeOf("Raw")).toBe("cell 4");
  });

  it("of the older format is read too", async () => {
    const cells = [
      { cell_type: "heading", level: 2, source: "Rain" },
      { cell_type: "code", input: ["print(1)"], outputs: [{ output_type: "stream", text: ["1"] }] },
    ];
    const document = await parse({ nbformat: 3, worksheets: [{ cells }] });
    expect(outline(document, "level")).toEqual(["heading, level 2: Rain", "code: print(1)", "code: 1"]);
  });

  it("keeps of long outputs the first lines, and divides long cells between statements", async () => {
    const source = Array.from({ length: 40 }, (_, n) => `total_${n} = rain['mm'].iloc[${n}] + offset`).join(
      "\n",
    );
    const text = Array.from({ length: 500 }, (_, n) => `row ${n}`).join("\n");
    const { blocks, text: words } = await parse({
      cells: [{ cell_type: "code", source, outputs: [{ text }] }],
    });
    expect(words).toContain("row 11");
    expect(words).not.toContain("row 12");
    expect(blocks.length).toBeGreaterThan(4);
    for (const { start, end } of blocks) expect(end - start).toBeLessThan(450);
    expect(words.match(/^total_\d+ =/gm)).toHaveLength(40);
  });

  it("with a damaged cell keeps the others, and says so", async () => {
    const document = await parse({ cells: [7, { cell_type: "markdown", source: "Rain." }] });
    expect(document).toMatchObject({
      text: "Rain.",
      unread: "1 of 2 cells could not be read and is left out",
    });
  });

  it.each([
    ["empty", "", /no notebook/],
    ["cut off", JSON.stringify(NOTEBOOK).slice(0, 200), /no notebook/],
    ["other JSON", '{"a": 1}', /no notebook/],
    ["without words", '{"cells": []}', /has no text/],
    ["nested 10,000 deep", `${"[".repeat(10_000)}${"]".repeat(10_000)}`, /no notebook|nested/],
  ])("is refused where it is none: %s", async (_, text, reason) => {
    await expect(loadDocument(Buffer.from(text), "a.ipynb")).rejects.toMatchObject({
      code: "unreadable-document",
      message: expect.stringMatching(reason),
    });
  });

  it("of any cells is sound or refused", async () => {
    const cell = fc.record(
      {
        cell_type: fc.constantFrom("markdown", "code", "raw", "x"),
        source: fc.oneof(fc.string(), fc.array(fc.string())),
        outputs: fc.array(fc.record({ text: fc.oneof(fc.string(), fc.integer()) })),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(cell, fc.constant(null)), { maxLength: 5 }), async (cells) => {
        await parseNotebook(Buffer.from(JSON.stringify({ cells })), { uri: "a.ipynb" }).then(
          expectSound,
          (error: unknown) => expect(error).toMatchObject({ code: "unreadable-document" }),
        );
      }),
      { numRuns: 60 },
    );
  });
});
