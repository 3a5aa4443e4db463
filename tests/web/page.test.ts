import { join } from "node:path";
import { expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../src/config.js";
import { expectedMarks, isInView, waitForMarks, withoutSpace } from "./marked-places.js";
import { describePage } from "./page-session.js";
import { answerIn, ask, hasFocus, holdAnswers, idle, lowContrast } from "./reader.js";

const ROADMAP = join(PACKAGE_ROOT, "corpus", "roadmap.md");
const FIELD_NOTES = join(PACKAGE_ROOT, "tests", "web", "fixtures", "field-notes.md");

const ANSWERABLE = [
  "Do I need a maths background to learn machine learning?",
  "What are the MLOps essentials?",
  "What is the key milestone of months 7–8?",
];
const UNANSWERABLE = "What is the name of the author's cat?";
/** Not answered either; what is near has an address that is longer than a line of a phone. */
const LONG_WORD_NEAR = "How many pixels wide is the picture beside the link?";

describePage("the page in Chromium", [ROADMAP, FIELD_NOTES], ({ served, visit, documentOf }) => {
  it("offers the questions of the documents to start from, and has the focus in the field", async () => {
    const { page } = await visit();
    const field = page.getByRole("textbox", { name: "Your question" });
    expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
    const starters = await page.getByRole("main").getByRole("listitem").allTextContents();
    expect(starters).toContain("How long does it take to learn machine learning in 2026?");
    await page.getByRole("button", { name: "How long does it take" }).click();
    expect(await answerIn(page, "How long does it take to learn machine learning in 2026?")).not.toBe("");
  });

  it("says what it is doing, shows the answer, and says it aloud once", async () => {
    const { page } = await visit();
    const release = await holdAnswers(page);
    await ask(page, ANSWERABLE[0] ?? "");
    await page.getByText("Searching…").waitFor();
    await page.getByRole("button", { name: "Stop" }).waitFor();
    release();
    const answer = await answerIn(page, ANSWERABLE[0] ?? "");
    expect(answer).not.toBe("");
    expect(await page.getByRole("button", { name: "Stop" }).isVisible()).toBe(false);
    const spoken = await page.locator("#announcer").textContent();
    expect(spoken?.length).toBeGreaterThan(10);
  });

  it.each(ANSWERABLE)("marks exactly the cited characters of every citation: %s", async (question) => {
    const { page } = await visit();
    await ask(page, question);
    await answerIn(page, question);
    const answer = await served().waymark.ask(question);
    const source = await documentOf("roadmap.md");
    const marks = page.getByRole("article").getByRole("button", { name: /^Source \d+:/ });
    const citations = new Map(
      answer.sentences
        .flatMap((sentence) => sentence.citations)
        .map((cited) => [`${cited.start}-${cited.end}`, cited]),
    );
    expect(citations.size).toBeGreaterThan(0);
    expect(await marks.count()).toBeGreaterThanOrEqual(citations.size);
    for (const mark of await marks.all()) {
      await mark.click();
      const cited = citations.get(new URL(page.url()).hash.split("/").at(-1) ?? "");
      if (cited === undefined) throw new Error(`${page.url()} is no citation of the answer.`);
      await waitForMarks(page, expectedMarks(source, cited));
      const marked = await page.locator("mark").allTextContents();
      expect(withoutSpace(marked.join(""))).toBe(withoutSpace(cited.quote));
      expect(await page.locator("mark").first().isVisible()).toBe(true);
      expect(await isInView(page)).toBe(true);
    }
  });

  it("marks any range exactly: across blocks, nested items, table cells, quotes and code", async () => {
    const { page } = await visit();
    const source = await documentOf("field-notes.md");
    const kinds = new Set(source.blocks.map((block) => block.type));
    expect([...kinds].sort()).toEqual(["code", "heading", "list-item", "paragraph", "quote", "table-row"]);
    for (const [i, block] of source.blocks.entries()) {
      const next = source.blocks[i + 1] ?? block;
      for (const range of [
        block,
        { start: block.start + 1, end: next.end - 1 },
        { start: 0, end: block.end },
      ]) {
        await page.goto(`${served().url}/#/d/${source.id}/${range.start}-${range.end}`);
        await waitForMarks(page, expectedMarks(source, range));
      }
    }
  });

  it("shows a document as what it is, runs nothing in it, and loads nothing from elsewhere", async () => {
    const { page } = await visit();
    await page.getByRole("link", { name: "Documents" }).click();
    await page
      .getByRole("complementary")
      .getByRole("link", { name: /Field notes/ })
      .click();
    const pane = page.getByRole("complementary");
    await pane.getByRole("heading", { name: "What may a page never run?" }).waitFor();
    expect(await pane.getByRole("columnheader").allTextContents()).toEqual(["Marker", "Where", "Seen in"]);
    expect(await pane.getByRole("cell").allTextContents()).toContain("At the ford & the bridge");
    expect(await pane.locator("ol > li > ul > li > ul > li").count()).toBe(1);
    expect(await pane.locator("blockquote").textContent()).toBe("The bridge is closed in winter.");
    expect(await pane.locator("pre").textContent()).toContain(
      '<script>alert("code")</script>\n  two steps in',
    );
    expect(await pane.locator("img, script, iframe, .document a").count()).toBe(0);
  });

  it("puts the place into the address: it can be loaded again, and Back leads back", async () => {
    const { page } = await visit();
    await ask(page, ANSWERABLE[0] ?? "");
    await answerIn(page, ANSWERABLE[0] ?? "");
    await page.getByRole("button", { name: /^Source 1:/ }).click();
    await page.locator("mark").first().waitFor();
    const marked = await page.locator("mark").allTextContents();
    const address = page.url();
    expect(new URL(address).hash).toMatch(/^#\/d\/[^/]+\/\d+-\d+$/);
    expect(await page.title()).toMatch(/Roadmap · Waymark$/);
    await page.goBack();
    await page.getByRole("complementary").waitFor({ state: "hidden" });
    await page.goForward();
    await waitForMarks(page, marked);
    await page.reload();
    await waitForMarks(page, marked);
    expect(await answerIn(page, ANSWERABLE[0] ?? "")).not.toBe("");
    const other = await visit(new URL(address).hash);
    await waitForMarks(other.page, marked);
    expect(await isInView(other.page)).toBe(true);
  });

  it("abstains visibly, without citations, and offers what is merely near", async () => {
    const { page } = await visit();
    await ask(page, UNANSWERABLE);
    const article = page.getByRole("article", { name: UNANSWERABLE });
    await article.getByRole("heading", { name: "Near, but not an answer" }).waitFor();
    expect(await article.getByRole("button", { name: /^Source/ }).count()).toBe(0);
    await article.getByRole("listitem").getByRole("button").first().click();
    await page.locator("mark").first().waitFor();
  });

  it("works by keyboard alone", async () => {
    const { page } = await visit();
    await page.keyboard.type("first line");
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.type("second line");
    const field = page.getByRole("textbox", { name: "Your question" });
    expect(await field.inputValue()).toBe("first line\nsecond line");
    await field.fill(ANSWERABLE[0] ?? "");
    await page.keyboard.press("Enter");
    await answerIn(page, ANSWERABLE[0] ?? "");
    expect(await field.inputValue()).toBe("");
    await page.keyboard.press("ArrowUp");
    expect(await field.inputValue()).toBe(ANSWERABLE[0]);
    await page.keyboard.press("ArrowDown");
    expect(await field.inputValue()).toBe("");

    const mark = page.getByRole("button", { name: /^Source 1:/ });
    for (let i = 0; i < 30 && !(await hasFocus(mark)); i++) await page.keyboard.press("Shift+Tab");
    expect(await hasFocus(mark)).toBe(true);
    const card = page.getByRole("tooltip");
    await card.waitFor();
    await page.keyboard.press("Enter");
    await page.locator("mark").first().waitFor();
    expect(await card.isVisible()).toBe(false);
    const heading = page.getByRole("complementary").getByRole("heading", { level: 2 });
    expect(await hasFocus(heading)).toBe(true);
    await page.keyboard.press("Escape");
    await page.getByRole("complementary").waitFor({ state: "hidden" });
    expect(await hasFocus(mark)).toBe(true);
  });

  it("steps through the citations of an answer, around its end", async () => {
    const { page } = await visit();
    const question = ANSWERABLE[1] ?? "";
    await ask(page, question);
    await answerIn(page, question);
    const marks = page.getByRole("button", { name: /^Source \d+:/ });
    const count = await marks.count();
    expect(count).toBeGreaterThan(1);
    await marks.first().click();
    for (let i = 0; i < count; i++) {
      await page.getByText(`${i + 1} of ${count}`).waitFor();
      expect(await marks.nth(i).getAttribute("aria-current")).toBe("true");
      await page.getByRole("button", { name: "Next cited place" }).click();
    }
    await page.getByText(`1 of ${count}`).waitFor();
    await page.getByRole("button", { name: "Previous cited place" }).click();
    await page.getByText(`${count} of ${count}`).waitFor();
    await page.goBack();
    await page.getByRole("complementary").waitFor({ state: "hidden" });
  });

  it("shows quote and heading path while the pointer is on a mark", async () => {
    const { page } = await visit();
    await ask(page, ANSWERABLE[0] ?? "");
    await answerIn(page, ANSWERABLE[0] ?? "");
    await page.getByRole("button", { name: /^Source 1:/ }).hover();
    const card = page.getByRole("tooltip");
    await card.waitFor();
    const [first] = (await served().waymark.ask(ANSWERABLE[0] ?? "")).sentences;
    const [{ quote, headings } = { quote: "", headings: [] }] = first?.citations ?? [];
    expect(headings).not.toEqual([]);
    for (const part of [quote, ...headings]) expect(await card.textContent()).toContain(part);
    await page.getByRole("textbox").hover();
    await card.waitFor({ state: "hidden" });
  });

  it("stops, and asks again", async () => {
    const { page } = await visit();
    const release = await holdAnswers(page);
    await ask(page, ANSWERABLE[0] ?? "");
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByText("Stopped.", { exact: true }).first().waitFor();
    release();
    await page.getByRole("button", { name: "Retry" }).click();
    expect(await answerIn(page, ANSWERABLE[0] ?? "")).not.toBe("");
  });

  it("sends the conversation along, and forgets it on demand", async () => {
    const { page, asked } = await visit();
    await ask(page, ANSWERABLE[0] ?? "");
    await answerIn(page, ANSWERABLE[0] ?? "");
    await ask(page, "And how long does that take?");
    await answerIn(page, "And how long does that take?");
    expect(asked[0]?.history).toEqual([]);
    expect(asked[1]?.history?.map(({ role }) => role)).toEqual(["user", "assistant"]);
    expect(asked[1]?.history?.[0]?.content).toBe(ANSWERABLE[0]);
    await page.getByRole("button", { name: "New conversation" }).click();
    expect(await page.getByRole("article").count()).toBe(0);
    await page.reload();
    await page.getByRole("heading", { name: "What would you like to know?" }).waitFor();
    expect(await page.getByRole("article").count()).toBe(0);
  });

  it("asks one document alone where the reader says so", async () => {
    const { page, asked } = await visit("#/documents");
    const source = await documentOf("field-notes.md");
    await page.getByRole("button", { name: /^Ask only this: Field notes/ }).click();
    await ask(page, ANSWERABLE[0] ?? "");
    await page.getByText(/^Asked only of/).waitFor();
    await page.getByRole("button", { name: "Ask all documents" }).click();
    await idle(page);
    await ask(page, ANSWERABLE[1] ?? "");
    await idle(page);
    expect(asked.map(({ documentIds }) => documentIds)).toEqual([[source.id], undefined]);
  });

  it("says who wrote an answer and who reads the question where there is a language model, and leaves the choice", async () => {
    const { page, asked } = await visit();
    expect(await page.getByRole("combobox", { name: "Answers" }).isVisible()).toBe(false);
    await page.getByText("Nothing leaves the machine that Waymark runs on.").waitFor();
    await page.route("**/api/health", async (route) => {
      const response = await route.fetch();
      const health = (await response.json()) as { models: object };
      const models = { ...health.models, languageModel: { name: "openai:gpt-oss" } };
      await route.fulfill({ response, json: { ...health, models } });
    });
    const own = await served().waymark.ask(ANSWERABLE[0] ?? "");
    const written = { ...own, mode: "generated", withheld: 2 };
    const events = [
      ["passages", { passages: own.related }],
      ["sentence", { index: 0, sentence: own.sentences[0] }],
      ["mode", { mode: "generated" }],
      ["sentence", { index: 0, sentence: own.sentences[0] }],
      ["done", written],
    ];
    await page.route("**/api/ask", (route) =>
      route.fulfill({
        contentType: "text/event-stream",
        body: events.map(([event, data]) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`).join(""),
      }),
    );
    await page.reload();
    await page.getByText("go to the language model that Waymark is set to use, openai:gpt-oss").waitFor();
    await ask(page, ANSWERABLE[0] ?? "");
    await page.getByText(/^Written by a language model;/).waitFor();
    await page.getByText("2 sentences that they do not bear out were left out.").waitFor();
    await page.getByRole("combobox", { name: "Answers" }).selectOption("in the documents’ own sentences");
    await page.getByText("Nothing leaves the machine that Waymark runs on.").waitFor();
    await page.unroute("**/api/ask");
    await ask(page, ANSWERABLE[1] ?? "");
    await answerIn(page, ANSWERABLE[1] ?? "");
    expect(asked.map(({ mode }) => mode)).toEqual(["generated", "extractive"]);
    expect(await page.getByText(/^Written by a language model;/).count()).toBe(1);
  });

  it("explains an error in the server's words", async () => {
    const { page, complaints } = await visit();
    await ask(page, "why ".repeat(600));
    await page.getByText("The question is longer than 2,000 characters.").first().waitFor();
    await idle(page);
    // The browser itself notes every response with an error status.
    expect(complaints.splice(0)).toEqual([expect.stringContaining("400")]);
  });

  it("says so when the server is away, and comes back with it", async () => {
    const { page, complaints } = await visit();
    await served().stop();
    await ask(page, ANSWERABLE[0] ?? "");
    await page.getByRole("status").getByText("Waymark is not answering. Trying again…").waitFor();
    await served().start();
    await page.getByRole("status").getByText("Waymark is not answering").waitFor({ state: "hidden" });
    await page.getByRole("button", { name: "Retry" }).click();
    expect(await answerIn(page, ANSWERABLE[0] ?? "")).not.toBe("");
    expect(complaints.splice(0).every((text) => text.includes("ERR_CONNECTION_REFUSED"))).toBe(true);
  });

  it("shows how far indexing is, until it is done", async () => {
    const { page } = await visit();
    let done = 3;
    await page.route("**/api/health", async (route) => {
      const response = await route.fetch();
      const status = done < 10 ? "indexing" : "ready";
      await route.fulfill({
        response,
        json: { ...(await response.json()), status, indexing: { state: "running", done, total: 10 } },
      });
    });
    await page.reload();
    await page.getByRole("status").getByText("Indexing… 3 of 10").waitFor();
    done = 10;
    await page.getByRole("status").getByText("Indexing").waitFor({ state: "hidden" });
  });

  it.each([320, 768, 1920])(
    "has no horizontal scrolling at %i pixels, also with a document open",
    async (width) => {
      const { page } = await visit("", { viewport: { width, height: 640 } });
      const overflow = () =>
        page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(await overflow()).toBe(0);
      for (const question of [ANSWERABLE[2] ?? "", UNANSWERABLE, LONG_WORD_NEAR]) {
        await ask(page, question);
        await idle(page);
        expect(await overflow()).toBe(0);
      }
      await page.getByRole("button", { name: /^Source 1:/ }).click();
      await page.locator("mark").first().waitFor();
      expect(await overflow()).toBe(0);
      expect(await isInView(page)).toBe(true);
      expect(await page.getByRole("main").evaluate((main) => (main as HTMLElement).inert)).toBe(width < 960);
    },
  );

  it.each(["light", "dark"] as const)("has readable contrast in the %s theme", async (colorScheme) => {
    const { page } = await visit("", { colorScheme });
    await ask(page, ANSWERABLE[2] ?? "");
    await idle(page);
    await ask(page, UNANSWERABLE);
    await idle(page);
    await page.getByRole("button", { name: /^Source 1:/ }).click();
    await page.locator("mark").first().waitFor();
    const [paper] = await page.evaluate(() => [getComputedStyle(document.body).backgroundColor]);
    const brightness = Number(/\d+/.exec(paper ?? "")?.[0]);
    expect(brightness > 128).toBe(colorScheme === "light");
    expect(await lowContrast(page)).toEqual([]);
  });
});
