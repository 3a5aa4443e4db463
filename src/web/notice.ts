import { byId, el } from "./dom.js";

export interface NoticeAction {
  label: string;
  act(): void;
}

/** A sentence at the page's edge about what was just done. The way back, where there is one, gets the focus. */
export class Notice {
  readonly #element = byId("notice", HTMLDivElement);

  show(text: string, action?: NoticeAction): void {
    const act = () => {
      this.hide();
      action?.act();
    };
    const button = action && el("button", { type: "button", class: "quiet", click: act }, action.label);
    this.#element.replaceChildren(
      el(
        "p",
        {},
        el("span", { dir: "auto" }, text),
        button,
        el(
          "button",
          { type: "button", class: "step", "aria-label": "Dismiss", click: () => this.hide() },
          "✕",
        ),
      ),
    );
    button?.focus();
  }

  hide(): void {
    this.#element.replaceChildren();
  }
}
