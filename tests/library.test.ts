import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Citation } from "../src/answer/answer.js";
import { loadSettings } from "../src/config.js";
import { type LocalWaymark, openWaymark } from "../src/local-waymark.js";
import { runCli } from "./cli/run-cli.js";
import { epub } from "./documents/made-epub.js";
import { paragraph, presentation, row, shape, workbook } from "./documents/made-office.js";

let folder: string;
let waymark: LocalWaymark;

/** A folder with a book, slides, a workbook and a CSV file, in one index. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "waymark-library-"));
  const corpus = join(folder, "corpus");
  mkdirSync(corpus);
  const files = {
    "island.epub": BOOK,
    "allotments.pptx": SLIDES,
    "budget.xlsx": BUDGET,
    "members.csv": MEMBERS,
  };
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(corpus, name), bytes);
  const settings = loadSettings({ corpus, index: join(folder, "index") }, { env: {}, cwd: folder });
  waymark = await openWaymark(settings);
  const summary = await waymark.ingest();
  expect(summary).toMatchObject({ added: 4, skipped: [] });
});

afterAll(async () => {
  await waymark.close();
  rmSync(folder, { recursive: true, force: true });
});

const QUESTIONS = [
  [
    "What did the lighthouse keeper bury under the third step?",
    "chapter 2: The Storm",
    "a tin box of letters",
  ],
  ["When does the water supply of the allotments get turned off?", "slide 2", "28 October"],
  ["Who repairs the water pump?", "slide 2, notes", "Mr Okafor"],
  ["What was paid for the new greenhouse?", "Spending, row 4", "€ 1,850.00"],
  ["Which plot does Grace Hopper have?", "row 4", "Plot 17"],
] as const;

describe("a question over a book, slides, a workbook and a CSV file", () => {
  it.each(QUESTIONS)(
    "is answered with the place as a person calls it: %s",
    async (question, place, words) => {
      const { status, sentences } = await waymark.ask(question);
      expect(status).toBe("answered");
      const found = sentences.find(({ text }) => text.includes(words));
      const [citation] = found?.citations ?? [];
      expect(citation).toMatchObject({ place, quote: found?.text });
      await expectVerbatim(citation);
    },
  );

  it("is searched for with the place, which a chain of LangChain gets too", async () => {
    const [best] = await waymark.search("new greenhouse");
    expect(best).toMatchObject({ uri: "budget.xlsx", headings: ["Spending"] });
    expect(best?.place).toMatch(/^Spending, row \d$/);
    const [document] = await waymark.retriever({ k: 1 }).invoke("new greenhouse");
    expect(document?.metadata).toMatchObject({ source: "budget.xlsx", place: best?.place });
  });

  it("names the place on the command line", async () => {
    const [question, place, words] = QUESTIONS[1];
    const options = ["--corpus", join(folder, "corpus"), "--index", join(folder, "index")];
    const { stdout } = await runCli([...options, "ask", question], { cwd: folder });
    expect(stdout).toContain(words);
    expect(stdout).toContain(`(allotments.pptx, ${place})`);
  });
});

async function expectVerbatim(citation: Citation | undefined): Promise<void> {
  const document = await waymark.document(citation?.documentId ?? "");
  expect(document.text.slice(citation?.start, citation?.end)).toBe(citation?.quote);
}

const BOOK = epub({
  title: "The Island",
  nav: '<ol><li><a href="one.xhtml">The Calm</a></li><li><a href="two.xhtml">The Storm</a></li></ol>',
  pages: {
    "one.xhtml":
      "<h1>The Calm</h1><p>The island had one road and one lighthouse. Nobody locked a door there.</p>",
    "two.xhtml":
      "<h1>The Storm</h1><p>The wind rose after supper. Under the third step the lighthouse keeper had buried a tin box of letters.</p>",
  },
});
const SLIDES = presentation([
  { shapes: shape(paragraph("Allotment meeting"), { placeholder: "ctrTitle" }) },
  {
    shapes:
      shape(paragraph("Water"), { placeholder: "title" }) +
      shape(
        paragraph("The water supply of the allotments gets turned off on 28 October.") +
          paragraph("Rain barrels are free for members."),
        { placeholder: "obj" },
      ),
    notes: paragraph("The water pump is repaired by Mr Okafor."),
  },
]);
const BUDGET = workbook({
  styles:
    '<numFmts><numFmt numFmtId="164" formatCode="&quot;€&quot; #,##0.00"/></numFmts><cellXfs><xf/><xf numFmtId="164"/></cellXfs>',
  sheets: [
    {
      name: "Spending",
      rows:
        row(1, { A: "Item", B: "Paid", C: "Paid by" }) +
        row(2, { A: "Seed potatoes", B: '<c s="1"><v>64.5</v></c>', C: "Cash" }) +
        row(3, { A: "Hedge trimmer", B: '<c s="1"><v>210</v></c>', C: "Card" }) +
        row(4, { A: "New greenhouse", B: '<c s="1"><v>1850</v></c>', C: "Bank transfer" }),
    },
  ],
});
const MEMBERS = [
  "Member,Plot,Since",
  "Ada Lovelace,Plot 3,2019",
  "Alan Turing,Plot 8,2021",
  "Grace Hopper,Plot 17,2016",
].join("\n");
