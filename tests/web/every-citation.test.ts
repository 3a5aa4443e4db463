import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../src/config.js";
import type { Range, SourceDocument } from "../../src/documents/document.js";
import { loadDataset } from "../../src/eval/dataset.js";
import { createQuoteFinder } from "../../src/eval/quote.js";
import { expectedMarks, withoutSpace } from "./marked-places.js";
import { describePage } from "./page-session.js";

const { questions } = loadDataset(join(PACKAGE_ROOT, "eval", "datasets", "roadmap.jsonl"));

/** Every so many questions are really asked: enough for all kinds of answers, few enough to stay quick. */
const ASK_EVERY = 7;

/** Opens each range in turn, as a reader who goes from link to link; gives what the page marks for each. */
function marksOf(
  page: Page,
  documentId: string,
  ranges: readonly Range[],
  wanted: string[][],
): Promise<string[][]> {
  return page.evaluate(
    async ({ documentId, ranges, wanted }) => {
      const marks = () => [...document.querySelectorAll("mark")].map((mark) => mark.textContent);
      const found: string[][] = [];
      for (const [i, { start, end }] of ranges.entries()) {
        location.hash = `#/d/${documentId}/${start}-${end}`;
        // As long as it takes to be right, within reason: what it says then is what counts.
        for (let tick = 0; tick < 200 && marks().join("\n") !== wanted[i]?.join("\n"); tick++)
          await new Promise((resolve) => setTimeout(resolve, 5));
        found.push(marks());
      }
      return found;
    },
    { documentId, ranges: ranges.map(({ start, end }) => ({ start, end })), wanted },
  );
}

describePage(
  "every citation",
  [join(PACKAGE_ROOT, "corpus", "roadmap.md")],
  ({ served, visit, documentOf }) => {
    async function expectExactMarks(source: SourceDocument, ranges: readonly Range[]): Promise<void> {
      const { page } = await visit(`#/d/${source.id}`);
      await page.getByRole("heading", { name: /The 12-Month Plan/ }).waitFor();
      const wanted = ranges.map((range) => expectedMarks(source, range));
      const marked = await marksOf(page, source.id, ranges, wanted);
      expect(marked).toEqual(wanted);
      for (const [i, { start, end }] of ranges.entries()) {
        expect(withoutSpace(marked[i]?.join("") ?? "")).toBe(withoutSpace(source.text.slice(start, end)));
      }
    }

    it("of the question set's evidence is marked to the character", async () => {
      const source = await documentOf("roadmap.md");
      const find = createQuoteFinder([source]);
      const quotes = questions.flatMap(({ evidence = [], alternatives = [], optional = [] }) => [
        ...evidence,
        ...alternatives.flat(),
        ...optional,
      ]);
      const places = new Map(quotes.map(find).map((place) => [`${place.start}-${place.end}`, place]));
      expect(places.size).toBeGreaterThan(100);
      await expectExactMarks(source, [...places.values()]);
    });

    it("of the answers to its questions is marked to the character, and is the quote", async () => {
      const source = await documentOf("roadmap.md");
      const asked = questions.filter(({ answerable }, i) => answerable && i % ASK_EVERY === 0);
      const places = new Map<string, Range>();
      for (const { question, history } of asked) {
        const { sentences } = await served().waymark.ask(question, history === undefined ? {} : { history });
        for (const cited of sentences.flatMap((sentence) => sentence.citations)) {
          expect(source.text.slice(cited.start, cited.end)).toBe(cited.quote);
          places.set(`${cited.start}-${cited.end}`, cited);
        }
      }
      expect(places.size).toBeGreaterThan(20);
      await expectExactMarks(source, [...places.values()]);
    });
  },
);
