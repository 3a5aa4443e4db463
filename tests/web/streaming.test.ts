import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { AnswerSentence } from "../../src/answer/answer.js";
import { createApp } from "../../src/server/app.js";
import { exampleAnswer, exampleCitation, exampleSummary } from "../../src/server/routes/examples.js";
import { type RunningServer, serve } from "../../src/server/serve.js";
import type { AskOptions, IndexingState, Waymark } from "../../src/waymark.js";
import { scripted } from "../server/scripted.js";
import { launchBrowser } from "./browser.js";
import { describeInBrowser } from "./page-session.js";
import { ask, idle } from "./reader.js";
import { buildPage } from "./served-page.js";

const HOST = "127.0.0.1";
const QUESTION = "When do backups run?";

/** Answers in steps that the test takes one at a time: passages, two sentences, the whole answer. */
function stepwise() {
  let taken = 0;
  let wake = () => {};
  const signals: (AbortSignal | undefined)[] = [];
  const reach = async (step: number) => {
    while (taken < step)
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
  };
  const sentences = ["The first one.", "The second one."].map((text) => {
    return { ...(exampleAnswer.sentences[0] as AnswerSentence), text };
  });
  return {
    signals,
    step() {
      taken += 1;
      wake();
    },
    async ask(question: string, { onEvent, signal }: AskOptions = {}) {
      signals.push(signal);
      await reach(1);
      onEvent?.({ type: "passages", passages: [exampleCitation, exampleCitation] });
      for (const [index, sentence] of sentences.entries()) {
        await reach(index + 2);
        onEvent?.({ type: "sentence", index, sentence });
      }
      await reach(4);
      return { ...exampleAnswer, question, answer: "The first one. The second one.", sentences };
    },
  };
}

describeInBrowser("an answer on its way, and an index in the making", () => {
  let browser: Browser;
  let webRoot: string;
  let server: RunningServer | undefined;

  beforeAll(async () => {
    browser = await launchBrowser();
    webRoot = await mkdtemp(join(tmpdir(), "waymark-streaming-"));
    await buildPage(webRoot);
  });

  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    await server?.close();
  });

  afterAll(async () => {
    await browser?.close();
    await rm(webRoot, { recursive: true, force: true });
  });

  async function open(waymark: Waymark): Promise<Page> {
    server = await serve({ app: createApp({ waymark, webRoot, host: HOST }), host: HOST, port: 0 });
    const page = await browser.newPage();
    await page.goto(server.url);
    return page;
  }

  it("comes sentence by sentence, and is said aloud once, when it is whole", async () => {
    const steps = stepwise();
    const page = await open(scripted({ ask: steps.ask }));
    const announcer = page.locator("#announcer");
    const answer = page.getByRole("article").locator(".sentence");
    await ask(page, QUESTION);
    await page.getByText("Searching…").waitFor();
    steps.step();
    await page.getByText("Reading 2 passages…").waitFor();
    steps.step();
    await answer.getByText("The first one.").waitFor();
    await page.getByText("Reading on…").waitFor();
    expect([await answer.count(), await announcer.textContent()]).toEqual([1, ""]);
    await page
      .getByRole("button", { name: /^Source 1:/ })
      .first()
      .focus();
    steps.step();
    await answer.getByText("The second one.").waitFor();
    const stillThere = page.getByRole("button", { name: /^Source 1:/ }).first();
    expect(await stillThere.evaluate((mark) => mark === document.activeElement)).toBe(true);
    steps.step();
    await idle(page);
    expect(await announcer.textContent()).toBe("The first one. The second one.");
  });

  it("ends at Stop, on the server too, and what came until then stays", async () => {
    const steps = stepwise();
    const page = await open(scripted({ ask: steps.ask }));
    await ask(page, QUESTION);
    steps.step();
    steps.step();
    const first = page.getByRole("article").locator(".sentence").getByText("The first one.");
    await first.waitFor();
    const [signal] = steps.signals;
    const aborted = new Promise((resolve) => signal?.addEventListener("abort", resolve));
    await page.getByRole("textbox", { name: "Your question" }).press("Escape");
    await aborted;
    await page
      .getByRole("article")
      .getByText(/^Stopped\./)
      .waitFor();
    expect(await first.count()).toBe(1);
    for (let i = 0; i < 4; i++) steps.step();
    await page.getByRole("button", { name: "Retry" }).click();
    await page.getByRole("article").locator(".sentence").getByText("The second one.").waitFor();
  });

  it("says how far the first index is, and what can be asked as soon as there is something", async () => {
    let state: IndexingState = { state: "running", phase: "opening the index" };
    let documents = 0;
    const status = await scripted().status();
    const page = await open(
      scripted({
        indexing: () => state,
        status: async () => ({ ...status, documents }),
        documents: async () => Array.from({ length: documents }, () => exampleSummary),
      }),
    );
    const health = page.getByRole("banner").getByRole("status");
    await health.getByText("Indexing…", { exact: true }).waitFor();
    state = { state: "running", done: 1, total: 3 };
    await health.getByText("Indexing… 1 of 3").waitFor();
    expect(await page.getByText(/^Waymark knows/).count()).toBe(0);
    documents = 1;
    await page.getByText("Waymark knows Handbook").waitFor();
    state = { state: "failed", message: "The disk is full." };
    await health.getByText("Indexing failed. The disk is full.").waitFor();
  });

  it("shows the first of very many documents, and all where that is asked for", async () => {
    const many = Array.from({ length: 1000 }, (_, i) => ({
      ...exampleSummary,
      id: `d${i}`,
      title: `Document ${i}`,
    }));
    const page = await open(scripted({ documents: async () => many }));
    await page.getByRole("link", { name: "Documents", exact: true }).click();
    await page.getByText("1,000 documents").waitFor();
    const rows = page.getByRole("list", { name: "Documents" }).getByRole("listitem");
    expect(await rows.count()).toBe(200);
    await page.getByRole("searchbox").fill("document 99");
    await page.getByText("11 of 1,000 documents").waitFor();
    await page.getByRole("searchbox").fill("");
    await page.getByRole("button", { name: "Show all 1,000" }).click();
    expect(await rows.count()).toBe(1000);
  });
});
