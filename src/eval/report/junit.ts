import { METRICS } from "../metrics/metric.js";
import type { EvalResults, QuestionResult } from "../results.js";
import { escapeMarkup } from "./escape.js";
import type { Verdict } from "./summary.js";

/**
 * JUnit XML, as CI systems read it. The suite `gate` has one case for each limit that failed (or one that passed), and only
 * it can fail; the suite `questions` has one case for each question with its figures, and an error where one had no answer.
 */
export function junitXml(results: EvalResults, { failures = [] }: Verdict = {}): string {
  const gate =
    failures.length === 0
      ? [testcase("gate", "gate")]
      : failures.map(({ metric, reason }) =>
          testcase("gate", METRICS[metric].label, `<failure message="${escapeMarkup(reason)}"/>`),
        );
  const broken = results.questions.filter(({ error }) => error !== undefined).length;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="waymark eval ${escapeMarkup(results.dataset)}">`,
    suite("gate", gate, { failures: failures.length, errors: 0 }),
    suite("questions", results.questions.map(questionCase), { failures: 0, errors: broken }),
    "</testsuites>",
    "",
  ].join("\n");
}

function questionCase(question: QuestionResult): string {
  const { id, type, answer, metrics, error } = question;
  const figures = Object.entries(metrics).flatMap(([metric, value]) =>
    value === null ? [] : [`${metric} ${Number(value.toFixed(4))}`],
  );
  const body = [
    ...(error === undefined ? [] : [`<error message="${escapeMarkup(error)}"/>`]),
    `<system-out>${escapeMarkup([question.question, answer.status, ...figures].join("\n"))}</system-out>`,
  ];
  return testcase(`questions.${type}`, id, body.join(""));
}

function suite(name: string, cases: readonly string[], counts: { failures: number; errors: number }): string {
  return [
    `<testsuite name="${name}" tests="${cases.length}" failures="${counts.failures}" errors="${counts.errors}">`,
    ...cases,
    "</testsuite>",
  ].join("\n");
}

function testcase(classname: string, name: string, body = ""): string {
  return `<testcase classname="${escapeMarkup(classname)}" name="${escapeMarkup(name)}">${body}</testcase>`;
}
