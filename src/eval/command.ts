import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../config.js";
import { WaymarkError } from "../errors.js";
import type { Waymark } from "../waymark.js";
import { loadBaseline, updateBaseline } from "./baseline.js";
import { type ComparedQuestions, compareRuns, figuresOf, lossesAgainst } from "./compare.js";
import { loadDataset } from "./dataset.js";
import { checkGates, limitsOf, loadGates } from "./gate.js";
import type { SupportReader } from "./judge.js";
import { junitXml } from "./report/junit.js";
import { reportPage } from "./report/page.js";
import { summaryMarkdown, type Verdict } from "./report/summary.js";
import { timingsJson, timingsLine } from "./report/timings.js";
import type { EvalResults } from "./results.js";
import { type RunOptions, runEval } from "./run.js";
import { loadJudgeCases } from "./sets/judge-cases.js";
import { DATASETS } from "./sets/public-file.js";
import { type EvalSet, loadSet } from "./sets/set.js";
import type { Split } from "./split.js";

/** What `waymark eval` was told, and what it works on. */
export interface EvaluateOptions {
  /** The engine, with the corpus indexed. The caller closes it. */
  waymark: Pick<Waymark, "ask" | "search" | "status" | "documents" | "document">;
  /** Judges sentences that are not verbatim; without it groundedness and the judge are not measured. */
  reader?: SupportReader;
  /** `--dataset`: a question set in a file. */
  dataset?: string;
  /** `--set`: without a file, one of those that come along, its documents indexed. Default: the roadmap's. */
  set?: EvalSet;
  /** `--split`; default all. */
  split?: Split | "all";
  /** `--mode`: who writes the answers. Default: the language model where one is configured. */
  mode?: RunOptions["mode"];
  /** `--out`: the folder for the report. Default: `eval/runs/<name of the set>` in the working directory. */
  out?: string;
  /** `--gate`: compare with the gates and the baseline, and fail. */
  gate?: boolean;
  /** `--update-baseline`: accept this run as the one to compare with. Not done where the gate's limits are broken. */
  updateBaseline?: boolean;
  /** `--against`: the results.json of an earlier run, to show the difference. */
  against?: string;
  /** `--gates`: the limits. Default: eval/gates.json of the package; for a file of questions, first of the working directory. */
  gates?: string;
  /** `--baseline`: the last accepted run. Default: eval/baseline.json of the package; for a file of questions, of the working directory. */
  baseline?: string;
  /** `--seed`: draws the samples for the intervals. */
  seed?: number;
  /** Writes a line to standard output. */
  print: (line: string) => void;
  onProgress?: (progress: { phase: string; done: number; total: number }) => void;
  signal?: AbortSignal;
}

/** Labelled statements of each public set that the judge is measured on: about 20 s on two cores. */
const JUDGE_CASES_PER_SET = 100;

/**
 * Runs a question set, writes summary.md, junit.xml, results.json, report.html and timings.json, and prints the summary.
 * The same code, models, questions and seed give the same files, but for timings.json.
 * @returns The exit code: 0, or 1 where the gate is not passed (the reasons are printed last).
 * @throws WaymarkError `invalid-input` where a file cannot be used; `aborted`
 */
export async function evaluate(options: EvaluateOptions): Promise<0 | 1> {
  const { waymark, reader, split, seed, mode, print, signal, onProgress } = options;
  const documents = await allDocuments(waymark);
  const dataset =
    options.dataset === undefined
      ? (options.set ?? loadSet("roadmap")).measured(documents)
      : loadDataset(options.dataset);
  const paths = referencePaths(options);
  const gates = options.gate || options.updateBaseline ? loadGates(paths.gates) : {};
  const baseline = options.gate ? loadBaseline(paths.baseline, dataset.name) : undefined;
  const earlier = options.against === undefined ? undefined : loadFigures(options.against);

  const results = await runEval({
    waymark,
    dataset,
    documents,
    ...(split === undefined ? {} : { split }),
    ...(seed === undefined ? {} : { seed }),
    ...(mode === undefined ? {} : { mode }),
    ...(reader === undefined ? {} : { judge: reader, judgeCases: judgeCases() }),
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(signal === undefined ? {} : { signal }),
  });

  const limits = checkGates(results, gates);
  const verdict: Verdict = { comparisons: [] };
  if (options.gate) Object.assign(verdict, { failures: limits, limits: limitsOf(dataset.name, gates) });
  if (options.gate && baseline === undefined) verdict.notes = [NO_BASELINE];
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
  if (results.questions.length > 0) print(timingsLine(results));
  print(`The report is in ${out}: report.html, summary.md, junit.xml, results.json, timings.json.`);
  if (options.updateBaseline) {
    if (limits.length === 0) updateBaseline(paths.baseline, results);
    print(
      limits.length === 0
        ? `The baseline ${paths.baseline} is this run now.`
        : "The baseline stays as it is: this run breaks the gate's limits.",
    );
  }
  for (const { reason } of verdict.failures ?? []) print(`Gate: ${reason}`);
  const refused = options.updateBaseline === true && limits.length > 0;
  return (verdict.failures ?? []).length > 0 || refused ? 1 : 0;
}

const EVAL_FOLDER = join(PACKAGE_ROOT, "eval");

/** Whoever brings questions keeps limits and baseline beside them, not in a package that the next install replaces. */
function referencePaths({ dataset, gates, baseline }: EvaluateOptions): { gates: string; baseline: string } {
  const ownGates = join("eval", "gates.json");
  const own = dataset !== undefined;
  return {
    gates: gates ?? (own && existsSync(ownGates) ? ownGates : join(EVAL_FOLDER, "gates.json")),
    baseline: baseline ?? (own ? join("eval", "baseline.json") : join(EVAL_FOLDER, "baseline.json")),
  };
}

const NO_BASELINE =
  "There is no baseline for this question set yet, so only the limits were checked. The option --update-baseline accepts a run as the one to compare with.";

/** None where the public sets did not come along: then the judge's own accuracy is not told. */
function judgeCases() {
  return existsSync(join(DATASETS, "wice")) ? loadJudgeCases(JUDGE_CASES_PER_SET) : [];
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
  const { timings, ...deterministic } = results;
  writeFileSync(join(out, "results.json"), `${JSON.stringify(deterministic)}\n`);
  writeFileSync(join(out, "timings.json"), timingsJson(results));
  writeFileSync(join(out, "summary.md"), summaryMarkdown(results, verdict));
  writeFileSync(join(out, "junit.xml"), junitXml(results, verdict));
  writeFileSync(join(out, "report.html"), reportPage(results, verdict));
}
