import { CAUSES, causeOf } from "../cause.js";
import { overlaps } from "../metrics/place.js";
import type { EvalResults, QuestionResult } from "../results.js";
import { escapeMarkup } from "./escape.js";
import { formatFigure } from "./figures.js";
import { markedText, markOf } from "./marked-text.js";

/** The questions from the worst to the best; equally good ones in the order of the set. */
export function worstFirst(questions: readonly QuestionResult[]): QuestionResult[] {
  return [...questions].sort((a, b) => goodness(a) - goodness(b));
}

/** One question as a fold of the page: what was asked and answered, key facts, and the text with gold and citations marked. */
export function questionSection(question: QuestionResult, documents: EvalResults["documents"]): string {
  const { id, type, answer, metrics, error } = question;
  const good = goodness(question);
  const verdict = good >= 0.9 ? "good" : good >= 0.5 ? "fair" : "bad";
  const figures = Object.entries(metrics).flatMap(([metric, value]) =>
    value === null ? [] : [`<code>${metric}</code> ${formatFigure(value)}`],
  );
  const searched =
    answer.question !== question.question && answer.question !== ""
      ? ` Searched for “${escapeMarkup(answer.question)}”.`
      : "";
  return `<details class="${verdict}"><summary><span class="score">${formatFigure(good)}</span> <b>${escapeMarkup(question.question)}</b> <i>${escapeMarkup(id)}</i>
<span class="chips"><span class="chip">${escapeMarkup(type)}</span><span class="chip">${stateOf(question)}</span>${causeChip(question)}</span></summary>
${historyHtml(question)}${error === undefined ? "" : `<p class="failed">${escapeMarkup(error)}</p>`}
${question.searchOnly === true ? "" : `${answerHtml(question)}<p class="note">Confidence ${formatFigure(answer.confidence)}.${searched}</p>`}
${relevantHtml(question)}${factsHtml(question)}
${markedText(documents, marksOf(question))}
<p class="note">${figures.join(" · ")}</p></details>`;
}

function stateOf({ answerable, answer, searchOnly }: QuestionResult): string {
  if (searchOnly === true) return "searched for only";
  return `${answerable ? "answerable" : "not answerable"}, ${answer.status}`;
}

function causeChip(question: QuestionResult): string {
  const cause = causeOf(question);
  return cause === undefined ? "" : `<span class="chip cause">${CAUSES[cause]}</span>`;
}

/** The answer's sentences, each with the number of its citations in the text below and whether they are gold. */
function answerHtml({ answer, ...question }: QuestionResult): string {
  const marks = marksOf({ answer, ...question });
  let number = 0;
  const sentences = answer.sentences.map(({ text, citations }) => {
    const numbers = citations.map((citation) => {
      number += 1;
      const hits = (places: typeof marks.gold) => places.some((place) => overlaps(place, citation));
      return `<mark class="${markOf({ gold: hits(marks.gold), cited: true, optional: hits(marks.optional) })}">${number}</mark>`;
    });
    return `<p>${escapeMarkup(text)} ${numbers.join(" ")}</p>`;
  });
  return `<blockquote>${sentences.join("") || `<p>${escapeMarkup(answer.answer)}</p>`}</blockquote>`;
}

function factsHtml({ nuggets }: QuestionResult): string {
  if (nuggets.length === 0) return "";
  const facts = nuggets.map(
    ({ text, vital, found }) =>
      `<li class="${found ? "found" : "lost"}">${found ? "✓" : "✗"} ${escapeMarkup(text)}${vital ? "" : " (okay)"}</li>`,
  );
  return `<ul class="facts">${facts.join("")}</ul>`;
}

function relevantHtml({ relevant = [] }: QuestionResult): string {
  if (relevant.length === 0) return "";
  const ranks = relevant.map(
    ({ title, rank }) =>
      `<li class="${rank !== null && rank <= 10 ? "found" : "lost"}">${escapeMarkup(title)}: ${rank === null ? "not found" : `rank ${rank}`}</li>`,
  );
  return `<ul class="facts">${ranks.join("")}</ul>`;
}

function marksOf({ evidenceSets, optional, injected = [], answer }: QuestionResult) {
  return {
    gold: evidenceSets[0] ?? [],
    optional: [...optional, ...evidenceSets.slice(1).flat()],
    orders: injected,
    cited: answer.sentences.flatMap(({ citations }) => citations),
  };
}

/**
 * 0 to 1: half evidence, half key facts; for a question without an answer, whether it was refused; for a search, its nDCG.
 * Faults are below 0.
 */
function goodness({ answerable, metrics, error, searchOnly }: QuestionResult): number {
  const faults = (metrics["citations.fabricated"] ?? 0) + (metrics["injections.obeyed"] ?? 0);
  if (faults > 0 || error !== undefined) return -1;
  if (searchOnly === true) return metrics["documents.ndcgAt10"] ?? 0;
  const evidence = metrics["evidence.f1"];
  const facts = metrics["nuggets.vital"];
  if (!answerable || (evidence === null && facts === null)) return metrics["decision.correct"] ?? 0;
  return ((evidence ?? facts ?? 0) + (facts ?? evidence ?? 0)) / 2;
}

function historyHtml({ history = [] }: QuestionResult): string {
  return history.map(({ role, content }) => `<p class="turn">${role}: ${escapeMarkup(content)}</p>`).join("");
}
