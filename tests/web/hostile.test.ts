import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import type { Block, SourceDocument } from "../../src/documents/document.js";
import { isInView, waitForMarks } from "./marked-places.js";
import { describePage } from "./page-session.js";
import { answerIn, ask, idle } from "./reader.js";

const SCRIPT = '<script>window.ran = 1; alert("script")</script>';
const IMAGE = '<img src="https://elsewhere.invalid/x.png" onerror="window.ran = 1; alert(1)">';
const LINK = '<a href="javascript:alert(2)">here</a>';
const INVISIBLE = "\u202Ereversed\u202C zero\u200Bwidth\u2066isolated\u2069\uFEFF";

const folder = mkdtempSync(join(tmpdir(), "waymark-hostile-"));

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

const FILES = [
  file(
    `<img src=x onerror=alert(3)>\u202Ecod.txt`,
    `${SCRIPT} The goblin ${IMAGE} of Harrowdale eats copper coins ${LINK} at midnight ${INVISIBLE}.\n`,
  ),
  file(
    "markup.md",
    [
      `# Goblins ${IMAGE.replaceAll("<", "&lt;")} \u202Edesrever`,
      `## What do ${SCRIPT.replaceAll("<", "&lt;")} goblins fear?`,
      `Goblins fear [the bell](javascript:alert(4)) and ![a bell](https://elsewhere.invalid/bell.png) at dawn.`,
      SCRIPT,
      IMAGE,
      '<svg onload="alert(5)"></svg><iframe src="https://elsewhere.invalid/"></iframe>',
      `| ${"`"}${SCRIPT}${"`"} | [b](data:text/html,x) |\n| --- | --- |\n| ${"`"}${IMAGE}${"`"} | ${INVISIBLE} |`,
    ].join("\n\n"),
  ),
];
const GOBLIN = "What does the goblin of Harrowdale eat?";

const WORDS = "waymark lays a stone beside the path ";

/** A paragraph of 1 MB. (Made here, not parsed: it is the page that is tested.) */
function longParagraph(): SourceDocument {
  const text = `${WORDS.repeat(28_000)}the end.`;
  return document("long", text, [{ type: "paragraph", start: 0, end: text.length }]);
}

/** A table of 5,000 rows with three cells each. */
function longTable(): SourceDocument {
  const blocks: Block[] = [];
  const lines: string[] = [];
  let start = 0;
  for (let row = 0; row < 5000; row++) {
    const texts = [String(row), `${IMAGE} stone ${row}`, WORDS.trim()];
    const cells: { start: number; end: number }[] = [];
    for (const cell of texts) {
      const from = cells.at(-1) === undefined ? start : (cells.at(-1)?.end ?? 0) + 1;
      cells.push({ start: from, end: from + cell.length });
    }
    const line = texts.join("\t");
    blocks.push({ type: "table-row", group: 1, start, end: start + line.length, cells, header: row === 0 });
    lines.push(line);
    start += line.length + 1;
  }
  return document("wide", lines.join("\n"), blocks);
}

function document(id: string, text: string, blocks: Block[]): SourceDocument {
  return { id, uri: `${id}.md`, title: id, mediaType: "text/markdown", text, blocks, lines: [], pages: [] };
}

/** Nothing that documents or readers wrote became anything but text. */
async function expectOnlyText(page: Page): Promise<void> {
  expect(await page.evaluate(() => "ran" in window)).toBe(false);
  expect(
    await page.locator("img:not([src='/icon.svg']), iframe, object, embed, script:not([src^='/'])").count(),
  ).toBe(0);
  expect(await page.locator("a:not([href^='#/']):not([download])").count()).toBe(0);
  const handlers = await page.evaluate(() =>
    [...globalThis.document.querySelectorAll("*")].flatMap((element) =>
      element
        .getAttributeNames()
        .filter(
          (name) =>
            name.startsWith("on") ||
            (name === "style" && element.closest("main") !== null && element.id !== "question"),
        ),
    ),
  );
  expect(handlers).toEqual([]);
}

