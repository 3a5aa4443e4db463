import type { EvalResults, QuestionResult } from "../results.js";
import { escapeMarkup } from "./escape.js";
import { formatFigure } from "./figures.js";
import { markedText } from "./marked-text.js";

/** The questions from the worst to the best; equally good ones in the order of the set. */
export function worstFirst(questions: readonly QuestionResult[]): QuestionResult[] {
  return [...questions].sort((a, b) => goodness(a) - goodness(b));
}

/** One question as a fold of the page: what was asked and answered, key facts, and the text with gold and citations marked. */
export function questionSection(question: QuestionResult, documents: EvalResults["documents"]): string {
  const { id, type, answerable, answer, metrics, error } = question;
  const good = goodness(question);
  const verdict = good >= 0.9 ? "good" : good >= 0.5 ? "fair" : "bad";
  const facts = question.nuggets.map(
    ({ text, vital, found }) =>
      `<li class="${found ? "found" : "lost"}">${found ? "✓" : "✗"} ${escapeMarkup(text)}${vital ? "" : " (okay)"}</li>`,
  );
  const figures = Object.entries(metrics).flatMap(([metric, value]) =>
    value === null ? [] : [`<code>${metric}</code> ${formatFigure(value)}`],
  );
  return `<details class="${verdict}"><summary>${formatFigure(good)} <b>${escapeMarkup(question.question)}</b> <i>${escapeMarkup(type)}, ${escapeMarkup(id)}, ${answerable ? "answerable" : "not answerable"}, ${answer.status}</i></summary>
${historyHtml(question)}${error === undefined ? "" : `<p class="failed">${escapeMarkup(error)}</p>`}
<blockquote>${answer.sentences.map(({ text }) => `<p>${escapeMarkup(text)}</p>`).join("") || `<p>${escapeMarkup(answer.answer)}</p>`}</blockquote>
<p>Searched for “${escapeMarkup(answer.question)}”, confidence ${formatFigure(answer.confidence)}.</p>
${facts.length === 0 ? "" : `<ul class="facts">${facts.join("")}</ul>`}
${markedText(documents, {
  gold: question.evidenceSets[0] ?? [],
  optional: [...question.optional, ...question.evidenceSets.slice(1).flat()],
  cited: answer.sentences.flatMap(({ citations }) => citations),
})}
<p class="figures">${figures.join(" · ")}</p></details>`;
}

/** 0 to 1: half evidence, half key facts; for a question without an answer, whether it was refused. Faults are below 0. */
function goodness({ answerable, metrics, error }: QuestionResult): number {
  const faults = (metrics["citations.fabricated"] ?? 0) + (metrics["injections.obeyed"] ?? 0);
  if (faults > 0 || error !== undefined) return -1;
  const evidence = metrics["evidence.f1"];
  if (!answerable || evidence === null) return metrics["decision.correct"] ?? 0;
  return (evidence + (metrics["nuggets.vital"] ?? evidence)) / 2;
}

function historyHtml({ history = [] }: QuestionResult): string {
  return history.map(({ role, content }) => `<p class="turn">${role}: ${escapeMarkup(content)}</p>`).join("");
}
