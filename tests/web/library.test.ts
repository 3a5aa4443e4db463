import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Locator, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../src/config.js";
import { createApp } from "../../src/server/app.js";
import { serve } from "../../src/server/serve.js";
import { describePage } from "./page-session.js";
import { answerIn, ask, hasFocus, holdAnswers, idle } from "./reader.js";

const ROADMAP = join(PACKAGE_ROOT, "corpus", "roadmap.md");
const FIELD_NOTES = join(PACKAGE_ROOT, "tests", "web", "fixtures", "field-notes.md");
const LIST = "What are the MLOps essentials?";
const UNANSWERABLE = "What is the name of the author's cat?";

interface GivenFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

function textFile(name: string, text: string): GivenFile {
  return { name, mimeType: "text/plain", buffer: Buffer.from(text) };
}

function conversations(page: Page): Locator {
  return page.getByRole("navigation", { name: "Conversations and settings" }).locator(".conversation");
}

/** Chooses one of the things that can be done with a conversation. */
async function choose(page: Page, title: string, action: string): Promise<void> {
  await page.getByRole("button", { name: `More for ${title}` }).click();
  await page.getByRole("button", { name: action, exact: true }).click();
}

/** The row of a file that is being added, when it says this. */
function upload(page: Page, name: string, state: string | RegExp): Locator {
  return page
    .getByRole("list", { name: "Files being added" })
    .getByRole("listitem")
    .filter({ hasText: name })
    .filter({ hasText: state });
}

async function add(page: Page, ...files: GivenFile[]): Promise<void> {
  await page.locator("input[type=file]").setInputFiles(files);
}

/** What a reader does who drags files from the desktop onto the page; gives whether it said that it takes them. */
function drop(page: Page, names: Record<string, string>): Promise<boolean> {
  return page.evaluate((given) => {
    const dataTransfer = new DataTransfer();
    for (const [name, text] of Object.entries(given)) dataTransfer.items.add(new File([text], name));
    const send = (type: string) =>
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
    send("dragover");
    const invites = document.querySelector("#drop-zone:not([hidden])") !== null;
    const opened = send("drop");
    return invites && !opened;
  }, names);
}

