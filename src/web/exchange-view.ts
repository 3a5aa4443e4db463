import type { Answer, Citation } from "../answer/answer.js";
import { answerView } from "./answer-view.js";
import { citationAddress, describePlace } from "./citations.js";
import { confidenceWord } from "./confidence.js";
import type { Exchange } from "./conversation.js";
import { copyButton } from "./copy-button.js";
import { el } from "./dom.js";
import type { Problem } from "./problem.js";

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
  const only = exchange.only && el("p", { class: "only-note" }, `Asked only of “${exchange.only.title}”`);
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
      return [waiting(`Reading ${exchange.passages} ${exchange.passages === 1 ? "passage" : "passages"}…`)];
    case "answering":
      return [...sentences, waiting("Reading on…")];
    case "stopped":
      return [...sentences, el("p", { class: "footer" }, "Stopped.", retry)];
    case "failed":
      return [...sentences, problemView(exchange.problem, retry)];
    case "done":
      if (exchange.answer?.status === "answered")
        return [...sentences, ...answerFooter(exchange, exchange.answer, retry)];
      return [abstentionView(exchange.answer, retry)];
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
  const footer = el("p", { class: "footer" }, sign, copyButton(exchange), retry);
  if (answer.related.length === 0) return [footer];
  const more = el(
    "details",
    { class: "related" },
    el("summary", {}, "More passages near this question"),
    places(answer.related),
  );
  return [footer, more];
}

function abstentionView(answer: Answer | undefined, retry: HTMLElement): HTMLElement {
  const related = answer?.related ?? [];
  const near = related.length === 0 ? [] : [el("h3", {}, "Near, but not an answer"), places(related)];
  return el(
    "div",
    { class: "abstention" },
    el("p", { class: "abstention-sentence", dir: "auto" }, answer?.answer ?? ""),
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
    el("span", { class: "place-quote", dir: "auto" }, citation.quote),
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
