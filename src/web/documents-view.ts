import { DEFAULT_COLLECTION } from "../store/collection.js";
import type { DocumentSummary } from "../store/store.js";
import { type Adding, getDocuments, removeDocument } from "./api.js";
import { documentRow } from "./document-row.js";
import { el } from "./dom.js";
import { problemOf } from "./problem.js";
import type { Uploads } from "./uploads.js";

/** Rows that are shown at first: more are a click away, or a word in the search. */
const MOST_ROWS = 200;

export interface DocumentsActions {
  /** Asks this document alone; undefined: all of them again. */
  askOnly(document: DocumentSummary | undefined): void;
  /** A document was removed. */
  removed(document: DocumentSummary): void;
  announce(text: string): void;
}

/** The list of what is indexed: to search in, to read from, to ask one alone, to add to and to remove from. */
export class DocumentsView {
  readonly element: HTMLElement;
  readonly #actions: DocumentsActions;
  readonly #uploads: Uploads;
  readonly #search = el("input", {
    type: "search",
    class: "search",
    "aria-label": "Search the documents",
    placeholder: "Search titles and files…",
  });
  readonly #count = el("p", { class: "documents-count", role: "status" });
  readonly #rows = el("ul", { class: "documents", "aria-label": "Documents" });
  readonly #more = el("button", { type: "button", class: "quiet", hidden: true });
  readonly #adding = el("div", { class: "adding" });
  #documents: readonly DocumentSummary[] = [];
  #onlyId: string | undefined;
  #most = MOST_ROWS;

  constructor(uploads: Uploads, actions: DocumentsActions) {
    this.#uploads = uploads;
    this.#actions = actions;
    this.#search.addEventListener("input", () => {
      this.#most = MOST_ROWS;
      this.#showRows();
    });
    this.#more.addEventListener("click", () => {
      this.#most = Number.POSITIVE_INFINITY;
      this.#showRows();
    });
    this.element = el(
      "div",
      { class: "documents-view" },
      this.#adding,
      uploads.element,
      this.#search,
      this.#count,
      this.#rows,
      this.#more,
    );
  }

  /** Looks again at what is indexed. @throws ApiError */
  async refresh(): Promise<void> {
    const { documents, adding } = await getDocuments();
    this.#documents = documents;
    this.#uploads.adding = adding;
    this.#showAdding(adding);
    this.#showRows();
  }

  /** Shows which document alone is asked. */
  setOnly(id: string | undefined): void {
    this.#onlyId = id;
    this.#showRows();
  }

  #showAdding(adding: Adding): void {
    if (this.#adding.firstChild !== null) return;
    this.#adding.append(
      ...(adding.allowed
        ? [this.#uploads.button(), el("p", {}, `or drop them anywhere on this page. ${describe(adding)}`)]
        : [
            el(
              "p",
              {},
              "To add documents, put them into the folder that Waymark answers from and run ",
              el("code", {}, "waymark ingest"),
              ".",
            ),
          ]),
    );
  }

  #showRows(): void {
    const focus = focusIn(this.#rows);
    const wanted = normalised(this.#search.value);
    const found = this.#documents.filter(({ title, uri }) => normalised(`${title}\n${uri}`).includes(wanted));
    const shown = byCollection(found).slice(0, this.#most);
    const all = this.#documents.length;
    this.#search.hidden = all < 2;
    this.#count.textContent =
      all === 0
        ? "No document is indexed yet."
        : wanted === ""
          ? count(all)
          : `${found.length.toLocaleString("en")} of ${count(all)}`;
    const several = new Set(this.#documents.map(({ collection }) => collection)).size > 1;
    this.#rows.replaceChildren(
      ...shown.flatMap((document, index) => {
        const begins = several && document.collection !== shown[index - 1]?.collection;
        return [...(begins ? [heading(document.collection)] : []), this.#row(document)];
      }),
    );
    this.#more.hidden = shown.length === found.length;
    this.#more.textContent = `Show all ${found.length.toLocaleString("en")}`;
    focus();
  }

  #row(document: DocumentSummary): HTMLElement {
    const isOnly = document.id === this.#onlyId;
    return documentRow(document, {
      isOnly,
      canRemove: this.#uploads.adding?.allowed === true,
      askOnly: () => this.#actions.askOnly(isOnly ? undefined : document),
      remove: () => this.#remove(document),
    });
  }

  /** Gives what went wrong, in words; undefined where it is gone. */
  async #remove(document: DocumentSummary): Promise<string | undefined> {
    try {
      await removeDocument(document.id);
    } catch (error) {
      const { detail, hint } = problemOf(error);
      return `${detail} ${hint ?? ""}`.trim();
    }
    this.#actions.removed(document);
    this.#actions.announce(`Removed ${document.title}.`);
    await this.refresh().catch(() => {});
    this.#search.focus();
    return undefined;
  }
}

/** The kinds of files that the page names. */
const WELL_KNOWN = [
  ".md",
  ".txt",
  ".html",
  ".pdf",
  ".docx",
  ".epub",
  ".pptx",
  ".xlsx",
  ".csv",
  ".eml",
  ".srt",
];

/** The default collection first, then by name; within one, the order stays. */
function byCollection(documents: readonly DocumentSummary[]): DocumentSummary[] {
  const rank = ({ collection }: DocumentSummary) => (collection === DEFAULT_COLLECTION ? "" : collection);
  return documents.toSorted((a, b) => (rank(a) === rank(b) ? 0 : rank(a) < rank(b) ? -1 : 1));
}

function heading(collection: string): HTMLElement {
  return el("li", { class: "collection" }, el("h3", {}, collection));
}

function describe({ extensions, maxBytes }: Adding): string {
  const kinds = WELL_KNOWN.filter((extension) => extensions.includes(extension));
  const names = kinds.map((extension) => extension.slice(1).toUpperCase()).join(", ");
  const others = extensions.length > kinds.length ? " and others" : "";
  return `${names}${others}; up to ${Math.floor(maxBytes / 1024 / 1024)} MB each. They stay on the machine that Waymark runs on.`;
}

function count(n: number): string {
  return `${n.toLocaleString("en")} document${n === 1 ? "" : "s"}`;
}

/** Case and accents make no difference to a search. */
function normalised(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();
}

/** Remembers which row and button have the focus; gives the function that puts it back. */
function focusIn(list: HTMLElement): () => void {
  const active = document.activeElement;
  const row =
    active instanceof HTMLElement && list.contains(active) ? active.closest<HTMLElement>("li") : null;
  const id = row?.dataset.id;
  const act = active instanceof HTMLElement ? active.dataset.act : undefined;
  return () => {
    const again = [...list.querySelectorAll<HTMLElement>("li")].find((item) => item.dataset.id === id);
    if (id !== undefined && act !== undefined)
      again?.querySelector<HTMLElement>(`[data-act="${act}"]`)?.focus();
  };
}
