// Makes the README's pictures of the page: docs/screenshots/*.png, from a server that runs on the article that comes
// with Waymark. `npm run build` first; another folder can be given as the first argument. Needs Chromium.
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { loadSettings, PACKAGE_ROOT } from "../dist/config.js";
import { createApp } from "../dist/server/app.js";
import { serve } from "../dist/server/serve.js";
import { openWaymark } from "../dist/waymark.js";

const HOST = "127.0.0.1";
const EXECUTABLE = process.env.CHROMIUM ?? "/usr/bin/chromium";
const QUESTION = "What maths do I need?";
const TABLE = "What are the phases of the 12-month plan?";
const UNANSWERABLE = "What is the name of the author's cat?";
const WIDE = { width: 1640, height: 920 };
const PHONE = { width: 390, height: 844 };

const out = process.argv[2] ?? join(PACKAGE_ROOT, "docs", "screenshots");
const index = await mkdtemp(join(tmpdir(), "waymark-screenshots-"));
const waymark = await openWaymark(loadSettings({ index }, { env: {} }));
await waymark.ingest();
const app = createApp({
  waymark,
  additions: waymark,
  host: HOST,
  webRoot: join(PACKAGE_ROOT, "dist", "web"),
});
const server = await serve({ app, host: HOST, port: 0 });
const browser = await chromium.launch({
  executablePath: EXECUTABLE,
  args: ["--no-sandbox", "--disable-gpu"],
});
try {
  await mkdir(out, { recursive: true });
  for (const colorScheme of ["light", "dark"]) {
    await picture(`wide-${colorScheme}`, { viewport: WIDE, colorScheme }, answerBesideDocument);
    await picture(`documents-${colorScheme}`, { viewport: WIDE, colorScheme }, documents);
    await picture(`phone-answer-${colorScheme}`, { viewport: PHONE, colorScheme, hasTouch: true }, (page) =>
      ask(page, TABLE),
    );
    await picture(
      `phone-abstention-${colorScheme}`,
      { viewport: PHONE, colorScheme, hasTouch: true },
      (page) => ask(page, UNANSWERABLE),
    );
    await picture(
      `phone-document-${colorScheme}`,
      { viewport: PHONE, colorScheme, hasTouch: true },
      answerBesideDocument,
    );
  }
} finally {
  await browser.close();
  await server.close();
  await waymark.close();
  await rm(index, { recursive: true, force: true });
}

/** One view in a browser of its own; a phone's is drawn as sharply as on one. */
async function picture(name, options, prepare) {
  const context = await browser.newContext({ reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  await page.goto(server.url);
  await page.getByRole("button", { name: "Do I need a maths background" }).waitFor();
  await prepare(page);
  await page.evaluate(() => document.activeElement?.blur());
  await page.mouse.move(2, 2);
  await page.screenshot({ path: join(out, `${name}.png`) });
  await context.close();
}

async function ask(page, question) {
  await page.getByRole("textbox", { name: "Your question" }).fill(question);
  await page.keyboard.press("Enter");
  await page.getByRole("article", { name: question }).getByRole("button", { name: "Retry" }).waitFor();
}

async function answerBesideDocument(page) {
  await ask(page, TABLE);
  await page.getByRole("button", { name: "New conversation" }).click();
  await ask(page, QUESTION);
  await page.getByRole("button", { name: /^Source 1:/ }).click();
  await page.locator("mark").first().waitFor();
}

async function documents(page) {
  await waymark.addDocument({
    name: "garden.md",
    bytes: new TextEncoder().encode("# Garden notes\n\nThe apple tree blossoms in April.\n"),
  });
  await ask(page, "When does the apple tree blossom?");
  await page.getByRole("link", { name: "Documents" }).click();
  await page.getByRole("link", { name: "Garden notes" }).waitFor();
}
