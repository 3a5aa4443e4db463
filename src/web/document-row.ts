import { ADDED_SCHEME } from "../ingest/added-uri.js";
import type { DocumentSummary } from "../store/store.js";
import { el } from "./dom.js";
import { formatRoute } from "./route.js";

export interface DocumentRowOptions {
  /** This document alone is asked at present. */
  isOnly: boolean;
  /** Documents that were added may be removed. */
  canRemove: boolean;
  askOnly(): void;
  /** Gives what went wrong, in words; undefined where the document is gone. */
  remove(): Promise<string | undefined>;
}

/** A document in the list: its title, which opens it, what is known of it, and what can be done with it. */
export function documentRow(document: DocumentSummary, options: DocumentRowOptions): HTMLElement {
  const { id, title, uri } = document;
  const isAdded = uri.startsWith(ADDED_SCHEME);
  const file = el("bdi", {}, isAdded ? uri.slice(ADDED_SCHEME.length) : uri);
  const actions = el("p", { class: "document-actions" }, onlyButton(document, options));
  if (isAdded && options.canRemove) actions.append(removeButton(document, options, actions));
  return el(
    "li",
    { "data-id": id },
    el(
      "a",
      { href: formatRoute({ view: "document", documentId: id }), dir: "auto", "data-act": "open" },
      title,
    ),
    el(
      "p",
      { class: "document-facts" },
      file,
      ` · ${facts(document)}`,
      isAdded ? " · added here" : undefined,
    ),
    actions,
  );
}

function onlyButton({ title }: DocumentSummary, { isOnly, askOnly }: DocumentRowOptions): HTMLElement {
  return el(
    "button",
    {
      type: "button",
      class: "quiet",
      "data-act": "only",
      "aria-pressed": String(isOnly),
      "aria-label": `Ask only this: ${title}`,
      click: askOnly,
    },
    "Ask only this",
  );
}

/** Removing asks once more, in the same place: the copy that was added is deleted. */
function removeButton(
  { title }: DocumentSummary,
  { remove }: DocumentRowOptions,
  actions: HTMLElement,
): HTMLElement {
  const button = el(
    "button",
    { type: "button", class: "quiet", "data-act": "remove", "aria-label": `Remove ${title}` },
    "Remove",
  );
  button.addEventListener("click", () => {
    const before = [...actions.childNodes];
    const back = () => {
      actions.replaceChildren(...before);
      button.focus();
    };
    const really = el("button", { type: "button", class: "quiet alarm" }, "Remove it");
    really.addEventListener("click", async () => {
      really.disabled = true;
      really.textContent = "Removing…";
      const problem = await remove();
      if (problem === undefined) return;
      back();
      actions.append(el("span", { class: "alarm", role: "alert" }, problem));
    });
    actions.replaceChildren(
      el("span", {}, "Its copy here is deleted."),
      really,
      el("button", { type: "button", class: "quiet", click: back }, "Keep it"),
    );
    really.focus();
  });
  return button;
}

function facts({ passages, pages, indexedAt }: DocumentSummary): string {
  const parts = [
    pages === undefined ? undefined : count(pages, "page"),
    count(passages, "passage"),
    `indexed ${when(new Date(indexedAt), new Date())}`,
  ];
  return parts.filter((part) => part !== undefined).join(" · ");
}

function count(n: number, noun: string): string {
  return `${n.toLocaleString("en")} ${noun}${n === 1 ? "" : "s"}`;
}

/** A moment as people say it: the time for today, else the date. */
export function when(moment: Date, now: Date): string {
  if (moment.toDateString() === now.toDateString()) {
    return `today at ${moment.toLocaleTimeString("en", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" })}`;
  }
  return `on ${moment.toLocaleDateString("en", { day: "numeric", month: "short", year: "numeric" })}`;
}
