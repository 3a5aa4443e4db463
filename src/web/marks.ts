import type { Range } from "../documents/document.js";

/** A stretch of a block that is marked throughout or not at all. */
export interface Segment extends Range {
  marked: boolean;
}

/**
 * Cuts `range` where the marks begin and end. The segments are in order, none is empty, two neighbours differ in
 * `marked`, and together they are exactly `range`; the marked ones are its intersection with the union of `marks`.
 * Marks may overlap each other, reach beyond the range or miss it.
 */
export function segmentRange(range: Range, marks: readonly Range[]): Segment[] {
  const segments: Segment[] = [];
  let at = range.start;
  for (const mark of inOrder(range, marks)) {
    if (mark.end <= at) continue;
    if (mark.start > at) append(segments, { start: at, end: mark.start, marked: false });
    const start = Math.max(mark.start, at);
    append(segments, { start, end: mark.end, marked: true });
    at = mark.end;
  }
  if (at < range.end) append(segments, { start: at, end: range.end, marked: false });
  return segments;
}

/** The part of `range` that lies in `other`, or undefined where they do not meet. */
export function intersect(range: Range, other: Range): Range | undefined {
  const start = Math.max(range.start, other.start);
  const end = Math.min(range.end, other.end);
  return start < end ? { start, end } : undefined;
}

function inOrder(range: Range, marks: readonly Range[]): Range[] {
  return marks
    .map((mark) => intersect(range, mark))
    .filter((mark) => mark !== undefined)
    .sort((a, b) => a.start - b.start);
}

function append(segments: Segment[], segment: Segment): void {
  const last = segments.at(-1);
  if (last?.marked === segment.marked) last.end = segment.end;
  else segments.push(segment);
}
