import { overlaps, type Place, union } from "../metrics/place.js";
import type { EvalResults } from "../results.js";
import { escapeMarkup } from "./escape.js";

/** What is marked in the text. */
export interface Marks {
  gold: readonly Place[];
  optional: readonly Place[];
  cited: readonly Place[];
}

/** Characters of the document shown before and after a mark. */
const CONTEXT = 90;

/**
 * The parts of the documents that hold gold or citations, with some text around, as HTML: `hit` where cited and gold,
 * `missed` where only gold, `extra` where only cited, `fine` where cited and allowed. All text is escaped.
 */
export function markedText(documents: EvalResults["documents"], marks: Marks): string {
  const all = [...marks.gold, ...marks.cited];
  return documents
    .flatMap(({ id, uri, text }) =>
      union(
        all
          .filter(({ documentId }) => documentId === id)
          .map(({ start, end }) => ({
            documentId: id,
            start: Math.max(0, start - CONTEXT),
            end: Math.min(text.length, end + CONTEXT),
          })),
      ).map(
        (excerpt) =>
          `<p class="excerpt"><cite>${escapeMarkup(uri)}</cite> …${markExcerpt(text, excerpt, marks)}…</p>`,
      ),
    )
    .join("");
}

function markExcerpt(text: string, excerpt: Place, { gold, optional, cited }: Marks): string {
  const inside = [...gold, ...optional, ...cited].filter((place) => overlaps(place, excerpt));
  const edges = [excerpt.start, excerpt.end, ...inside.flatMap(({ start, end }) => [start, end])]
    .filter((offset) => offset >= excerpt.start && offset <= excerpt.end)
    .sort((a, b) => a - b);
  return edges
    .slice(1)
    .map((end, index) => ({ documentId: excerpt.documentId, start: edges[index] ?? end, end }))
    .filter(({ start, end }) => end > start)
    .map((piece) => {
      const within = (places: readonly Place[]) => places.some((place) => overlaps(place, piece));
      const mark = markOf(within(gold), within(cited), within(optional));
      const escaped = escapeMarkup(text.slice(piece.start, piece.end));
      return mark === undefined ? escaped : `<mark class="${mark}">${escaped}</mark>`;
    })
    .join("");
}

function markOf(gold: boolean, cited: boolean, optional: boolean): string | undefined {
  if (gold) return cited ? "hit" : "missed";
  if (cited) return optional ? "fine" : "extra";
  return undefined;
}
