import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect } from "vitest";
import type { SourceDocument } from "../../src/documents/document.js";
import { findBrowser, launchBrowser } from "./browser.js";
import { type Visit, watch } from "./reader.js";
import { type ServedPage, servePage } from "./served-page.js";

/** The page, served with real models, and a real browser to visit it with. */
export interface PageSession {
  served(): ServedPage;
  /** Opens the page in a browser context of its own and waits until it is ready to be asked. */
  visit(hash?: string, options?: BrowserContextOptions): Promise<Visit>;
  documentOf(uri: string): Promise<SourceDocument>;
}

const canRun = findBrowser() !== undefined || process.env.CI === "true";

/** Describes what needs a browser; skipped where there is none, except in CI. */
export function describeInBrowser(name: string, body: () => void): void {
  describe.skipIf(!canRun)(`${name}${canRun ? "" : " (skipped: no Chromium is installed here)"}`, body);
}

/**
 * Describes the page as it is with these files (paths) for its corpus. Whatever a test does, nothing may be complained
 * of on the console, no dialog may open, and nothing may be fetched from elsewhere: that is looked at after each test.
 */
export function describePage(
  name: string,
  files: readonly string[],
  body: (session: PageSession) => void,
): void {
  describeInBrowser(name, () => {
    let served: ServedPage;
    let browser: Browser;
    let visits: Visit[] = [];

    beforeAll(async () => {
      browser = await launchBrowser();
      served = await servePage(files);
    });

    afterAll(async () => {
      await browser?.close();
      await served?.close();
    });

    afterEach(async () => {
      const ended = visits;
      visits = [];
      for (const { page, complaints, requests, dialogs } of ended) {
        await page.context().close();
        expect(complaints).toEqual([]);
        expect(dialogs).toEqual([]);
        expect(requests.filter((url) => !isFrom(served.url, url))).toEqual([]);
      }
    });

    body({
      served: () => served,
      async visit(hash = "", options = {}) {
        const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
        const visit = watch(await context.newPage());
        visits.push(visit);
        await visit.page.goto(`${served.url}/${hash}`);
        await visit.page.getByText(/^Waymark knows/).waitFor({ state: "attached" });
        return visit;
      },
      async documentOf(uri) {
        const summary = (await served.waymark.documents()).find((document) => document.uri === uri);
        if (summary === undefined) throw new Error(`${uri} is not indexed.`);
        return served.waymark.document(summary.id);
      },
    });
  });
}

/** What the page makes itself for the reader to save is from nowhere else. */
function isFrom(origin: string, url: string): boolean {
  return new URL(url.replace(/^blob:/, "")).origin === origin;
}
