import { conversationAsMarkdown } from "./answer-markdown.js";
import { keep, kept } from "./browser-storage.js";
import type { Exchange } from "./conversation.js";
import { ConversationList } from "./conversation-list.js";
import {
  deleteConversation,
  isConversationChange,
  listConversations,
  loadConversation,
  newConversationId,
  renameConversation,
  saveConversation,
} from "./conversation-store.js";
import { download } from "./download.js";
import type { Notice } from "./notice.js";

/** Which conversation a tab shows is the tab's own affair. */
const OPEN = "waymark.open-conversation";

export interface ConversationsActions {
  /** Another conversation is to be shown: empty for a new one. */
  show(exchanges: readonly Exchange[]): void;
  notice: Notice;
}

/** The conversations that this browser keeps: which one is open, the list of them, and what can be done with each. */
export class Conversations {
  readonly #actions: ConversationsActions;
  readonly #list: ConversationList;
  #open: string;

  constructor(actions: ConversationsActions) {
    this.#actions = actions;
    this.#open = kept(OPEN, "tab") ?? newConversationId();
    this.#list = new ConversationList({
      choose: (id) => this.show(id),
      rename: (id, title) => this.#rename(id, title),
      exportAs: (id, title) =>
        download(fileName(title), "text/markdown", conversationAsMarkdown(title, loadConversation(id))),
      remove: (id, title) => this.#remove(id, title),
    });
    addEventListener("storage", (event) => isConversationChange(event) && this.#refresh());
  }

  /** Shows a conversation; without an id, a new one. */
  show(id: string = newConversationId()): void {
    this.#open = id;
    keep(OPEN, id, "tab");
    this.#actions.show(loadConversation(id));
    this.#refresh();
  }

  /** Shows what this tab showed last. */
  resume(): void {
    this.show(this.#open);
  }

  /** Keeps what the open conversation has become. */
  keep(exchanges: readonly Exchange[]): void {
    if (!saveConversation(this.#open, exchanges)) {
      this.#actions.notice.show(
        "This browser keeps no more conversations: export or delete some. This one is lost when the page is closed.",
      );
    }
    this.#refresh();
  }

  #rename(id: string, title: string): void {
    renameConversation(id, title);
    this.#refresh();
  }

  #remove(id: string, title: string): void {
    const restore = deleteConversation(id);
    if (id === this.#open) this.show();
    else this.#refresh();
    this.#actions.notice.show(`Deleted “${title}”.`, {
      label: "Undo",
      act: () => {
        restore();
        this.show(id);
      },
    });
  }

  #refresh(): void {
    this.#list.show(listConversations(), this.#open);
  }
}

/** A title as a file's name. */
function fileName(title: string): string {
  const safe = title
    .replace(/[^\p{L}\p{N} _-]+/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
  return `${safe.slice(0, 60).trim() || "conversation"}.md`;
}
