import type { Citation } from "../answer/answer.js";
import type { SourceDocument } from "../documents/document.js";
import { getDocument } from "./api.js";
import { citationAddress, describeOtherPlace, shorten } from "./citations.js";
import { copyButton } from "./clipboard.js";
import { type DocumentView, documentView } from "./document-view.js";
import { byId, el, scrollBehavior } from "./dom.js";
import { problemOf } from "./problem.js";
import { type DocumentPlace, formatRoute, type Route } from "./route.js";

/** Where the pane lies over the conversation instead of beside it; the style sheet says the same. */
const NARROW = "(max-width: 60rem)";

const PAGE_TITLE = "Waymark";

export interface PaneActions {
  /** The places to step through when the one with this address is open. */
  placesAround(address: string): Citation[];
  /** The content of the list of documents. */
  listDocuments(): Promise<HTMLElement>;
  /** The pane has opened or closed. */
  toggled(): void;
}

/** What stands beside the conversation: a document, the list of documents, or nothing. */
export class Pane {
  readonly #actions: PaneActions;
  readonly #pane = byId("pane", HTMLElement);
  readonly #title = byId("pane-title", HTMLHeadingElement);
  readonly #body = byId("pane-body", HTMLDivElement);
  readonly #notes = el("div");
  readonly #steps = byId("steps", HTMLDivElement);
  readonly #position = byId("position", HTMLSpanElement);
  readonly #previous = byId("previous", HTMLButtonElement);
  readonly #next = byId("next", HTMLButtonElement);
  readonly #copyLink = copyButton("Copy link", () => location.href, "A link to this place");
  readonly #beneath = [byId("top", HTMLElement), byId("conversation", HTMLElement)];
  #open: { source: SourceDocument; view: DocumentView } | undefined;
  /** The route shown last: an answer that comes too late for it is dropped. */
  #route: Route = { view: "conversation" };

  constructor(actions: PaneActions) {
    this.#actions = actions;
    matchMedia(NARROW).addEventListener("change", () => this.#cover());
    byId("copy-link", HTMLSpanElement).append(this.#copyLink);
  }

  get isOpen(): boolean {
    return !this.#pane.hidden;
  }

  /** Shows what the address asks for; the focus goes to the pane's heading when it opens or changes its content. */
  async show(route: Route): Promise<void> {
    const before = this.#route;
    this.#route = route;
    this.#pane.hidden = route.view === "conversation";
    this.#copyLink.hidden = route.view !== "document";
    document.body.classList.toggle("with-pane", this.isOpen);
    this.#cover();
    this.#actions.toggled();
    if (route.view === "conversation") {
      document.title = PAGE_TITLE;
      return;
    }
    try {
      if (route.view === "documents") await this.#showList(route);
      else await this.#showDocument(route);
    } catch (error) {
      if (this.#route === route) this.#showProblem(error);
    }
    const stepped = before.view === "document" && this.#steps.contains(document.activeElement);
    if (this.#route === route && !stepped) this.#title.focus({ preventScroll: true });
  }

  /** Goes to the next cited place, or with -1 to the one before; does nothing where there is none. */
  step(by: 1 | -1): void {
    if (!this.isOpen || this.#steps.hidden) return;
    const button = by === 1 ? this.#next : this.#previous;
    button.focus({ preventScroll: true });
    button.click();
  }

  /** Goes to another citation of the same answer without a new entry in the browser's history. */
  #goTo(citation: Citation | undefined): void {
    if (citation !== undefined) location.replace(citationAddress(citation));
  }

  async #showList(route: Route): Promise<void> {
    const list = await this.#actions.listDocuments();
    if (this.#route !== route || list.parentElement === this.#body) return;
    this.#open = undefined;
    this.#showTitle("Documents");
    this.#steps.hidden = true;
    this.#body.replaceChildren(list);
    this.#body.scrollTop = 0;
  }

  async #showDocument(place: DocumentPlace & Route): Promise<void> {
    const isSame = this.#open?.source.id === place.documentId;
    if (!isSame) {
      if (this.#open === undefined) this.#body.replaceChildren(el("p", { class: "waiting" }, "Opening…"));
      const source = await getDocument(place.documentId);
      if (this.#route !== place) return;
      this.#open = { source, view: documentView(source) };
    }
    if (this.#open === undefined) return;
    const { source, view } = this.#open;
    this.#showTitle(source.title);
    const address = formatRoute(place);
    const places = this.#actions.placesAround(address);
    this.#showSteps(places, address);
    const mark = view.mark(place.range);
    const cited = places.find((citation) => citationAddress(citation) === address);
    const notes = [placeNote(source, place, mark, cited), hiddenNote(source)];
    this.#notes.replaceChildren(
      ...notes.flatMap((note) => (note === undefined ? [] : [el("p", { class: "note" }, note)])),
      ...otherPlacesNote(cited),
    );
    if (!isSame || notes[0] !== undefined) this.#body.scrollTop = 0;
    // A long document that is there already is not laid out again.
    if (view.element.parentElement !== this.#body) this.#body.replaceChildren(this.#notes, view.element);
    mark?.scrollIntoView({ block: "center", behavior: isSame ? scrollBehavior() : "auto" });
  }

  #showTitle(title: string): void {
    this.#title.textContent = title;
    document.title = `${shorten(title, 80)} · ${PAGE_TITLE}`;
  }

  #showSteps(places: readonly Citation[], address: string): void {
    const at = places.findIndex((citation) => citationAddress(citation) === address);
    this.#steps.hidden = at < 0 || places.length < 2;
    this.#position.textContent = `${at + 1} of ${places.length}`;
    this.#previous.onclick = () => this.#goTo(places.at(at - 1));
    this.#next.onclick = () => this.#goTo(places[(at + 1) % places.length]);
  }

  #showProblem(error: unknown): void {
    const { detail, hint } = problemOf(error);
    this.#open = undefined;
    this.#showTitle("Not to be opened");
    this.#steps.hidden = true;
    this.#body.replaceChildren(el("p", { class: "note" }, detail), el("p", { class: "note" }, hint));
  }

  /** Over the conversation, the pane takes the whole page: what is beneath can be neither reached nor read. */
  #cover(): void {
    const covers = this.isOpen && matchMedia(NARROW).matches;
    for (const element of this.#beneath) element.inert = covers;
  }
}

/** Says so where a marked place is not what it was when it was cited. */
function placeNote(
  source: SourceDocument,
  { range }: DocumentPlace,
  mark: HTMLElement | undefined,
  cited: Citation | undefined,
): string | undefined {
  if (range === undefined) return undefined;
  if (mark === undefined) return "The marked place is no longer in this document.";
  const isStale = cited !== undefined && source.text.slice(range.start, range.end) !== cited.quote;
  return isStale ? "This document has changed since the answer. Ask again to find the place." : undefined;
}

/** Where else the marked words stand. */
function otherPlacesNote(cited: Citation | undefined): HTMLElement[] {
  const places = cited?.alsoAt ?? [];
  if (places.length === 0) return [];
  const links = places.map((place) => el("a", { href: citationAddress(place) }, describeOtherPlace(place)));
  const listed = links.flatMap((link, index) => (index === 0 ? [link] : [", ", link]));
  return [el("p", { class: "note" }, "The same words are also in ", ...listed)];
}

/** Says so where the file has text that nobody sees who opens it. */
function hiddenNote({ hidden = 0 }: SourceDocument): string | undefined {
  if (hidden === 0) return undefined;
  return `${hidden.toLocaleString("en")} characters of this file are hidden from who opens it; they are left out here, and of answers.`;
}
