import type { Range } from "../../documents/document.js";

/** A range of one document's canonical text. */
export interface Place extends Range {
  documentId: string;
}

/** The number of characters (UTF-16) in the union of the places: what is covered twice counts once. */
export function measure(places: readonly Place[]): number {
  return union(places).reduce((sum, { start, end }) => sum + end - start, 0);
}

/** The same characters as disjoint places, ordered by document and start; empty ranges vanish. */
export function union(places: readonly Place[]): Place[] {
  const merged: Place[] = [];
  for (const place of [...places].filter((p) => p.end > p.start).sort(byPosition)) {
    const last = merged.at(-1);
    if (last !== undefined && last.documentId === place.documentId && place.start <= last.end)
      last.end = Math.max(last.end, place.end);
    else merged.push({ documentId: place.documentId, start: place.start, end: place.end });
  }
  return merged;
}

/** The characters that both have, as disjoint places. */
export function intersect(a: readonly Place[], b: readonly Place[]): Place[] {
  const others = union(b);
  return union(a).flatMap((place) =>
    others
      .filter((other) => overlaps(place, other))
      .map((other) => ({
        documentId: place.documentId,
        start: Math.max(place.start, other.start),
        end: Math.min(place.end, other.end),
      })),
  );
}

/** Do two places share a character? */
export function overlaps(a: Place, b: Place): boolean {
  return a.documentId === b.documentId && a.start < b.end && b.start < a.end;
}

function byPosition(a: Place, b: Place): number {
  if (a.documentId !== b.documentId) return a.documentId < b.documentId ? -1 : 1;
  return a.start - b.start;
}
