import type { AnswerSentence, Citation } from "../answer/answer.js";
import { citationAddress, describePlace, numberCitations } from "./citations.js";
import { el } from "./dom.js";
import { groupSentences, type PlacedSentence, type SentenceGroup } from "./sentence-groups.js";
import { type EmphasisedText, emphasise, emphasiseCells } from "./sentence-text.js";

/** Shows an answer's sentences as paragraphs, lists and tables, each sentence followed by the marks of its citations. */
export function answerView(sentences: readonly AnswerSentence[]): HTMLElement {
  const citations = numberCitations(sentences);
  const marks = (sentence: AnswerSentence) => citationMarks(sentence, citations);
  return el(
    "div",
    { class: "answer", dir: "auto" },
    ...groupSentences(sentences).map((group) => groupView(group, marks)),
  );
}

type Marks = (sentence: AnswerSentence) => HTMLElement | undefined;

function groupView(group: SentenceGroup, marks: Marks): HTMLElement {
  switch (group.type) {
    case "paragraph":
      return el(
        "p",
        {},
        ...group.sentences.flatMap((placed, i) => [i > 0 ? " " : undefined, sentenceView(placed, marks)]),
      );
    case "list":
      return el("ul", {}, ...group.sentences.map((placed) => el("li", {}, sentenceView(placed, marks))));
    case "code":
      return el("div", {}, ...group.sentences.map((placed) => codeView(placed, marks)));
    case "table":
      return tableView(group.columns, group.sentences, marks);
  }
}

function sentenceView({ sentence }: PlacedSentence, marks: Marks): HTMLElement {
  return el(
    "span",
    { class: "sentence" },
    ...texts(emphasise(sentence.text, sentence.highlight)),
    marks(sentence),
  );
}

function codeView({ sentence }: PlacedSentence, marks: Marks): HTMLElement {
  const code = el("code", {}, ...texts(emphasise(sentence.text, sentence.highlight)));
  return el("div", { class: "sentence" }, el("pre", { tabindex: 0 }, code), marks(sentence));
}

function tableView(columns: string[], rows: PlacedSentence[], marks: Marks): HTMLElement {
  const head = columns.map((column) => el("th", { scope: "col" }, column));
  const source = el("th", { scope: "col" }, el("span", { class: "visually-hidden" }, "Source"));
  const body = rows.map(({ sentence }) => {
    const cells = emphasiseCells(sentence).map((cell) => el("td", {}, ...texts(cell)));
    return el("tr", { class: "sentence" }, ...cells, el("td", { class: "sources" }, marks(sentence)));
  });
  const table = el("table", {}, el("thead", {}, el("tr", {}, ...head, source)), el("tbody", {}, ...body));
  return el("div", { class: "table" }, table);
}

/** The marks of a sentence: buttons that the page listens to by their `data-address`. */
function citationMarks(sentence: AnswerSentence, citations: readonly Citation[]): HTMLElement | undefined {
  const addresses = new Set(sentence.citations.map(citationAddress));
  if (addresses.size === 0) return undefined;
  const buttons = citations.flatMap((citation, i) => {
    const address = citationAddress(citation);
    return addresses.has(address) ? [citationMark(citation, address, i + 1)] : [];
  });
  return el("span", { class: "marks" }, ...buttons);
}

function citationMark(citation: Citation, address: string, number: number): HTMLElement {
  const label = `Source ${number}: ${describePlace(citation)}`;
  return el(
    "button",
    { type: "button", class: "citation", "data-address": address, "aria-label": label },
    String(number),
  );
}

function texts(parts: EmphasisedText[]): (string | HTMLElement)[] {
  return parts.map(({ text, strong }) => (strong ? el("strong", {}, text) : text));
}