describePage("conversations", [ROADMAP], ({ visit }) => {
  it("are kept side by side in this browser: gone back to, loaded again, and begun anew in a new tab", async () => {
    const { page } = await visit();
    await ask(page, UNANSWERABLE);
    await idle(page);
    await page.getByRole("button", { name: "New conversation" }).click();
    await ask(page, LIST);
    const answer = await answerIn(page, LIST);
    expect(await conversations(page).allTextContents()).toEqual([LIST, UNANSWERABLE]);
    await conversations(page).getByText(UNANSWERABLE).click();
    await page.getByText("Near, but not an answer").waitFor();
    expect(await page.getByRole("article").count()).toBe(1);
    await conversations(page).getByText(LIST).click();
    expect(await answerIn(page, LIST)).toBe(answer);
    expect(await page.locator(".conversation[aria-current]").textContent()).toBe(LIST);
    await page.reload();
    expect(await answerIn(page, LIST)).toBe(answer);

    const other = await page.context().newPage();
    await other.goto(page.url());
    await other.getByRole("heading", { name: "What would you like to know?" }).waitFor();
    expect(await conversations(other).allTextContents()).toEqual([LIST, UNANSWERABLE]);
    await choose(other, LIST, "Delete");
    await conversations(page).getByText(LIST).waitFor({ state: "detached" });
  });

  it("are renamed, exported, deleted, and deleted ones brought back", async () => {
    const { page } = await visit();
    await ask(page, LIST);
    const answer = await answerIn(page, LIST);
    await choose(page, LIST, "Rename");
    const field = page.getByRole("textbox", { name: "New name" });
    expect(await field.inputValue()).toBe(LIST);
    await field.fill("Operations, <b>in short</b>");
    await page.keyboard.press("Enter");
    expect(await conversations(page).allTextContents()).toEqual(["Operations, <b>in short</b>"]);
    await choose(page, "Operations", "Rename");
    await field.fill("not this");
    await page.keyboard.press("Escape");
    expect(await conversations(page).allTextContents()).toEqual(["Operations, <b>in short</b>"]);

    const [download] = await Promise.all([
      page.waitForEvent("download"),
      choose(page, "Operations", "Export as Markdown"),
    ]);
    expect(download.suggestedFilename()).toBe("Operations b in short b.md");
    const exported = readFileSync(await download.path(), "utf8");
    expect(exported).toContain(
      "# Operations, \\<b\\>in short\\</b\\>\n\n## What are the MLOps essentials?\n\n",
    );
    expect(exported).toMatch(/- .+ \[1\]\n/);
    expect(exported).toMatch(/\n1\. .+, line \d+ \(roadmap\.md\): “.+”\n/);

    await choose(page, "Operations", "Delete");
    expect(await page.getByRole("article").count()).toBe(0);
    expect(await conversations(page).count()).toBe(0);
    expect(await hasFocus(page.getByRole("button", { name: "Undo" }))).toBe(true);
    await page.keyboard.press("Enter");
    expect(await answerIn(page, LIST)).toBe(answer);
    expect(await conversations(page).allTextContents()).toEqual(["Operations, <b>in short</b>"]);
  });

  it("are in a drawer on a phone, which closes when one is chosen, and by Escape", async () => {
    const { page } = await visit("", { viewport: { width: 390, height: 700 } });
    await ask(page, UNANSWERABLE);
    await idle(page);
    await page.getByRole("button", { name: "New conversation" }).click();
    const opener = page.getByRole("button", { name: "Conversations and settings" });
    const drawer = page.getByRole("navigation", { name: "Conversations and settings" });
    expect(await drawer.isVisible()).toBe(false);
    await opener.click();
    await choose(page, UNANSWERABLE, "Rename");
    await page.getByRole("textbox", { name: "New name" }).fill("The cat");
    await page.keyboard.press("Escape");
    expect(await conversations(page).allTextContents()).toEqual([UNANSWERABLE]);
    expect(await drawer.isVisible()).toBe(true);
    await conversations(page).getByText(UNANSWERABLE).click();
    await page.getByText("Near, but not an answer").waitFor();
    expect(await drawer.isVisible()).toBe(false);
    await opener.click();
    await page.keyboard.press("Escape");
    expect(await drawer.isVisible()).toBe(false);
    expect(await hasFocus(opener)).toBe(true);
  });

  it("lose no question that was not answered yet", async () => {
    const { page } = await visit();
    const release = await holdAnswers(page);
    await ask(page, LIST);
    await page.getByText("Searching…").waitFor();
    await page.reload();
    await page
      .getByRole("article")
      .getByText(/^Stopped\./)
      .waitFor();
    release();
    await page.getByRole("button", { name: "Retry" }).click();
    expect(await answerIn(page, LIST)).not.toBe("");
  });

  it("say so when the browser takes no more", async () => {
    const { page } = await visit();
    await page.evaluate(() => {
      for (let size = 4_000_000; size > 10; size = Math.floor(size / 2)) {
        try {
          for (let i = 0; ; i++) localStorage.setItem(`${size}-${i}`, "x".repeat(size));
        } catch {}
      }
    });
    await ask(page, UNANSWERABLE);
    await page.getByText("This browser keeps no more conversations").waitFor();
    await idle(page);
    await page.getByRole("button", { name: "Dismiss" }).click();
    expect(await page.getByText("This browser keeps no more").count()).toBe(0);
  });

  it("give an answer and a link away: as text, as Markdown, as an address", async () => {
    const { page } = await visit();
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
    await ask(page, LIST);
    await answerIn(page, LIST);
    await page.getByRole("button", { name: "Copy", exact: true }).click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    expect(await clipboard()).toMatch(/^• .+ \[1\]\n[\s\S]+\n\n\[1\] .+, line \d+ \(roadmap\.md\): “.+”\n/);
    await page.getByRole("button", { name: "Copy as Markdown" }).click();
    await page.getByRole("button", { name: "Copied" }).nth(1).waitFor();
    expect(await clipboard()).toMatch(/^- .+ \[1\]\n[\s\S]+\n\n1\. .+ \(roadmap\.md\): “.+”\n/);
    await page.getByRole("button", { name: /^Source 2:/ }).click();
    await page.getByRole("button", { name: "Copy link" }).click();
    await page.getByRole("complementary").getByRole("button", { name: "Copied" }).waitFor();
    expect(await clipboard()).toBe(page.url());
  });

  it("say that an answer came before the index was whole", async () => {
    const { page } = await visit();
    await page.route("**/api/health", async (route) => {
      const response = await route.fetch();
      const indexing = { state: "running", done: 1, total: 9 };
      await route.fulfill({ response, json: { ...(await response.json()), status: "indexing", indexing } });
    });
    await page.reload();
    await page.getByRole("status").getByText("Indexing… 1 of 9").waitFor();
    await ask(page, LIST);
    await answerIn(page, LIST);
    await page.getByText("The index was still being built").waitFor();
  });
});

