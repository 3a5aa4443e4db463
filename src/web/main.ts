import type { DocumentSummary } from "../store/store.js";
import { getCollections, getDocuments } from "./api.js";
import { watchForCard } from "./citation-card.js";
import { CollectionSwitch } from "./collection-switch.js";
import { setUpComposer } from "./composer.js";
import type { Exchange } from "./conversation.js";
import { Conversations } from "./conversations.js";
import { DocumentsView } from "./documents-view.js";
import { byId } from "./dom.js";
import { watchHealth } from "./health-watch.js";
import { setUpKeys } from "./keys.js";
import { Notice } from "./notice.js";
import { Pane } from "./pane.js";
import { formatRoute, parseRoute } from "./route.js";
import { Sidebar } from "./sidebar.js";
import { setUpThemeSwitch } from "./theme.js";
import { Thread } from "./thread.js";
import { Uploads } from "./uploads.js";
import { fillWelcome } from "./welcome.js";
import { WriterSwitch } from "./writer-switch.js";

const DOCUMENTS = formatRoute({ view: "documents" });
const NOTHING = formatRoute({ view: "conversation" });

const threadElement = byId("thread", HTMLDivElement);
const welcome = byId("welcome", HTMLElement);
const newButton = byId("new-conversation", HTMLButtonElement);
const announcer = byId("announcer", HTMLParagraphElement);

/** The one document that is asked, where the reader chose one. */
let only: DocumentSummary | undefined;
/** The address that the pane shows. */
let shown = "";

const notice = new Notice();
const sidebar = new Sidebar();
const conversations = new Conversations({ show: (exchanges) => thread.show(exchanges), notice });
const thread = new Thread(threadElement, {
  changed: showState,
  keep: (exchanges) => conversations.keep(exchanges),
  finished,
  isIndexing: () => health.isIndexing(),
  open,
});
const composer = setUpComposer({
  send: ask,
  stop: () => thread.stop(),
  clearOnly: () => setOnly(undefined),
  questions: () => thread.exchanges.map((exchange) => exchange.question),
});
const uploads = new Uploads({ begin: showDocuments, added: lookAgain, announce });
const documents = new DocumentsView(uploads, { askOnly: setOnly, removed, announce });
const pane = new Pane({
  placesAround: (address) => thread.placesAround(address),
  listDocuments: async () => {
    await documents.refresh();
    return documents.element;
  },
  toggled: () => sidebar.fit(),
});
const writer = new WriterSwitch();
const collection = new CollectionSwitch();
const health = watchHealth({
  documents: () => void welcomeReader(),
  seen: ({ models }) => writer.setModel(models.languageModel?.name),
});

setUpThemeSwitch(byId("theme", HTMLSelectElement));
setUpKeys([
  { key: "/", does: "Go to the question", act: () => composer.focus() },
  { key: "n", does: "Next cited place", act: () => pane.step(1) },
  { key: "p", does: "Previous cited place", act: () => pane.step(-1) },
  { key: "d", does: "Documents", act: showDocuments },
  { key: "c", does: "New conversation", act: startAnew },
]);
watchForCard(threadElement, (mark) => thread.citationOf(mark));
newButton.addEventListener("click", startAnew);
addEventListener("hashchange", followAddress);
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && pane.isOpen && document.querySelector(":modal, :popover-open") === null)
    location.hash = NOTHING;
});
conversations.resume();
followAddress();

function ask(question: string): boolean {
  if (thread.isBusy) return false;
  notice.hide();
  const { mode } = writer;
  const within = only === undefined ? collection.name : undefined;
  thread.ask(question, {
    ...(only && { only: { documentId: only.id, title: only.title } }),
    ...(within && { within }),
    ...(mode && { asked: mode }),
  });
  return true;
}

function startAnew(): void {
  notice.hide();
  conversations.show();
  location.hash = NOTHING;
  composer.focus();
}

function showState(): void {
  const empty = thread.exchanges.length === 0;
  welcome.hidden = !empty;
  newButton.hidden = empty;
  composer.setBusy(thread.isBusy);
}

/** An answer is said aloud once, when it is whole. */
function finished({ stage, answer, problem }: Exchange): void {
  announce(stage === "stopped" ? "Stopped." : (problem?.detail ?? answer?.answer ?? ""));
  if (problem?.code === "unreachable") health.check();
}

function announce(text: string): void {
  announcer.textContent = text;
}

function open(address: string): void {
  if (location.hash === address) followAddress();
  else location.hash = address;
}

function showDocuments(): void {
  if (shown !== DOCUMENTS) open(DOCUMENTS);
}

function setOnly(document: DocumentSummary | undefined): void {
  only = document;
  composer.setOnly(document?.title);
  documents.setOnly(document?.id);
}

function removed({ id }: DocumentSummary): void {
  if (only?.id === id) setOnly(undefined);
  lookAgain();
}

/** The documents have changed. */
function lookAgain(): void {
  if (shown === DOCUMENTS) documents.refresh().catch(() => health.check());
  void welcomeReader();
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
    const { documents, adding } = await getDocuments();
    uploads.adding = adding;
    collection.setCollections(await getCollections());
    await fillWelcome(documents, ask);
  } catch {
    health.check();
  }
}
