import { describe, expect, it } from "vitest";
import { readMarks } from "../../src/generate/marks.js";

describe("readMarks", () => {
  it.each([
    ["The yard opens at nine. [2]", "The yard opens at nine.", [2]],
    ["The yard opens at nine [2].", "The yard opens at nine.", [2]],
    ["It opens at nine [1][3].", "It opens at nine.", [1, 3]],
    ["It opens at nine [1, 3, 1].", "It opens at nine.", [1, 3]],
    ["It opens at nine [2–4].", "It opens at nine.", [2, 3, 4]],
    ["It opens at nine【2】.", "It opens at nine.", [2]],
    ["It opens at nine [evidence 2].", "It opens at nine.", [2]],
    ["It opens at nine.", "It opens at nine.", []],
    ["Bring [your own] gloves [1]", "Bring [your own] gloves", [1]],
    ["**Bring** gloves [1]", "Bring gloves", [1]],
    ["The list a[0] holds [7].", "The list a holds.", [0, 7]],
  ])("of %j are %j and %j", (written, text, numbers) => {
    expect(readMarks(written)).toEqual({ text, kind: "sentence", numbers });
  });

  it("knows an item of a list", () => {
    expect(readMarks("- Gloves [1]")).toEqual({ text: "Gloves", kind: "list-item", numbers: [1] });
    expect(readMarks("2) Gloves [1]")).toEqual({ text: "Gloves", kind: "list-item", numbers: [1] });
  });

  it("does not count up an absurd range", () => {
    expect(readMarks("Nine [1-9999].").numbers).toHaveLength(21);
  });
});
