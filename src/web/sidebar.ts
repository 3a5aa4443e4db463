import { byId } from "./dom.js";

/** Where there is room for the sidebar beside the conversation, and beside conversation and document. */
const WIDE = "(min-width: 70rem)";
const WIDE_WITH_PANE = "(min-width: 100rem)";

/** What leads out of the sidebar where it lies over the page. */
const CLOSERS = ".conversation, #delete-conversation, #show-keys";

/** The conversations and settings: beside the page where there is room, else over it when they are called for. */
export class Sidebar {
  readonly #element = byId("sidebar", HTMLElement);
  readonly #button = byId("show-sidebar", HTMLButtonElement);

  constructor() {
    for (const query of [WIDE, WIDE_WITH_PANE])
      matchMedia(query).addEventListener("change", () => this.fit());
    this.#element.addEventListener("click", ({ target }) => {
      if (target instanceof Element && target.closest(CLOSERS) !== null) this.close();
    });
  }

  /** To be called when the pane has opened or closed. */
  fit(): void {
    const hasPane = document.body.classList.contains("with-pane");
    const isBeside = matchMedia(hasPane ? WIDE_WITH_PANE : WIDE).matches;
    document.body.classList.toggle("with-sidebar", isBeside);
    this.#button.hidden = isBeside;
    this.#element.popover = isBeside ? null : "auto";
    this.#element.hidden = false;
  }

  close(): void {
    if (this.#element.matches(":popover-open")) this.#element.hidePopover();
  }
}
