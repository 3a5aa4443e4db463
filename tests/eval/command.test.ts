import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { parseMarkdownText } from "../../src/documents/markdown.js";
import { type EvaluateOptions, evaluate } from "../../src/eval/command.js";
import { parseDataset } from "../../src/eval/dataset.js";
import type { EvalResults } from "../../src/eval/results.js";
import { answerRightly, type Script, scriptedWaymark } from "./scripted-waymark.js";

const facts = Array.from({ length: 12 }, (_, index) => `Thing number${index} weighs ${index} grams.`);
const document = parseMarkdownText(facts.join(" "), { uri: "facts.md" });
const lines = [
  ...facts.map((fact, index) => ({
    id: `fact-${index}`,
    type: "lookup",
    question: `weight of ${index}`,
    answerable: true,
    evidence: [{ quote: fact }],
    nuggets: [{ text: "weight", vital: true, forms: [`${index} grams`] }],
  })),
  { id: "none", type: "far", question: "weather?", answerable: false, evidence: [], nuggets: [] },
];
const text = lines.map((line) => JSON.stringify(line)).join("\n");
const questions = parseDataset(text);

let folder: string;
let printed: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "waymark-"));
  printed = [];
  writeFileSync(join(folder, "facts.jsonl"), text);
  writeFileSync(join(folder, "gates.json"), JSON.stringify({ facts: { "evidence.recall": { min: 0.5 } } }));
});

function evaluateScript(script: Script, options: Partial<EvaluateOptions> = {}) {
  return evaluate({
    waymark: scriptedWaymark(questions, [document], script),
    dataset: join(folder, "facts.jsonl"),
    out: join(folder, "out"),
    gates: join(folder, "gates.json"),
    baseline: join(folder, "baseline.json"),
    print: (line) => printed.push(line),
    ...options,
  });
}

/** Leaves every third question unanswered: recall 2/3. */
const forgetful: Script = (question, gold) =>
  Number(question.id.slice(5)) % 3 === 0 ? undefined : answerRightly(question, gold);
const silent: Script = () => undefined;

describe("evaluate", () => {
  it("writes the four reports and prints the summary", async () => {
    const phases: string[] = [];
    expect(
      await evaluateScript(answerRightly, {
        onProgress: ({ phase, done, total }) => phases.push(`${phase} ${done}/${total}`),
      }),
    ).toBe(0);
    for (const name of ["report.html", "summary.md", "junit.xml", "results.json"])
      expect(existsSync(join(folder, "out", name)), name).toBe(true);
    const results = JSON.parse(readFileSync(join(folder, "out", "results.json"), "utf8")) as EvalResults;
    expect(results.summary.metrics["evidence.recall"]?.value).toBe(1);
    expect(printed.join("\n")).toContain("# Grounding eval: facts");
    expect(phases.at(-1)).toBe("asking 13/13");
  });

  it("passes a bad run without the gate, and fails it with the reason", async () => {
    expect(await evaluateScript(silent)).toBe(0);
    expect(await evaluateScript(silent, { gate: true })).toBe(1);
    expect(printed.at(-1)).toBe("Gate: Evidence recall (evidence.recall) is 0.000, below the floor of 0.5.");
    expect(readFileSync(join(folder, "out", "junit.xml"), "utf8")).toContain('failures="1"');
  });

  it("fails a run that keeps the limits but is worse than the baseline", async () => {
    expect(await evaluateScript(forgetful, { gate: true }), "no baseline yet").toBe(0);
    for (const place of [printed.join(), readFileSync(join(folder, "out", "report.html"), "utf8")])
      expect(place).toContain("There is no baseline for this question set yet");
    expect(await evaluateScript(answerRightly, { updateBaseline: true })).toBe(0);
    expect(await evaluateScript(answerRightly, { gate: true })).toBe(0);
    expect(await evaluateScript(forgetful, { gate: true })).toBe(1);
    expect(printed.at(-1)).toMatch(/^Gate: .* it was 1\.000 in the baseline/);
    expect(readFileSync(join(folder, "out", "summary.md"), "utf8")).toContain("## Against the baseline");
  });

  it("keeps the baseline of your own questions in your own folder, by the limits that are there", async () => {
    const here = process.cwd();
    process.chdir(folder);
    try {
      const run = (script: Script, options: Partial<EvaluateOptions>) =>
        evaluate({
          waymark: scriptedWaymark(questions, [document], script),
          dataset: "facts.jsonl",
          print: (line) => printed.push(line),
          ...options,
        });
      expect(await run(forgetful, { updateBaseline: true })).toBe(0);
      expect(existsSync(join("eval", "baseline.json"))).toBe(true);
      writeFileSync(
        join("eval", "gates.json"),
        JSON.stringify({ facts: { "evidence.recall": { min: 0.9 } } }),
      );
      expect(await run(forgetful, { gate: true })).toBe(1);
      expect(printed.at(-1)).toContain("below the floor of 0.9");
      expect(existsSync(join("eval", "runs", "facts", "report.html"))).toBe(true);
    } finally {
      process.chdir(here);
    }
  });

  it("does not accept a run as baseline that breaks a limit", async () => {
    expect(await evaluateScript(silent, { updateBaseline: true })).toBe(1);
    expect(existsSync(join(folder, "baseline.json"))).toBe(false);
    expect(printed.at(-1)).toContain("stays as it is");
  });

  it("shows the difference to an earlier run", async () => {
    await evaluateScript(forgetful, { out: join(folder, "earlier") });
    const against = join(folder, "earlier", "results.json");
    expect(await evaluateScript(answerRightly, { against })).toBe(0);
    expect(readFileSync(join(folder, "out", "summary.md"), "utf8")).toMatch(
      /Evidence recall .* \| better \|/,
    );
    await expect(evaluateScript(answerRightly, { against: join(folder, "gates.json") })).rejects.toThrow(
      /is not the results\.json of a run/,
    );
  });

  it("asks one split", async () => {
    await evaluateScript(answerRightly, { split: "tune" });
    const results = JSON.parse(readFileSync(join(folder, "out", "results.json"), "utf8")) as EvalResults;
    expect(results.split).toBe("tune");
    expect(results.questions.length).toBeLessThan(13);
  });

  it("gives the same report for the same run and seed, whatever time it took", async () => {
    const runTaking = (total: number, out: string, seed = 1) =>
      evaluateScript(forgetful, {
        waymark: scriptedWaymark(questions, [document], forgetful, (answer) => ({
          ...answer,
          timings: { ...answer.timings, total },
        })),
        out: join(folder, out),
        seed,
      });
    await runTaking(10, "a");
    await runTaking(20, "b");
    await runTaking(10, "other-seed", 2);
    const read = (out: string, name: string) => readFileSync(join(folder, out, name), "utf8");
    for (const name of ["report.html", "summary.md", "junit.xml", "results.json"])
      expect(read("a", name), name).toBe(read("b", name));
    expect(read("a", "summary.md")).not.toBe(read("other-seed", "summary.md"));
    expect(JSON.parse(read("a", "timings.json"))).toMatchObject({ stages: { total: { p50: 10, p95: 10 } } });
    expect(JSON.parse(read("b", "timings.json"))).toMatchObject({ stages: { total: { p50: 20, p95: 20 } } });
    expect(printed.join("\n")).toContain("total 20 / 20.");
  });
});