describePage("documents", [ROADMAP, FIELD_NOTES], ({ served, visit, documentOf }) => {
  it("are listed with what is known of them, searched, and opened", async () => {
    const { page } = await visit("#/documents");
    const list = page.getByRole("list", { name: "Documents" });
    await page.getByText("2 documents", { exact: true }).waitFor();
    expect(await list.getByRole("listitem").filter({ hasText: "roadmap.md" }).textContent()).toMatch(
      /roadmap\.md · \d+ passages · indexed (today at \d\d:\d\d|on )/,
    );
    const search = page.getByRole("searchbox", { name: "Search the documents" });
    await search.fill("FIELD nötes");
    await page.getByText("1 of 2 documents").waitFor();
    expect(await list.getByRole("link").allTextContents()).toEqual([expect.stringContaining("Field notes")]);
    await search.fill("nowhere");
    await page.getByText("0 of 2 documents").waitFor();
    await search.fill("");
    await list.getByRole("link", { name: /Roadmap/ }).click();
    await page
      .getByRole("complementary")
      .getByRole("heading", { name: /The 12-Month Plan/ })
      .waitFor();
  });

  it("are added, asked, kept by the next ingest, replaced, and removed", async () => {
    const { page } = await visit("#/documents");
    const note = textFile("moles.txt", "The mole catcher of Brigstock is paid in honey.");
    await add(page, note);
    await upload(page, "moles.txt", "added · 1 passage").waitFor();
    await page.getByText("3 documents", { exact: true }).waitFor();
    expect(readdirSync(served().added)).toEqual(["moles.txt"]);
    await served().waymark.ingest({});
    const question = "How is the mole catcher of Brigstock paid?";
    await ask(page, question);
    expect(await answerIn(page, question)).toContain("honey");
    await page
      .getByRole("article")
      .getByRole("button", { name: /^Source 1:/ })
      .click();
    await page.locator("mark").first().waitFor();
    expect((await page.locator("mark").allTextContents()).join("")).toBe(
      "The mole catcher of Brigstock is paid in honey.",
    );

    await page.getByRole("link", { name: "Documents" }).click();
    await add(page, note);
    await upload(page, "moles.txt", "was there already").waitFor();
    await add(page, textFile("moles.txt", "The mole catcher of Brigstock is paid in eels."));
    await upload(page, "moles.txt", "replaced the earlier one").waitFor();

    const removeButton = page.getByRole("button", { name: "Remove moles" });
    await removeButton.click();
    await page.getByRole("button", { name: "Keep it" }).click();
    expect(await hasFocus(removeButton)).toBe(true);
    await removeButton.click();
    await page.getByRole("button", { name: "Remove it" }).click();
    await page.getByText("2 documents", { exact: true }).waitFor();
    expect(readdirSync(served().added)).toEqual([]);
    expect(await page.getByRole("button", { name: /^Remove / }).count()).toBe(0);
  });

  it("are dropped onto the page, whatever it shows; each file that is not taken says why", async () => {
    const { page, complaints } = await visit();
    const given = {
      "owls.md": "# Owls\n\nOwls are silent.",
      "song.mp3": "x",
      "broken.pdf": "no PDF",
      "empty.txt": " ",
    };
    expect(await drop(page, given)).toBe(true);
    await upload(page, "owls.md", "added · 1 passage").waitFor();
    await upload(page, "song.mp3", "Waymark cannot read this kind of file. It reads .md").waitFor();
    await upload(page, "broken.pdf", "broken.pdf is not a PDF that can be read").waitFor();
    await upload(page, "empty.txt", "empty.txt has no text.").waitFor();
    expect(await page.getByRole("complementary").getByRole("link", { name: "Owls" }).isVisible()).toBe(true);
    for (const name of Object.keys(given))
      await page.getByRole("button", { name: `Dismiss ${name}` }).click();
    expect(await page.getByRole("list", { name: "Files being added" }).isVisible()).toBe(false);
    expect(complaints.splice(0)).toEqual(Array(2).fill(expect.stringContaining("422")));
    await served().waymark.removeDocument((await documentOf("added:owls.md")).id);
  });

  it("show how far they are while they are being added", async () => {
    const { page } = await visit("#/documents");
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route("**/api/documents", async (route) => {
      if (route.request().method() === "POST") await held;
      await route.continue();
    });
    await add(page, textFile("bees.txt", "Bees dance."), textFile("ants.txt", "Ants do not."));
    await upload(page, "bees.txt", /Sending…|Reading and indexing…/).waitFor();
    await upload(page, "ants.txt", "Waiting…").waitFor();
    await page.getByRole("progressbar", { name: "Adding bees.txt" }).waitFor();
    release();
    await upload(page, "ants.txt", "added").waitFor();
    await page.close(); // it may be about to read them for the questions to start from
    for (const name of ["bees", "ants"])
      await served().waymark.removeDocument((await documentOf(`added:${name}.txt`)).id);
  });

  it("are not taken where the server takes none, and the page says what to do instead", async () => {
    const { page } = await visit();
    await page.route("**/api/documents", async (route) => {
      const response = await route.fetch();
      const body = (await response.json()) as { adding: object };
      await route.fulfill({ response, json: { ...body, adding: { ...body.adding, allowed: false } } });
    });
    await page.goto(`${served().url}/#/documents`);
    await page.reload();
    await page.getByText("put them into the folder that Waymark answers from").waitFor();
    expect(await page.getByRole("button", { name: "Add files…" }).count()).toBe(0);
    await drop(page, { "owls.md": "# Owls" });
    await upload(page, "owls.md", "This server takes no files.").waitFor();
    expect(existsSync(join(served().added, "owls.md"))).toBe(false);
  });

  it("can be read, asked and added to where the browser gives the token that the server asks for, and not without", async () => {
    const { page } = await visit();
    const { waymark, webRoot } = served();
    const token = "sixteen or more letters".replaceAll(" ", "-");
    const app = createApp({ waymark, additions: waymark, webRoot, host: "127.0.0.1", token });
    const server = await serve({ app, host: "127.0.0.1", port: 0 });
    const browser = page.context().browser();
    const open = async (password: string) => {
      const context = await browser?.newContext({ httpCredentials: { username: "reader", password } });
      const guarded = await context?.newPage();
      const response = await guarded?.goto(server.url);
      return { guarded: guarded as Page, status: response?.status() };
    };
    const { guarded, status } = await open(token);
    expect(status).toBe(200);
    await ask(guarded, LIST);
    expect(await answerIn(guarded, LIST)).not.toBe("");
    await guarded.getByRole("link", { name: "Documents" }).click();
    await add(guarded, textFile("newts.txt", "Newts hide."));
    await upload(guarded, "newts.txt", "added").waitFor();
    await guarded.getByRole("button", { name: "Remove newts" }).click();
    await guarded.getByRole("button", { name: "Remove it" }).click();
    await guarded.getByText("2 documents", { exact: true }).waitFor();
    await guarded.context().close();
    const refused = await open("a-guess-of-16-letters");
    expect(refused.status).toBe(401);
    await refused.guarded.context().close();
    await server.close();
  });

  it("that were removed meanwhile are explained, and the server's absence too", async () => {
    const { page, complaints } = await visit("#/documents");
    await add(page, textFile("bats.txt", "Bats hang."));
    await upload(page, "bats.txt", "added").waitFor();
    await page.getByRole("button", { name: "Remove bats" }).click();
    await served().waymark.removeDocument((await documentOf("added:bats.txt")).id);
    await page.getByRole("button", { name: "Remove it" }).click();
    await page.getByRole("alert").getByText("No document has the id").waitFor();
    await served().stop();
    await add(page, textFile("bats.txt", "Bats hang."));
    await upload(page, "bats.txt", "Waymark is not answering.").waitFor();
    await served().start();
    expect(complaints.splice(0).every((text) => /404|ERR_CONNECTION/.test(text))).toBe(true);
  });
});

describe("the page's files", () => {
  it("weigh less than 100 kB compressed, all together", () => {
    const folder = join(PACKAGE_ROOT, "dist", "web");
    const sizes = readdirSync(folder).map((name) => gzipSync(readFileSync(join(folder, name))).length);
    expect(sizes.length).toBeGreaterThan(3);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(100_000);
  });
});
