import { describe, expect, it } from "vitest";
import { when } from "../../src/web/document-row.js";
import { whyRefused } from "../../src/web/upload.js";

const adding = { allowed: true, maxBytes: 2 * 1024 * 1024, extensions: [".md", ".pdf"] };

describe("whyRefused", () => {
  it("has nothing against a file of a known kind and size, whatever the case of its name", () => {
    expect(whyRefused({ name: "Notes.PDF", size: adding.maxBytes }, adding)).toBeUndefined();
  });

  it.each([
    [{ name: "notes.pdf.exe", size: 1 }, adding, "unsupported-format"],
    [{ name: "folder", size: 4096 }, adding, "unsupported-format"],
    [{ name: "notes.md", size: adding.maxBytes + 1 }, adding, "body-too-large"],
    [{ name: "notes.md", size: 1 }, { ...adding, allowed: false }, "adding-not-allowed"],
  ])("says why not: %j", (file, rules, code) => {
    const problem = whyRefused(file, rules);
    expect(problem?.code).toBe(code);
    expect(problem?.hint).not.toBe("");
  });
});

describe("when", () => {
  const now = new Date(2026, 10, 23, 21, 30);

  it("is the time for today and the date for before", () => {
    expect(when(new Date(2026, 10, 23, 8, 5), now)).toBe("today at 08:05");
    expect(when(new Date(2026, 10, 22, 23, 59), now)).toBe("on Nov 22, 2026");
  });
});