describePage("hostile text", FILES, ({ served, visit, documentOf }) => {
  it("in documents, titles and file names stays text: in the list, the answer, the card, the document", async () => {
    const { page } = await visit("#/documents");
    const list = page.getByRole("list", { name: "Documents" });
    await list.getByRole("link").first().waitFor();
    const titles = (await served().waymark.documents()).map(({ title }) => title);
    expect(titles.some((title) => title.includes("<img src="))).toBe(true);
    expect((await list.getByRole("link").allTextContents()).sort()).toEqual([...titles].sort());
    const isolation = await list
      .locator("a, bdi")
      .evaluateAll((elements) => elements.map((element) => getComputedStyle(element).unicodeBidi));
    expect(new Set(isolation)).toEqual(new Set(["isolate"]));
    await expectOnlyText(page);

    await ask(page, GOBLIN);
    expect(await answerIn(page, GOBLIN)).toContain("copper coins");
    const mark = page.getByRole("article").getByRole("button", { name: /^Source 1:/ });
    await mark.hover();
    await page.getByRole("tooltip").waitFor();
    await expectOnlyText(page);
    await mark.click();
    await page.locator("mark").first().waitFor();
    await expectOnlyText(page);

    const markup = await documentOf("markup.md");
    await page.goto(`${served().url}/#/d/${markup.id}`);
    await page.getByRole("complementary").getByText("Goblins fear the bell").waitFor();
    await expectOnlyText(page);
  });

  it("in a question stays text: on the page, in the list of conversations, after a reload", async () => {
    const { page } = await visit();
    const question = `${SCRIPT}${IMAGE}${INVISIBLE} javascript:alert(6) ${GOBLIN}`;
    await ask(page, question);
    await idle(page);
    const heading = page.getByRole("article").getByRole("heading", { level: 2 });
    expect(await heading.textContent()).toBe(question);
    expect(await page.locator(".conversation").textContent()).toContain("<script>");
    await page.reload();
    expect(await heading.textContent()).toBe(question);
    await expectOnlyText(page);
  });

  it("in the name of a file that is added stays text, and the name is made safe", async () => {
    const { page } = await visit("#/documents");
    const name = `"><img src=x onerror=alert(7)>\u202Egnp.md`;
    await page
      .locator("input[type=file]")
      .setInputFiles([{ name, mimeType: "text/plain", buffer: Buffer.from("A quiet note about moths.") }]);
    await page.getByRole("list", { name: "Files being added" }).getByText("added · 1 passage").waitFor();
    const uris = (await served().waymark.documents())
      .map(({ uri }) => uri)
      .filter((uri) => uri.startsWith("added:"));
    expect(uris).toEqual(["added:___img src=x onerror=alert(7)_gnp.md"]);
    await expectOnlyText(page);
    await served().waymark.removeDocument((await documentOf(uris[0] ?? "")).id);
  });

  it("of great size stays readable: a paragraph of 1 MB, a table of 5,000 rows", async () => {
    const documents = [longParagraph(), longTable()];
    const { page } = await visit();
    for (const source of documents) {
      expect(source.text.length).toBeGreaterThan(250_000);
      await page.route(`**/api/documents/${source.id}`, (route) => route.fulfill({ json: source }));
      const end = source.text.lastIndexOf("the");
      const range = { start: end, end: end + 3 };
      await page.evaluate(
        ([id, start, stop]) => {
          location.hash = `#/d/${id}/${start}-${stop}`;
        },
        [source.id, range.start, range.end] as const,
      );
      await waitForMarks(page, ["the"]);
      expect(await isInView(page)).toBe(true);
      await expectOnlyText(page);
    }
    await ask(page, GOBLIN);
    expect(await answerIn(page, GOBLIN)).toContain("copper coins");
  });

  it("of great size in the field is explained, and the page goes on", async () => {
    const { page, complaints } = await visit();
    await page.getByRole("textbox", { name: "Your question" }).fill("why ".repeat(250_000));
    await page.keyboard.press("Enter");
    await page.getByRole("article").getByText("A body has at most 64 kB.").waitFor();
    expect(complaints.splice(0)).toEqual([expect.stringContaining("413")]);
    await ask(page, GOBLIN);
    expect(await answerIn(page, GOBLIN)).toContain("copper coins");
    await page.reload();
    expect(await answerIn(page, GOBLIN)).toContain("copper coins");
  });
});
