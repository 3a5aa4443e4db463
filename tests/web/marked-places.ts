import type { Page } from "playwright-core";
import type { Range, SourceDocument } from "../../src/documents/document.js";

/** What the page has to mark for a range, one text for each block or table cell that it touches. */
export function expectedMarks({ blocks, text }: SourceDocument, range: Range): string[] {
  return blocks
    .flatMap((block): Range[] => block.cells ?? [block])
    .map(({ start, end }) => text.slice(Math.max(start, range.start), Math.min(end, range.end)))
    .filter((marked) => marked !== "");
}

/** Waits until the page marks exactly these texts. @throws Error that tells what it marks instead. */
export async function waitForMarks(page: Page, expected: readonly string[]): Promise<void> {
  const isMarked = (texts: readonly string[]) =>
    JSON.stringify([...document.querySelectorAll("mark")].map((mark) => mark.textContent)) ===
    JSON.stringify(texts);
  await page.waitForFunction(isMarked, expected).catch(async (cause: unknown) => {
    const marked = await page.locator("mark").allTextContents();
    throw new Error(`Marked is ${JSON.stringify(marked)}, not ${JSON.stringify(expected)}.`, { cause });
  });
}

/** Whether the first mark comes to be inside the window, and not beneath anything: the page scrolls to it smoothly. */
export function isInView(page: Page): Promise<boolean> {
  const seen = () => {
    const mark = document.querySelector("mark");
    const box = mark?.getClientRects()[0];
    if (mark === null || box === undefined) return false;
    const at = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    return at !== null && mark.contains(at);
  };
  return page.waitForFunction(seen).then(
    () => true,
    () => false,
  );
}

/** A quote spans the white space between blocks, which the page does not show. */
export function withoutSpace(text: string): string {
  return text.replace(/\s+/g, "");
}
