import { overlaps, type Place, union } from "../metrics/place.js";
import type { EvalResults } from "../results.js";
import { escapeMarkup } from "./escape.js";

/** What is marked in the text. */
export interface Marks {
  gold: readonly Place[];
  optional: readonly Place[];
  /** In the order of the answer: each is numbered where it begins. */
  cited: readonly Place[];
  /** Orders that were hidden in the document. */
  orders?: readonly Place[];
}

/** Characters of the document shown before and after a mark. */
const CONTEXT = 90;

/**
 * The parts of the documents that hold gold, orders or citations, with some text around, as HTML: `hit` where cited and
 * gold, `missed` where only gold, `extra` where only cited, `fine` where cited and allowed, `order` where an order is. The
 * numbers of citations are in attributes, so the text stays the document's. All text is escaped.
 */
export function markedText(documents: EvalResults["documents"], marks: Marks): string {
  const all = [...marks.gold, ...marks.cited, ...(marks.orders ?? [])];
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

function markExcerpt(text: string, excerpt: Place, { gold, optional, cited, orders = [] }: Marks): string {
  const inside = [...gold, ...optional, ...cited, ...orders].filter((place) => overlaps(place, excerpt));
  const edges = [excerpt.start, excerpt.end, ...inside.flatMap(({ start, end }) => [start, end])]
    .filter((offset) => offset >= excerpt.start && offset <= excerpt.end)
    .sort((a, b) => a - b);
  return edges
    .slice(1)
    .map((end, index) => ({ documentId: excerpt.documentId, start: edges[index] ?? end, end }))
    .filter(({ start, end }) => end > start)
    .map((piece) => {
      const within = (places: readonly Place[]) => places.some((place) => overlaps(place, piece));
      const mark = markOf({
        gold: within(gold),
        cited: within(cited),
        optional: within(optional),
        order: within(orders),
      });
      const escaped = escapeMarkup(text.slice(piece.start, piece.end));
      const numbers = cited.flatMap(({ documentId, start }, index) =>
        documentId === piece.documentId && start === piece.start ? [`<sup data-n="${index + 1}"></sup>`] : [],
      );
      return numbers.join("") + (mark === undefined ? escaped : `<mark class="${mark}">${escaped}</mark>`);
    })
    .join("");
}

/** The class of a mark by what its text is; undefined where it is none of these. */
export function markOf({
  gold,
  cited,
  optional,
  order = false,
}: Record<"gold" | "cited" | "optional", boolean> & { order?: boolean }): string | undefined {
  if (gold) return cited ? "hit" : "missed";
  if (cited) return optional ? "fine" : "extra";
  return order ? "order" : undefined;
}
