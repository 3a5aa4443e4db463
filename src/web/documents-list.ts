import type { DocumentSummary } from "../store/store.js";
import { el } from "./dom.js";
import { formatRoute } from "./route.js";

/** Lists the indexed documents; each opens to be read, or can be made the only one that is asked. */
export function documentsList(
  documents: readonly DocumentSummary[],
  onlyId: string | undefined,
  onOnly: (document: DocumentSummary | undefined) => void,
): HTMLElement {
  if (documents.length === 0) return el("p", { class: "note" }, "No document is indexed yet.");
  return el(
    "ul",
    { class: "documents" },
    ...documents.map((document) => row(document, document.id === onlyId, onOnly)),
  );
}

function row(
  document: DocumentSummary,
  isOnly: boolean,
  onOnly: (document: DocumentSummary | undefined) => void,
): HTMLElement {
  const href = formatRoute({ view: "document", documentId: document.id });
  return el(
    "li",
    {},
    el("a", { href, dir: "auto" }, document.title),
    el("p", { class: "document-facts" }, `${document.uri} · ${facts(document)}`),
    el(
      "button",
      {
        type: "button",
        class: "quiet",
        "aria-pressed": String(isOnly),
        "aria-label": `Ask only ${document.title}`,
        click: () => onOnly(isOnly ? undefined : document),
      },
      isOnly ? "Asking only this ✓" : "Ask only this",
    ),
  );
}

function facts({ passages, pages }: DocumentSummary): string {
  const parts = [count(passages, "passage"), pages === undefined ? undefined : count(pages, "page")];
  return parts.filter((part) => part !== undefined).join(" · ");
}

function count(n: number, noun: string): string {
  return `${n.toLocaleString("en")} ${noun}${n === 1 ? "" : "s"}`;
}
