import type { Answer, Citation } from "../answer/answer.js";
import { answerAsMarkdown } from "./answer-markdown.js";
import { answerAsText } from "./answer-text.js";
import { answerView } from "./answer-view.js";
import { citationAddress, describeOtherPlace, describePlace, shorten } from "./citations.js";
import { copyButton } from "./clipboard.js";
import { confidenceWord } from "./confidence.js";
import type { Exchange } from "./conversation.js";
import { el } from "./dom.js";
import { modeNote } from "./mode-note.js";
import type { Problem } from "./problem.js";

/** Characters of a near passage that are shown: more than two lines never are. */
const QUOTE_LENGTH = 600;

const EARLY = "The index was still being built: what had not been read by then is not in this answer.";

export interface ExchangeView {
  element: HTMLElement;
  /** Shows the exchange as it is now; the focus stays where it was. */
  update(): void;
}

/** Shows a question with its answer, abstention, error, or what is going on. */
export function exchangeView(exchange: Exchange, onRetry: () => void): ExchangeView {
  const heading = el(
    "h2",
    { id: `question-${exchange.id}`, class: "question", dir: "auto" },
    exchange.question,
  );
  const body = el("div", { class: "exchange-body" });
  const askedOnly = exchange.only?.title ?? exchange.within;
  const only =
    askedOnly && el("p", { class: "only-note" }, "Asked only of ", el("bdi", {}, `“${askedOnly}”`));
  const element = el("article", { class: "exchange", "aria-labelledby": heading.id }, heading, only, body);
  const update = () => {
    const focused = focusedAddress(body);
    body.replaceChildren(...content(exchange, onRetry));
    body.setAttribute("aria-busy", String(["searching", "reading", "answering"].includes(exchange.stage)));
    if (focused !== undefined) find(body, focused)?.focus({ preventScroll: true });
  };
  update();
  return { element, update };
}

function content(exchange: Exchange, onRetry: () => void): HTMLElement[] {
  const retry = el("button", { type: "button", class: "quiet", click: onRetry }, "Retry");
  const sentences = exchange.sentences.length > 0 ? [answerView(exchange.sentences)] : [];
  switch (exchange.stage) {
    case "searching":
      return [waiting("Searching…")];
    case "reading":
      if (exchange.mode === "generated") return [waiting("Writing…")];
      return [waiting(`Reading ${exchange.passages} ${exchange.passages === 1 ? "passage" : "passages"}…`)];
    case "answering":
      return [...sentences, waiting(exchange.mode === "generated" ? "Writing on…" : "Reading on…")];
    case "stopped":
      return [...sentences, el("p", { class: "footer" }, "Stopped.", retry)];
    case "failed":
      return [...sentences, problemView(exchange.problem, retry)];
    case "done":
      if (exchange.answer?.status === "answered")
        return [...sentences, ...answerFooter(exchange, exchange.answer, retry)];
      return [abstentionView(exchange, retry)];
  }
}

function waiting(text: string): HTMLElement {
  return el("p", { class: "waiting" }, el("span", { class: "dot", "aria-hidden": "true" }), text);
}

function answerFooter(exchange: Exchange, answer: Answer, retry: HTMLElement): HTMLElement[] {
  const sign = el(
    "span",
    { class: "confidence", title: `Confidence ${answer.confidence.toFixed(2)} of 1` },
    confidenceWord(answer.confidence),
  );
  const footer = el(
    "p",
    { class: "footer" },
    sign,
    copyButton("Copy", () => answerAsText(exchange.sentences), "As text, with its sources"),
    copyButton("Copy as Markdown", () => answerAsMarkdown(exchange.sentences), "With its sources"),
    retry,
  );
  const notes = [modeNote(answer), exchange.early ? EARLY : undefined].filter((note) => note !== undefined);
  const shown = [...notes.map((note) => el("p", { class: "answer-note" }, note)), footer];
  if (answer.related.length === 0) return shown;
  const more = el(
    "details",
    { class: "related" },
    el("summary", {}, "More passages near this question"),
    places(answer.related),
  );
  return [...shown, more];
}

function abstentionView({ answer, early }: Exchange, retry: HTMLElement): HTMLElement {
  const related = answer?.related ?? [];
  const near = related.length === 0 ? [] : [el("h3", {}, "Near, but not an answer"), places(related)];
  return el(
    "div",
    { class: "abstention" },
    el("p", { class: "abstention-sentence", dir: "auto" }, answer?.answer ?? ""),
    early ? el("p", { class: "answer-note" }, EARLY) : undefined,
    ...near,
    el("p", { class: "footer" }, retry),
  );
}

function problemView(problem: Problem | undefined, retry: HTMLElement): HTMLElement {
  return el(
    "div",
    { class: "problem" },
    el("p", { class: "problem-detail" }, problem?.detail),
    problem?.hint === undefined ? undefined : el("p", {}, problem.hint),
    el("p", { class: "footer" }, retry),
  );
}

function places(citations: readonly Citation[]): HTMLElement {
  return el("ul", { class: "places" }, ...citations.map((citation) => el("li", {}, place(citation))));
}

function place(citation: Citation): HTMLElement {
  return el(
    "button",
    { type: "button", class: "place", "data-address": citationAddress(citation) },
    el("span", { class: "place-path" }, describePlace(citation)),
    el("span", { class: "place-quote", dir: "auto" }, shorten(citation.quote, QUOTE_LENGTH)),
    citation.alsoAt &&
      el("span", { class: "place-path" }, `also in ${citation.alsoAt.map(describeOtherPlace).join("; ")}`),
  );
}

function focusedAddress(body: HTMLElement): string | undefined {
  const active = document.activeElement;
  return active instanceof HTMLElement && body.contains(active) ? active.dataset.address : undefined;
}

function find(body: HTMLElement, address: string): HTMLElement | undefined {
  return [...body.querySelectorAll<HTMLElement>("[data-address]")].find(
    (element) => element.dataset.address === address,
  );
}
