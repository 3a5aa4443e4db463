import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadDataset, parseDataset } from "../../src/eval/dataset.js";
import { writeFirstDataset } from "../../src/eval/init.js";
import { selectSplit, splitOf } from "../../src/eval/split.js";

const valid = {
  id: "a-1",
  type: "lookup",
  question: "where?",
  answerable: true,
  evidence: [{ quote: "Here." }],
  nuggets: [{ text: "here", vital: true, forms: ["here"] }],
};
const line = (change: object) => JSON.stringify({ ...valid, ...change });

describe("parseDataset", () => {
  it("reads one question a line and passes over blank lines", () => {
    const refused = line({ id: "b", answerable: false, evidence: [], nuggets: [] });
    expect(parseDataset(`${line({})}\n\n${refused}\n`).map(({ id }) => id)).toEqual(["a-1", "b"]);
  });

  it.each([
    ["what is not JSON", "{", /line 1: not JSON/],
    ["an unknown field", line({ answer: "x" }), /line 1/],
    [
      "an answerable question without evidence",
      line({ evidence: [] }),
      /"evidence": an answerable question needs/,
    ],
    ["evidence for what is not answerable", line({ answerable: false, nuggets: [] }), /"evidence"/],
    ["alternatives of nothing", line({ alternatives: [[]] }), /"alternatives.0"/],
    [
      "a nugget without forms",
      line({ nuggets: [{ text: "x", vital: true, forms: [] }] }),
      /"nuggets.0.forms"/,
    ],
    ["the same id twice", `${line({})}\n${line({})}`, /line 2: the id "a-1" is taken/],
    ["a variant of nothing", line({ variantOf: "z" }), /variant of "z"/],
    ["an empty file", "\n", /has no questions/],
  ])("refuses %s", (_, text, message) => {
    expect(() => parseDataset(text)).toThrow(message);
    expect(() => parseDataset(text)).toThrow(expect.objectContaining({ code: "invalid-input" }));
  });
});

describe("loadDataset", () => {
  it("names the set by its file", () => {
    const path = join(mkdtempSync(join(tmpdir(), "waymark-")), "mine.jsonl");
    writeFileSync(path, line({}));
    expect(loadDataset(path)).toMatchObject({ name: "mine", questions: [{ id: "a-1" }] });
    expect(() => loadDataset(`${path}.none`)).toThrow(/cannot be read/);
  });
});

describe("writeFirstDataset", () => {
  it("writes a set that is valid, and never over another file", () => {
    const path = join(mkdtempSync(join(tmpdir(), "waymark-")), "first.jsonl");
    writeFirstDataset(path);
    expect(loadDataset(path).questions.map(({ answerable }) => answerable)).toEqual([true, true, false]);
    expect(() => writeFirstDataset(path)).toThrow(/is there already/);
  });
});

describe("splitOf", () => {
  it("never changes", () => {
    expect(["lookup-01", "lookup-02", "table-01", "far-03"].map((id) => splitOf({ id }))).toEqual([
      "tune",
      "test",
      "tune",
      "test",
    ]);
  });

  it("halves any set of ids", () => {
    const ids = Array.from({ length: 2000 }, (_, index) => ({ id: `q-${index}` }));
    const tune = selectSplit(ids, "tune");
    expect(tune.length).toBeGreaterThan(900);
    expect(tune.length).toBeLessThan(1100);
    expect(tune.length + selectSplit(ids, "test").length).toBe(selectSplit(ids, "all").length);
  });

  it("keeps a variant with the question that it varies", () => {
    for (const id of ["a", "b", "c", "d", "e", "f"])
      expect(splitOf({ id: "x", variantOf: id })).toBe(splitOf({ id }));
  });
});
