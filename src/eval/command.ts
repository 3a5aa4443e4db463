import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../config.js";
import { WaymarkError } from "../errors.js";
import type { Waymark } from "../waymark.js";
import { loadBaseline, updateBaseline } from "./baseline.js";
import { type ComparedQuestions, compareRuns, figuresOf, lossesAgainst } from "./compare.js";
import { loadDataset } from "./dataset.js";
import { checkGates, loadGates } from "./gate.js";
import type { SupportReader } from "./judge.js";
import { loadJudgeCases } from "./judge-cases.js";
import { junitXml } from "./report/junit.js";
import { reportPage } from "./report/page.js";
import { summaryMarkdown, type Verdict } from "./report/summary.js";
import type { EvalResults } from "./results.js";
import { runEval } from "./run.js";
import type { Split } from "./split.js";

/** What `waymark eval` was told, and what it works on. */
export interface EvaluateOptions {
  /** The engine, with the corpus indexed. The caller closes it. */
  waymark: Pick<Waymark, "ask" | "search" | "status" | "documents" | "document">;
  /** Judges sentences that are not verbatim; without it groundedness and the judge are not measured. */
  reader?: SupportReader;
  /** `--dataset`: a question set. Default: the roadmap's, which comes with the repository. */
  dataset?: string;
  /** `--split`; default all. */
  split?: Split | "all";
  /** `--out`: the folder for the report. Default: `eval/runs/<name of the set>` in the working directory. */
  out?: string;
  /** `--gate`: compare with the gates and the baseline, and fail. */
  gate?: boolean;
  /** `--update-baseline`: accept this run as the one to compare with. Not done where the gate's limits are broken. */
  updateBaseline?: boolean;
  /** `--against`: the results.json of an earlier run, to show the difference. */
  against?: string;
  /** The limits. Default: eval/gates.json of the package. */
  gates?: string;
  /** The last accepted run. Default: eval/baseline.json of the package. */
  baseline?: string;
  /** Writes a line to standard output. */
  print: (line: string) => void;
  onProgress?: (progress: { phase: string; done: number; total: number }) => void;
  signal?: AbortSignal;
}

/** Labelled statements of each public set that the judge is measured on: about 20 s on two cores. */
const JUDGE_CASES_PER_SET = 100;

/**
 * Runs a question set, writes summary.md, junit.xml, results.json and report.html, and prints the summary.
 * @returns The exit code: 0, or 1 where the gate is not passed (the reasons are printed last).
 * @throws WaymarkError `invalid-input` where a file cannot be used; `aborted`
 */
export async function evaluate(options: EvaluateOptions): Promise<0 | 1> {
  const { waymark, reader, split, print, signal, onProgress } = options;
  const dataset = loadDataset(options.dataset ?? join(EVAL_FOLDER, "datasets", "roadmap.jsonl"));
  const gates =
    options.gate || options.updateBaseline ? loadGates(options.gates ?? join(EVAL_FOLDER, "gates.json")) : {};
  const baselinePath = options.baseline ?? join(EVAL_FOLDER, "baseline.json");
  const baseline = options.gate ? loadBaseline(baselinePath, dataset.name) : undefined;
  const earlier = options.against === undefined ? undefined : loadFigures(options.against);

  const results = await runEval({
    waymark,
    dataset,
    documents: await allDocuments(waymark),
    ...(split === undefined ? {} : { split }),
    ...(reader === undefined ? {} : { judge: reader, judgeCases: judgeCases() }),
    ...(onProgress === undefined
      ? {}
      : { onProgress: (progress) => onProgress({ phase: "asking", ...progress }) }),
    ...(signal === undefined ? {} : { signal }),
  });

  const limits = checkGates(results, gates);
  const verdict: Verdict = { comparisons: [] };
  if (options.gate) verdict.failures = limits;
  const compareWith = (name: string, questions: ComparedQuestions | undefined) => {
    if (questions === undefined) return [];
    const rows = compareRuns(questions, figuresOf(results), results.seed);
    verdict.comparisons?.push({ name, rows });
    return rows;
  };
  verdict.failures?.push(...lossesAgainst("the baseline", compareWith("the baseline", baseline)));
  compareWith(options.against ?? "", earlier);

  const out = options.out ?? join("eval", "runs", dataset.name);
  writeReport(out, results, verdict);
  print(summaryMarkdown(results, verdict));
  print(`The report is in ${out}: report.html, summary.md, junit.xml, results.json.`);
  if (options.gate && baseline === undefined) print("There is no baseline for this question set yet.");
  if (options.updateBaseline) {
    if (limits.length === 0) updateBaseline(baselinePath, results);
    print(
      limits.length === 0
        ? `The baseline ${baselinePath} is this run now.`
        : "The baseline stays as it is: this run breaks the gate's limits.",
    );
  }
  for (const { reason } of verdict.failures ?? []) print(`Gate: ${reason}`);
  const refused = options.updateBaseline === true && limits.length > 0;
  return (verdict.failures ?? []).length > 0 || refused ? 1 : 0;
}

const EVAL_FOLDER = join(PACKAGE_ROOT, "eval");

function judgeCases() {
  const folder = join(EVAL_FOLDER, "datasets");
  return existsSync(join(folder, "wice")) ? loadJudgeCases(folder, JUDGE_CASES_PER_SET) : [];
}

async function allDocuments(waymark: EvaluateOptions["waymark"]) {
  const summaries = await waymark.documents();
  return Promise.all(summaries.map(({ id }) => waymark.document(id)));
}

function loadFigures(path: string): ComparedQuestions {
  try {
    return figuresOf(JSON.parse(readFileSync(path, "utf8")) as EvalResults);
  } catch (cause) {
    throw new WaymarkError("invalid-input", `${path} is not the results.json of a run.`, { cause });
  }
}

function writeReport(out: string, results: EvalResults, verdict: Verdict): void {
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, "results.json"), `${JSON.stringify(results)}\n`);
  writeFileSync(join(out, "summary.md"), summaryMarkdown(results, verdict));
  writeFileSync(join(out, "junit.xml"), junitXml(results, verdict));
  writeFileSync(join(out, "report.html"), reportPage(results, verdict));
}
