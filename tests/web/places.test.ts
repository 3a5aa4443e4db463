import { join } from "node:path";
import { expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../src/config.js";
import { paragraph, presentation, row, shape, workbook } from "../documents/made-office.js";
import { isInView, waitForMarks } from "./marked-places.js";
import { describePage } from "./page-session.js";
import { answerIn, ask } from "./reader.js";

const FIELD_NOTES = join(PACKAGE_ROOT, "tests", "web", "fixtures", "field-notes.md");
const QUESTION = "What was paid for the new greenhouse?";

describePage("places of slides and sheets", [FIELD_NOTES], ({ visit, documentOf }) => {
  it("of files that are added on the page are named at the citation and at its mark", async () => {
    const { page } = await visit("#/documents");
    const mimeType = "application/octet-stream";
    await page.locator("input[type=file]").setInputFiles([
      { name: "budget.xlsx", mimeType, buffer: BUDGET },
      { name: "meeting.pptx", mimeType, buffer: SLIDES },
    ]);
    const added = page.getByRole("list", { name: "Files being added" }).getByRole("listitem");
    for (const name of ["budget.xlsx", "meeting.pptx"]) {
      await added.filter({ hasText: name }).filter({ hasText: "Added" }).waitFor();
    }
    await page.goto(new URL("#/", page.url()).href);
    await ask(page, QUESTION);
    expect(await answerIn(page, QUESTION)).toContain("€ 1,850.00");
    const source = page.getByRole("button", { name: /^Source \d+: Spending, row 3$/ });
    await source.hover();
    await page.locator("#citation-card").getByText("Spending, row 3").waitFor();
    await source.click();
    const mark = page.locator("mark").first();
    await mark.waitFor();
    expect(await mark.getAttribute("data-place")).toBe("Spending, row 3");
    expect((await page.locator("mark").allTextContents()).join(" ")).toBe("New greenhouse € 1,850.00 Bank");
  });

  it("at the end of a long table come into view", async () => {
    const { page } = await visit("#/documents");
    const lines = Array.from({ length: 520 }, (_, index) => `b${index},${index}`);
    const buffer = Buffer.from(["bed,rows", ...lines].join("\n"));
    await page
      .locator("input[type=file]")
      .setInputFiles([{ name: "beds.csv", mimeType: "text/csv", buffer }]);
    const added = page.getByRole("list", { name: "Files being added" }).getByRole("listitem");
    await added.filter({ hasText: "beds.csv" }).filter({ hasText: "Added" }).waitFor();
    const { id, text } = await documentOf("added:beds.csv");
    const address = `#/d/${id}/${text.length - "b519\t519".length}-${text.length}`;
    await page.goto(new URL(address, page.url()).href);
    await waitForMarks(page, ["b519", "519"]);
    expect(await page.locator("mark").first().getAttribute("data-place")).toBe("row 521");
    expect(await isInView(page)).toBe(true);
    expect(await page.locator(".document tr").count()).toBe(521);
  });
});

const BUDGET = workbook({
  styles:
    '<numFmts><numFmt numFmtId="164" formatCode="&quot;€&quot; #,##0.00"/></numFmts><cellXfs><xf/><xf numFmtId="164"/></cellXfs>',
  sheets: [
    {
      name: "Spending",
      rows:
        row(1, { A: "Item", B: "Paid", C: "Paid by" }) +
        row(2, { A: "Seed potatoes", B: '<c s="1"><v>64.5</v></c>', C: "Cash" }) +
        row(3, { A: "New greenhouse", B: '<c s="1"><v>1850</v></c>', C: "Bank" }),
    },
  ],
});
const SLIDES = presentation([
  { shapes: shape(paragraph("Allotment meeting"), { placeholder: "title" }), notes: paragraph("Be brief.") },
]);
