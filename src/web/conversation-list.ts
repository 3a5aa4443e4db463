import type { ConversationHead } from "./conversation-store.js";
import { byId, el } from "./dom.js";

/** Characters of a title that the list holds; it shows fewer. */
const MAX_TITLE = 200;

export interface ConversationListActions {
  choose(id: string): void;
  rename(id: string, title: string): void;
  exportAs(id: string, title: string): void;
  remove(id: string, title: string): void;
}

/** The list of conversations; a button beside each opens a menu with what can be done with it. */
export class ConversationList {
  readonly #actions: ConversationListActions;
  readonly #list = byId("conversations", HTMLUListElement);
  readonly #empty = byId("no-conversations", HTMLParagraphElement);
  readonly #menu = byId("conversation-menu", HTMLDivElement);
  /** The conversation that the menu is for. */
  #chosen: ConversationHead | undefined;

  constructor(actions: ConversationListActions) {
    this.#actions = actions;
    const choices: [string, (head: ConversationHead) => void][] = [
      ["rename-conversation", (head) => this.#edit(head)],
      ["export-conversation", ({ id, title }) => actions.exportAs(id, title)],
      ["delete-conversation", ({ id, title }) => actions.remove(id, shown(title))],
    ];
    for (const [id, act] of choices) {
      byId(id, HTMLButtonElement).addEventListener("click", () => {
        this.#menu.hidePopover();
        if (this.#chosen !== undefined) act(this.#chosen);
      });
    }
  }

  /** Shows these conversations; `openId` is the one on the page. The focus stays on the row that has it. */
  show(heads: readonly ConversationHead[], openId: string): void {
    const focused = focusedRow(this.#list);
    this.#empty.hidden = heads.length > 0;
    this.#list.replaceChildren(...heads.map((head) => this.#row(head, head.id === openId)));
    if (focused !== undefined) this.#rowOf(focused)?.querySelector("button")?.focus();
  }

  #row(head: ConversationHead, isOpen: boolean): HTMLElement {
    const title = shown(head.title);
    const more = el(
      "button",
      { type: "button", class: "step", "aria-label": `More for ${title}`, popovertarget: this.#menu.id },
      "⋯",
    );
    more.addEventListener("click", () => {
      this.#chosen = head;
      placeBelow(this.#menu, more);
    });
    const choose = el(
      "button",
      {
        type: "button",
        class: "conversation",
        dir: "auto",
        title,
        "aria-current": isOpen ? "true" : undefined,
      },
      title,
    );
    choose.addEventListener("click", () => this.#actions.choose(head.id));
    return el("li", { "data-id": head.id }, choose, more);
  }

  /** Puts a field in the place of the title: Enter and leaving it keep the new name, Escape the old one. */
  #edit(head: ConversationHead): void {
    const row = this.#rowOf(head.id);
    const field = el("input", {
      class: "rename",
      "aria-label": "New name",
      maxlength: MAX_TITLE,
      dir: "auto",
    });
    field.value = shown(head.title);
    let done = false;
    const end = (keepsNew: boolean) => {
      if (done) return;
      done = true;
      const title = field.value.trim();
      this.#actions.rename(head.id, keepsNew && title !== "" ? title : head.title);
    };
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      end(event.key === "Enter");
    });
    field.addEventListener("blur", () => end(true));
    row?.replaceChildren(field);
    field.select();
    field.focus();
  }

  #rowOf(id: string): HTMLElement | undefined {
    return [...this.#list.querySelectorAll<HTMLElement>("li")].find((row) => row.dataset.id === id);
  }
}

function shown(title: string): string {
  return title.slice(0, MAX_TITLE).trim() || "Untitled";
}

function focusedRow(list: HTMLElement): string | undefined {
  const row = document.activeElement?.closest<HTMLElement>("li");
  return row !== null && row !== undefined && list.contains(row) ? row.dataset.id : undefined;
}

/** Under the button, inside the window. */
function placeBelow(menu: HTMLElement, button: HTMLElement): void {
  const at = button.getBoundingClientRect();
  const width = 14 * 16;
  menu.style.left = `${Math.max(8, Math.min(at.left, document.documentElement.clientWidth - width))}px`;
  menu.style.top = `${Math.min(at.bottom + 4, innerHeight - 160)}px`;
}
