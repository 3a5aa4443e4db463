import type { Answer, AnswerSentence, Citation, FallbackReason } from "../answer/answer.js";
import { count } from "./counts.js";
import { formatOtherPlaces, formatPlace } from "./place.js";
import { type Output, printable, printableLine } from "./terminal.js";

/** At most so many places are shown when nothing answers. */
const RELATED_SHOWN = 3;

/** Characters of a merely related place that are shown: enough to see what it is about. */
const RELATED_LENGTH = 160;

/** How the text is emphasised. */
type Emphasis = Pick<Output, "bold" | "dim">;

/** An answer as text for a terminal: the sentences with [1] marks, then the numbered places; or the abstention. */
export function formatAnswer(answer: Answer, emphasis: Emphasis): string {
  if (answer.status === "abstained") return formatAbstention(answer, emphasis);
  const sources = numberSources(answer.sentences);
  const text = `${formatSentences(answer.sentences, sources, emphasis)}\n\n${formatSources(sources, emphasis)}`;
  const note = noteOf(answer);
  return note === undefined ? text : `${text}\n\n${emphasis.dim(note)}`;
}

/** Who wrote the answer, where a language model was asked to. */
function noteOf({ mode, withheld, fallback }: Answer): string | undefined {
  const kept =
    withheld === 0
      ? ""
      : ` ${count(withheld, "sentence")} that they do not bear out ${withheld === 1 ? "was" : "were"} withheld.`;
  if (mode === "generated") return `Written by the language model and checked against the documents.${kept}`;
  return fallback && `The documents' own sentences: ${FALLBACKS[fallback]}.${kept}`;
}

const FALLBACKS: Record<FallbackReason, string> = {
  unsupported: "too little of what the language model wrote is borne out by them",
  declined: "the language model found no answer in the evidence",
  failed: "the language model failed (`waymark status` tells more)",
  stalled: "nothing came from the language model for too long",
  "too-long": "the language model went on past its limit",
};

function formatAbstention(answer: Answer, { bold, dim }: Emphasis): string {
  const sentence = bold(printableLine(answer.answer));
  if (answer.related.length === 0) return sentence;
  const near = answer.related
    .slice(0, RELATED_SHOWN)
    .map((citation) => `  • ${formatPlace(citation)}\n    ${dim(quoted(citation, RELATED_LENGTH))}`);
  return [sentence, "", "Near, but not an answer:", ...near].join("\n");
}

/** A line for each place; neighbours that are in the same line of the document share one. */
function formatSources(sources: ReadonlyMap<string, Source>, { dim }: Emphasis): string {
  const lines: { marks: string; place: string; quote: string }[] = [];
  for (const { number, citation, repeats } of sources.values()) {
    const place = formatPlace(citation) + formatOtherPlaces(citation);
    const quote = repeats ? "" : `\n    ${dim(quoted(citation))}`;
    const before = lines.at(-1);
    if (before?.place === place && before.quote + quote === "") before.marks += `[${number}]`;
    else lines.push({ marks: `[${number}]`, place, quote });
  }
  return lines.map(({ marks, place, quote }) => `${marks} ${place}${quote}`).join("\n");
}

interface Source {
  number: number;
  citation: Citation;
  /** The quote is a sentence of the answer as it stands: printing it again would tell nothing. */
  repeats: boolean;
}

/** Numbers the places in the order of their first mention; a place cited twice has one number. */
function numberSources(sentences: readonly AnswerSentence[]): Map<string, Source> {
  const sources = new Map<string, Source>();
  for (const sentence of sentences) {
    for (const citation of sentence.citations) {
      const before = sources.get(keyOf(citation));
      const repeats = sentence.text === citation.quote || before?.repeats === true;
      sources.set(keyOf(citation), { citation, number: before?.number ?? sources.size + 1, repeats });
    }
  }
  return sources;
}

function keyOf({ documentId, start, end }: Citation): string {
  return `${documentId}:${start}:${end}`;
}

/** Prose runs on; list items, table rows and code have lines of their own. */
function formatSentences(
  sentences: readonly AnswerSentence[],
  sources: ReadonlyMap<string, Source>,
  emphasis: Emphasis,
): string {
  let text = "";
  sentences.forEach((sentence, index) => {
    const before = sentences[index - 1];
    if (before !== undefined) text += separator(before.kind, sentence.kind);
    if (sentence.kind === "table-row" && columnsOf(sentence) !== columnsOf(before)) {
      text += `${emphasis.dim(columnsOf(sentence))}\n`;
    }
    const marks = [...new Set(sentence.citations.map((citation) => sources.get(keyOf(citation))?.number))];
    text += `${formatSentence(sentence, emphasis)} ${emphasis.dim(marks.map((mark) => `[${mark}]`).join(""))}`;
  });
  return text;
}

function separator(before: AnswerSentence["kind"], kind: AnswerSentence["kind"]): string {
  if (before !== kind) return kind === "list-item" ? "\n" : "\n\n";
  return kind === "sentence" ? " " : "\n";
}

function formatSentence(sentence: AnswerSentence, { bold }: Emphasis): string {
  const line = (start: number, end: number) => printableLine(sentence.text.slice(start, end));
  const { start, end } = sentence.highlight ?? { start: 0, end: 0 };
  switch (sentence.kind) {
    case "table-row":
      return cellRanges(sentence)
        .map((cell) => {
          const from = Math.max(start, cell.start);
          const to = Math.min(end, cell.end);
          if (from >= to) return line(cell.start, cell.end);
          return line(cell.start, from) + bold(line(from, to)) + line(to, cell.end);
        })
        .join(" | ");
    case "code":
      return printable(sentence.text).replace(/^/gm, "    ");
    default: {
      const marked = start < end ? bold(line(start, end)) : "";
      const text = line(0, start) + marked + line(end, sentence.text.length);
      return sentence.kind === "list-item" ? `• ${text}` : text;
    }
  }
}

/** The cells' ranges in a row's text, where one tab stands between two cells. */
function cellRanges({ text }: AnswerSentence): { start: number; end: number }[] {
  let offset = 0;
  return text.split("\t").map((cell) => {
    const start = offset;
    offset += cell.length + 1;
    return { start, end: start + cell.length };
  });
}

function columnsOf(sentence: AnswerSentence | undefined): string {
  const columns = sentence?.cells?.map((cell) => printableLine(cell.column)) ?? [];
  return columns.some((column) => column !== "") ? columns.join(" | ") : "";
}

function quoted({ quote }: Citation, length = Number.POSITIVE_INFINITY): string {
  const text = printableLine(quote).trim();
  if (text.length <= length) return `“${text}”`;
  return `“${text.slice(0, text.lastIndexOf(" ", length))} …”`;
}
