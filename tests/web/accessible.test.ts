import { join } from "node:path";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../src/config.js";
import { describePage } from "./page-session.js";
import { answerIn, ask, hasFocus, holdAnswers, idle } from "./reader.js";

const ROADMAP = join(PACKAGE_ROOT, "corpus", "roadmap.md");
const FIELD_NOTES = join(PACKAGE_ROOT, "tests", "web", "fixtures", "field-notes.md");
const LIST = "What are the MLOps essentials?";
const TABLE = "What is the key milestone of months 7–8?";
const UNANSWERABLE = "What is the name of the author's cat?";

const STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** The rules that a theme can break; the others look at what is the same in both. */
const COLOURS = ["color-contrast", "link-in-text-block"];

/** What axe-core finds on the page as it is, with the elements concerned; in the dark theme it looks at colours alone. */
async function faults(page: Page, colorScheme: "light" | "dark"): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(
    async (runOnly) => {
      const { run } = (globalThis as unknown as { axe: typeof axe }).axe;
      const { violations } = await run({ runOnly, preload: false });
      return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
    },
    colorScheme === "light"
      ? { type: "tag" as const, values: STANDARD }
      : { type: "rule" as const, values: COLOURS },
  );
}

function isDark(page: Page): Promise<boolean> {
  return page.evaluate(() => Number(/\d+/.exec(getComputedStyle(document.body).backgroundColor)?.[0]) < 128);
}

function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

