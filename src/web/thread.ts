import type { Citation } from "../answer/answer.js";
import { answerExchange } from "./asking.js";
import { citationAddress } from "./citations.js";
import { citedPlaces, type Exchange, exchangeCiting, historyBefore } from "./conversation.js";
import { scrollBehavior } from "./dom.js";
import { type ExchangeView, exchangeView } from "./exchange-view.js";

export interface ThreadActions {
  /** The thread has become busy or idle, or shows other exchanges. */
  changed(): void;
  /** A question was asked, or its answer is whole, was stopped or has failed: to be kept. */
  keep(exchanges: Exchange[]): void;
  /** An answer is whole, was stopped or has failed. */
  finished(exchange: Exchange): void;
  /** Whether documents are missing in the index because it is still being built. */
  isIndexing(): boolean;
  /** A citation or a near passage was chosen. */
  open(address: string): void;
}

/** The conversation on the page: its exchanges, their views, and the one question that is being answered. */
export class Thread {
  readonly #element: HTMLElement;
  readonly #actions: ThreadActions;
  readonly #views = new Map<Exchange, ExchangeView>();
  #running: AbortController | undefined;
  /** The address of the place that is open. */
  #current = "";
  /** The exchange in which a place was chosen last: one place may be cited in several. */
  #chosenIn: Exchange | undefined;

  constructor(element: HTMLElement, actions: ThreadActions) {
    this.#element = element;
    this.#actions = actions;
    element.addEventListener("click", (event) => this.#choose(event));
  }

  get exchanges(): Exchange[] {
    return [...this.#views.keys()];
  }

  get isBusy(): boolean {
    return this.#running !== undefined;
  }

  /** Asks a question: `only` one document or `within` one collection, and `asked` of whom, where that is chosen. Not to be called while busy. */
  ask(question: string, choices: Pick<Exchange, "only" | "within" | "asked">): void {
    const id = 1 + Math.max(0, ...this.exchanges.map((exchange) => exchange.id));
    const exchange: Exchange = {
      id,
      question,
      stage: "searching",
      passages: 0,
      sentences: [],
      ...choices,
    };
    this.#add(exchange);
    void this.#run(exchange);
  }

  stop(): void {
    this.#running?.abort();
  }

  /** Shows another conversation; what is being answered in the present one is stopped. */
  show(exchanges: readonly Exchange[]): void {
    this.stop();
    this.#running = undefined;
    this.#chosenIn = undefined;
    this.#views.clear();
    this.#element.replaceChildren();
    for (const exchange of exchanges) this.#add(exchange);
    this.#actions.changed();
  }

  /** The places of the answer that cites `address`, in order; empty where no answer here does. */
  placesAround(address: string): Citation[] {
    const exchange = exchangeCiting(this.exchanges, address, this.#chosenIn);
    return exchange === undefined ? [] : citedPlaces(exchange);
  }

  /** The citation that a mark stands for. */
  citationOf(mark: HTMLElement): Citation | undefined {
    const exchange = this.#exchangeOf(mark);
    return (
      exchange && citedPlaces(exchange).find((citation) => citationAddress(citation) === mark.dataset.address)
    );
  }

  /** Shows which place is open. */
  setCurrent(address: string): void {
    this.#current = address;
    for (const place of this.#places()) {
      if (place.dataset.address === address) place.setAttribute("aria-current", "true");
      else place.removeAttribute("aria-current");
    }
  }

  /** Gives the focus to what opened the place with this address; false where nothing here did. */
  focusPlace(address: string): boolean {
    const places = this.#places().filter((place) => place.dataset.address === address);
    const chosen = places.find((place) => this.#exchangeOf(place) === this.#chosenIn) ?? places.at(-1);
    chosen?.focus({ preventScroll: true });
    return chosen !== undefined;
  }

  #add(exchange: Exchange): void {
    const view = exchangeView(exchange, () => void this.#run(exchange));
    this.#views.set(exchange, view);
    this.#element.append(view.element);
  }

  async #run(exchange: Exchange): Promise<void> {
    const view = this.#views.get(exchange);
    if (this.isBusy || view === undefined) return;
    const controller = new AbortController();
    this.#running = controller;
    this.#actions.changed();
    this.#actions.keep(this.exchanges);
    const history = historyBefore(this.exchanges, exchange);
    const answered = answerExchange(exchange, history, controller.signal, () => {
      view.update();
      this.setCurrent(this.#current);
    });
    view.element.scrollIntoView({ block: "start", behavior: scrollBehavior() });
    await answered;
    if (this.#running === controller) this.#running = undefined;
    if (!this.#views.has(exchange)) return;
    if (exchange.stage === "done" && this.#actions.isIndexing()) {
      exchange.early = true;
      view.update();
    }
    this.#actions.changed();
    this.#actions.keep(this.exchanges);
    this.#actions.finished(exchange);
  }

  #choose(event: Event): void {
    const place =
      event.target instanceof Element ? event.target.closest<HTMLElement>("[data-address]") : null;
    const address = place?.dataset.address;
    if (place === null || address === undefined) return;
    this.#chosenIn = this.#exchangeOf(place);
    this.#actions.open(address);
  }

  #exchangeOf(node: Node): Exchange | undefined {
    return this.exchanges.find((exchange) => this.#views.get(exchange)?.element.contains(node));
  }

  #places(): HTMLElement[] {
    return [...this.#element.querySelectorAll<HTMLElement>("[data-address]")];
  }
}
