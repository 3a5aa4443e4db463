import { byId, el } from "./dom.js";

export interface NoticeAction {
  label: string;
  act(): void;
}

/** A sentence at the page's edge about what was just done, with the way back where there is one. It stays until it is closed. */
export class Notice {
  readonly #element = byId("notice", HTMLDivElement);

  show(text: string, action?: NoticeAction): void {
    const act = () => {
      this.hide();
      action?.act();
    };
    this.#element.replaceChildren(
      el(
        "p",
        {},
        el("span", { dir: "auto" }, text),
        action && el("button", { type: "button", class: "quiet", click: act }, action.label),
        el(
          "button",
          { type: "button", class: "step", "aria-label": "Dismiss", click: () => this.hide() },
          "✕",
        ),
      ),
    );
  }

  hide(): void {
    this.#element.replaceChildren();
  }
}
