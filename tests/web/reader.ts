import type { Locator, Page } from "playwright-core";

/** A page in a browser context of its own, with all that it did. */
export interface Visit {
  page: Page;
  /** Console messages of level error or warning, and uncaught errors. */
  complaints: string[];
  requests: string[];
  dialogs: string[];
  /** The bodies sent to /api/ask. */
  asked: AskBody[];
}

interface AskBody {
  question: string;
  history?: { role: string; content: string }[];
  documentIds?: string[];
  mode?: string;
}

/** Records what a page complains of, asks for and sends. */
export function watch(page: Page): Visit {
  const visit: Visit = { page, complaints: [], requests: [], dialogs: [], asked: [] };
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) visit.complaints.push(message.text());
  });
  page.on("pageerror", (error) => visit.complaints.push(error.message));
  page.on("dialog", (dialog) => {
    visit.dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    visit.requests.push(request.url());
    if (request.url().endsWith("/api/ask")) visit.asked.push(request.postDataJSON() as AskBody);
  });
  return visit;
}

/** Writes a question into the field and sends it. */
export async function ask(page: Page, question: string): Promise<void> {
  await page.getByRole("textbox", { name: "Your question" }).fill(question);
  await page.keyboard.press("Enter");
}

/** Waits until nothing is being answered. */
export async function idle(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Ask", exact: true }).waitFor();
}

/** Waits for the end of an answer; gives its text, "" for an abstention. */
export async function answerIn(page: Page, question: string): Promise<string> {
  const article = page.getByRole("article", { name: question });
  await article.getByRole("button", { name: "Retry" }).waitFor();
  return (await article.locator(".answer").allTextContents()).join("");
}

/** Keeps questions from reaching the server until the function that it gives is called. */
export async function holdAnswers(page: Page): Promise<() => void> {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route("**/api/ask", async (route) => {
    await released;
    // A request that the page has ended meanwhile cannot go on.
    await route.continue().catch(() => {});
  });
  return release;
}

export function hasFocus(locator: Locator): Promise<boolean> {
  return locator.evaluate((element) => element === document.activeElement);
}

/** The visible texts whose contrast is below WCAG's AA for their size (4.5, large text 3), with the ratio. */
export function lowContrast(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const rgba = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
    const luminance = (color: string) => {
      const [r = 0, g = 0, b = 0] = rgba(color).map((value) => {
        const s = value / 255;
        return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const background = (element: Element | null): string => {
      if (element === null) return "rgb(255, 255, 255)";
      const color = getComputedStyle(element).backgroundColor;
      return rgba(color)[3] === 0 ? background(element.parentElement) : color;
    };
    const hasText = (element: Element) =>
      [...element.childNodes].some(
        (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== "",
      );
    return [...document.body.querySelectorAll("*")].flatMap((element) => {
      if (!hasText(element) || !element.checkVisibility() || element.closest("noscript") !== null) return [];
      const { color, fontSize, fontWeight } = getComputedStyle(element);
      const [a, b] = [luminance(color), luminance(background(element))];
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      const size = Number.parseFloat(fontSize);
      const isLarge = size >= 24 || (size >= 18.66 && Number(fontWeight) >= 700);
      return ratio < (isLarge ? 3 : 4.5) ? [`${ratio.toFixed(2)}: ${element.textContent?.slice(0, 40)}`] : [];
    });
  });
}
