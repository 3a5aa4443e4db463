import type { DocumentSummary } from "../store/store.js";
import { getDocuments } from "./api.js";
import { watchForCard } from "./citation-card.js";
import { setUpComposer } from "./composer.js";
import type { Exchange } from "./conversation.js";
import { documentsList } from "./documents-list.js";
import { byId } from "./dom.js";
import { watchHealth } from "./health-watch.js";
import { Pane } from "./pane.js";
import { parseRoute } from "./route.js";
import { Thread } from "./thread.js";
import { fillWelcome } from "./welcome.js";

const threadElement = byId("thread", HTMLDivElement);
const welcome = byId("welcome", HTMLElement);
const newButton = byId("new-conversation", HTMLButtonElement);
const announcer = byId("announcer", HTMLParagraphElement);

/** The one document that is asked, where the reader chose one. */
let only: DocumentSummary | undefined;
/** The address that the pane shows. */
let shown = "";

const thread = new Thread(threadElement, { changed: showState, finished, open });
const composer = setUpComposer({
  send: ask,
  stop: () => thread.stop(),
  clearOnly: () => setOnly(undefined),
  questions: () => thread.exchanges.map((exchange) => exchange.question),
});
const pane = new Pane({
  placesAround: (address) => thread.placesAround(address),
  listDocuments: async () => documentsList(await getDocuments(), only?.id, setOnly),
});
const health = watchHealth(welcomeReader);

watchForCard(threadElement, (mark) => thread.citationOf(mark));
newButton.addEventListener("click", () => {
  thread.clear();
  location.hash = "#/";
  composer.focus();
});
addEventListener("hashchange", followAddress);
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && pane.isOpen) location.hash = "#/";
});
showState();
followAddress();

function ask(question: string): boolean {
  if (thread.isBusy) return false;
  thread.ask(question, only && { documentId: only.id, title: only.title });
  return true;
}

function showState(): void {
  const empty = thread.exchanges.length === 0;
  welcome.hidden = !empty;
  newButton.hidden = empty;
  composer.setBusy(thread.isBusy);
}

/** An answer is said aloud once, when it is whole. */
function finished({ stage, answer, problem }: Exchange): void {
  announcer.textContent = stage === "stopped" ? "Stopped." : (problem?.detail ?? answer?.answer ?? "");
  if (problem?.code === "unreachable") health.check();
}

function open(address: string): void {
  if (location.hash === address) followAddress();
  else location.hash = address;
}

function setOnly(document: DocumentSummary | undefined): void {
  only = document;
  composer.setOnly(document?.title);
  if (shown === "#/documents") followAddress();
}

function followAddress(): void {
  const before = shown;
  shown = location.hash;
  thread.setCurrent(shown);
  void pane.show(parseRoute(shown));
  if (parseRoute(before).view !== "conversation" && !pane.isOpen && !thread.focusPlace(before))
    composer.focus();
}

async function welcomeReader(): Promise<void> {
  try {
    await fillWelcome(await getDocuments(), ask);
  } catch {
    health.check();
  }
}
