import { mkdtempSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { describePage } from "./page-session.js";
import { answerIn, ask } from "./reader.js";

const folder = mkdtempSync(join(tmpdir(), "waymark-collections-"));
const SAID =
  "The bell of Brigstock is rung by hand whenever fog comes up the river, and by day it is left alone.";
const write = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const HANDBOOK = write("handbook.md", `# Handbook\n\n${SAID}\n`);
const LETTER = write("letter.md", `# Letter\n\nDear Ann, the ferry to Brigstock leaves at noon.\n`);
const COPY = write("copy.md", `# Copied\n\n${SAID}\n`);
const BELL = "When is the bell of Brigstock rung by hand?";

afterAll(() => rm(folder, { recursive: true, force: true }));

describePage("collections", [HANDBOOK], ({ served, visit }) => {
  it("are offered beside the question once there are several, asked apart, and head the list", async () => {
    const before = await visit();
    await before.page.locator("#privacy").getByText("stay in this browser").waitFor();
    expect(await before.page.getByRole("combobox", { name: "Ask" }).isVisible()).toBe(false);

    await served().waymark.ingest({ collection: "letters", paths: [LETTER] });
    const { page } = await visit();
    const choice = page.getByRole("combobox", { name: "Ask" });
    await choice.waitFor();
    expect(await choice.locator("option").allTextContents()).toEqual(["all documents", "default", "letters"]);

    await choice.selectOption("letters");
    const sent = page.waitForRequest("**/api/ask");
    await ask(page, BELL);
    expect((await sent).postDataJSON()).toMatchObject({ collections: ["letters"] });
    await page.locator(".abstention-sentence").waitFor();
    await page.getByText("Asked only of “letters”").waitFor();

    await page.reload();
    await choice.waitFor();
    expect(await choice.inputValue()).toBe("letters");
    await choice.selectOption("default");
    const again = "Who rings the bell of Brigstock in the fog, and how?";
    await ask(page, again);
    expect(await answerIn(page, again)).toContain("rung by hand");

    await page.getByRole("link", { name: "Documents" }).click();
    const list = page.getByRole("list", { name: "Documents" });
    await list.getByRole("heading", { name: "letters" }).waitFor();
    expect(await list.getByRole("heading").allTextContents()).toEqual(["default", "letters"]);
  });

  it("that hold the same words give them once, with the other place", async () => {
    await served().waymark.ingest({ collection: "copies", paths: [COPY] });
    const { page } = await visit();
    await ask(page, BELL);
    expect((await answerIn(page, BELL)).match(/rung by hand/g)).toHaveLength(1);
    const mark = page.getByRole("article").getByRole("button", { name: /^Source 1:/ });
    await mark.hover();
    await page
      .getByRole("tooltip")
      .getByText(/also in (copies:\/\/copy|handbook)\.md, line 3/)
      .waitFor();
    await mark.click();
    const other = page
      .getByRole("complementary")
      .getByRole("link", { name: /^(copies:\/\/copy|handbook)\.md/ });
    await other.click();
    await page.locator("mark").first().waitFor();
    expect((await page.locator("mark").allTextContents()).join("")).toBe(SAID);
  });
});
