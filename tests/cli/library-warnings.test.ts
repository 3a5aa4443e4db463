import { describe, expect, it } from "vitest";
import { shortenWarnings } from "../../src/cli/library-warnings.js";
import { createOutput } from "../../src/cli/terminal.js";

describe("a library's warning", () => {
  it("is told in one line, without a stack and control characters", () => {
    let written = "";
    const target = { warn: (..._: unknown[]) => expect.unreachable() };
    shortenWarnings(createOutput({ write: (text) => (written += text) }), target);
    target.warn(new Error("UNAVAILABLE: read\nECONNRESET"), "Attempt 0 failed.", "\u001b[31mred");
    target.warn("second", 2);
    expect(written).toBe("UNAVAILABLE: read ECONNRESET Attempt 0 failed. red\nsecond 2\n");
  });
});
