import type { DocumentSummary } from "../store/store.js";
import { getDocument } from "./api.js";
import { shorten } from "./citations.js";
import { byId, el } from "./dom.js";
import { formatRoute } from "./route.js";
import { starterQuestions } from "./starters.js";

const STARTERS = 5;
/** Documents that are looked through for questions to start from: few, so that the page stays quick. */
const STARTER_DOCUMENTS = 3;

/**
 * Says what is indexed and offers questions from it to start with.
 * @throws ApiError
 */
export async function fillWelcome(
  documents: readonly DocumentSummary[],
  onAsk: (question: string) => void,
): Promise<void> {
  byId("welcome-about", HTMLParagraphElement).replaceChildren(...about(documents));
  const sources = await Promise.all(documents.slice(0, STARTER_DOCUMENTS).map(({ id }) => getDocument(id)));
  const questions = sources.flatMap((source) => starterQuestions(source, STARTERS)).slice(0, STARTERS);
  const starters = questions.map((question) => {
    const button = el("button", { type: "button", dir: "auto", click: () => onAsk(question) }, question);
    return el("li", {}, button);
  });
  byId("starters", HTMLUListElement).replaceChildren(...starters);
}

function about(documents: readonly DocumentSummary[]): (string | HTMLElement)[] {
  const [first, ...others] = documents;
  if (first === undefined) return ["Nothing is indexed yet."];
  const href = formatRoute({ view: "document", documentId: first.id });
  const knows = ["Waymark knows ", el("a", { href, dir: "auto" }, shorten(first.title, 120))];
  if (others.length > 0) {
    const more = `${others.length} more document${others.length === 1 ? "" : "s"}`;
    knows.push(" and ", el("a", { href: formatRoute({ view: "documents" }) }, more));
  }
  return [...knows, ". Every sentence of an answer leads to its place in the text."];
}
