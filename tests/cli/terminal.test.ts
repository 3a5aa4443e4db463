import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createProgress } from "../../src/cli/progress.js";
import { createOutput, type OutputStream, printable, printableLine } from "../../src/cli/terminal.js";

function stream(options: Partial<OutputStream> = {}): OutputStream & { text: string } {
  return {
    text: "",
    write(text: string) {
      this.text += text;
    },
    ...options,
  };
}

describe("createOutput", () => {
  it("emphasises on a terminal with colours", () => {
    expect(createOutput(stream({ isTTY: true, hasColors: () => true })).bold("x")).toBe(
      "\u001b[1mx\u001b[22m",
    );
  });

  it("leaves text as it is in a pipe and where colours are not wanted", () => {
    expect(createOutput(stream()).bold("x")).toBe("x");
    expect(createOutput(stream({ isTTY: true, hasColors: () => false })).dim("x")).toBe("x");
  });
});

describe("printable", () => {
  it("takes out escape sequences whole and other control characters one by one", () => {
    expect(printable("a\u001b[2Jb\u001b]8;;http://x\u0007c\u0000d\u009be\u2066f")).toBe("abcdef");
  });

  it("keeps lines, tabs and every language", () => {
    const text = "one\n\ttwo – naïve, 漢字, עברית, 👩🏽‍🔬";
    expect(printable(text)).toBe(text);
  });

  it("leaves no control character in any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(printable(text)).not.toMatch(/(?![\n\t])\p{Cc}/u);
        expect(printableLine(text)).not.toMatch(/[\n\t]/);
      }),
    );
  });
});

describe("createProgress", () => {
  it("writes a line for each tenth of the work into a pipe", () => {
    const pipe = stream();
    const progress = createProgress(createOutput(pipe));
    for (let done = 0; done <= 40; done++)
      progress.update({ phase: "added", done, total: 40, uri: `${done}.md` });
    progress.end();
    const lines = pipe.text.trimEnd().split("\n");
    expect(lines).toHaveLength(11);
    expect(lines.slice(0, 2)).toEqual(["0/40 added 0.md", "4/40 added 4.md"]);
  });

  it("redraws one line, never wider than the terminal, and clears it at the end", () => {
    const terminal = stream({ isTTY: true, columns: 50 });
    const progress = createProgress(createOutput(terminal));
    progress.update({ phase: "embedding", done: 1, total: 2, uri: `${"long/".repeat(20)}a.md` });
    expect(terminal.text).not.toContain("\n");
    expect(terminal.text).toContain("████████████░░░░░░░░░░░░ 1/2");
    expect(terminal.text.replace("\r\u001b[2K", "").length).toBeLessThan(50);
    progress.end();
    expect(terminal.text.endsWith("\r\u001b[2K")).toBe(true);
  });
});