describePage("the page is for everyone", [ROADMAP, FIELD_NOTES], ({ visit }) => {
  it.each(["light", "dark"] as const)("axe-core finds nothing on any view, wide, %s", async (colorScheme) => {
    const { page } = await visit("", { colorScheme });
    const found: Record<string, string[]> = {};
    const look = async (view: string) => {
      found[view] = await faults(page, colorScheme);
    };
    await look("welcome");
    const release = await holdAnswers(page);
    await ask(page, LIST);
    await page.getByText("Searching…").waitFor();
    await look("waiting");
    release();
    await answerIn(page, LIST);
    await ask(page, TABLE);
    await answerIn(page, TABLE);
    await ask(page, UNANSWERABLE);
    await idle(page);
    await look("list, table and abstention");
    await page.getByRole("button", { name: /^More for/ }).click();
    await page.getByRole("button", { name: "Rename" }).waitFor();
    await look("menu");
    await page.getByRole("button", { name: "Rename" }).click();
    await look("renaming");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Keys" }).click();
    await look("keys");
    await page.keyboard.press("Escape");
    await page
      .getByRole("button", { name: /^Source 1:/ })
      .last()
      .click();
    await page.locator("mark").first().waitFor();
    await look("document");
    await page.getByRole("link", { name: "Documents" }).click();
    await page.getByRole("searchbox").waitFor();
    await page.locator("input[type=file]").setInputFiles([
      { name: "tides.txt", mimeType: "text/plain", buffer: Buffer.from("The tide turns at noon.") },
      { name: "song.mp3", mimeType: "audio/mpeg", buffer: Buffer.from("x") },
    ]);
    await page.getByText("Waymark cannot read this kind of file").first().waitFor();
    await page.getByRole("button", { name: "Remove tides" }).click();
    await look("documents");
    await page.getByRole("button", { name: "Remove it" }).click();
    await page.getByText("2 documents", { exact: true }).waitFor();
    expect(found).toEqual(Object.fromEntries(Object.keys(found).map((view) => [view, []])));
  });

  it.each(["light", "dark"] as const)("axe-core finds nothing on a phone, %s", async (colorScheme) => {
    const { page } = await visit("", { colorScheme, viewport: { width: 390, height: 800 }, hasTouch: true });
    await ask(page, TABLE);
    await answerIn(page, TABLE);
    const answer = await faults(page, colorScheme);
    await page.getByRole("button", { name: "Conversations and settings" }).click();
    await page.getByRole("combobox", { name: "Theme" }).waitFor();
    const sidebar = await faults(page, colorScheme);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: /^Source 1:/ }).click();
    await page.locator("mark").first().waitFor();
    expect({ answer, sidebar, document: await faults(page, colorScheme) }).toEqual({
      answer: [],
      sidebar: [],
      document: [],
    });
  });

  it("is light or dark as the system says, until the reader chooses, and then from the first paint on", async () => {
    const { page } = await visit("", { colorScheme: "dark" });
    expect(await isDark(page)).toBe(true);
    const theme = page.getByRole("combobox", { name: "Theme" });
    await theme.selectOption("Light");
    expect(await isDark(page)).toBe(false);
    await page.reload({ waitUntil: "commit" });
    await page.waitForFunction(() => document.documentElement.dataset.theme === "light");
    expect(await theme.inputValue()).toBe("light");
    expect(await isDark(page)).toBe(false);
    await theme.selectOption("System");
    expect(await isDark(page)).toBe(true);
    await page.emulateMedia({ colorScheme: "light" });
    expect(await isDark(page)).toBe(false);
  });

  it("lists its keys under ?, goes by them, and lets them be switched off", async () => {
    const { page } = await visit();
    const field = page.getByRole("textbox", { name: "Your question" });
    await page.keyboard.type("?");
    expect(await field.inputValue()).toBe("?");
    await ask(page, LIST);
    await answerIn(page, LIST);
    await page.getByRole("heading", { level: 1 }).getByRole("link").focus();
    await page.keyboard.press("?");
    const dialog = page.getByRole("dialog", { name: "Keys" });
    await dialog.waitFor();
    expect(await dialog.locator("dd").allTextContents()).toContain("Next cited place");
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });

    await page.getByRole("button", { name: /^Source 1:/ }).click();
    await page.getByText(/^1 of \d/).waitFor();
    await page.keyboard.press("n");
    await page.getByText(/^2 of \d/).waitFor();
    await page.keyboard.press("p");
    await page.getByText(/^1 of \d/).waitFor();
    await page.keyboard.press("/");
    expect(await hasFocus(field)).toBe(true);
    await page.keyboard.press("Escape");
    await page.getByRole("complementary").waitFor({ state: "hidden" });

    await page.getByRole("button", { name: "Keys" }).click();
    await dialog.getByRole("checkbox").uncheck();
    await dialog.getByRole("button", { name: "Close" }).click();
    await page.keyboard.press("d");
    await page.keyboard.press("?");
    expect(await dialog.isVisible()).toBe(false);
    expect(await page.getByRole("complementary").isVisible()).toBe(false);
    await page.getByRole("button", { name: "Keys" }).click();
    await dialog.getByRole("checkbox").check();
    await dialog.getByRole("button", { name: "Close" }).click();
    await page.keyboard.press("d");
    await page.getByRole("searchbox").waitFor();
    await page.getByRole("heading", { name: "Documents" }).focus();
    await page.keyboard.press("c");
    await page.getByRole("heading", { name: "What would you like to know?" }).waitFor();
    expect(await hasFocus(field)).toBe(true);
  });

  it("moves nothing for those who asked for less motion, and shows all the same that it works", async () => {
    const { page } = await visit("", { reducedMotion: "reduce" });
    const release = await holdAnswers(page);
    await ask(page, LIST);
    await page.getByText("Searching…").waitFor();
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
    await page.emulateMedia({ reducedMotion: "no-preference" });
    expect(await page.evaluate(() => document.getAnimations().length)).toBeGreaterThan(0);
    release();
    await answerIn(page, LIST);
  });

  it.each([
    ["a page zoomed to 200 %", { width: 640, height: 400 }, "100%"],
    ["text at twice its size", { width: 1280, height: 800 }, "200%"],
    ["text at twice its size on a phone", { width: 390, height: 800 }, "200%"],
    ["the narrowest phone", { width: 320, height: 560 }, "100%"],
  ])("can be read and used with %s", async (_name, viewport, size) => {
    const { page } = await visit("", { viewport });
    await page.evaluate((value) => {
      document.documentElement.style.fontSize = value;
    }, size);
    expect(await overflow(page)).toBe(0);
    await ask(page, TABLE);
    await answerIn(page, TABLE);
    expect(await overflow(page)).toBe(0);
    const retry = page.getByRole("button", { name: "Retry" });
    await retry.scrollIntoViewIfNeeded();
    const sidebar = page.getByRole("button", { name: "Conversations and settings" });
    if (await sidebar.isVisible()) await sidebar.click();
    await page.getByRole("combobox", { name: "Theme" }).click({ trial: true });
    if (await sidebar.isVisible()) await page.keyboard.press("Escape");
    await page.getByRole("button", { name: /^Source 1:/ }).click();
    await page.locator("mark").first().waitFor();
    expect(await overflow(page)).toBe(0);
    await page.getByRole("button", { name: "Copy link" }).click({ trial: true });
    await page.getByRole("link", { name: "Close" }).click();
    await page.getByRole("link", { name: "Documents" }).click();
    await page.getByRole("searchbox").waitFor();
    expect(await overflow(page)).toBe(0);
    await page.getByRole("button", { name: "Add files…" }).click({ trial: true });
  });
});
