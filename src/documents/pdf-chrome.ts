import type { PdfLine } from "./pdf-lines.js";

/** How many lines at each end of a page may be its running header or footer. */
const EDGE_LINES = 2;
/** The header of one page may sit this many points higher than that of the next. */
const SAME_HEIGHT = 4;

/**
 * Drops running headers, footers and page numbers: lines at the top or bottom edge of a page that come again, but
 * for their digits, at the same height, on more than half of the pages, or on some with a number that counts the pages.
 */
export function dropPageChrome(lines: readonly PdfLine[]): PdfLine[] {
  const pages = groupBy(lines, ({ page }) => page);
  const edges = [...pages.values()].flatMap((page) => {
    const byHeight = page.toSorted((one, other) => one.y - other.y);
    return [...new Set([...byHeight.slice(0, EDGE_LINES), ...byHeight.slice(-EDGE_LINES)])];
  });
  const repeated = new Set<PdfLine>();
  for (const alike of groupBy(edges, pattern).values()) {
    for (const line of alike) {
      const level = alike.filter(({ y }) => Math.abs(y - line.y) <= SAME_HEIGHT);
      const counting = level.filter((other) => pageOffset(other) === pageOffset(line));
      if (pagesOf(level) > Math.max(1, pages.size / 2) || pagesOf(counting) > 1) repeated.add(line);
    }
  }
  return lines.filter((line) => !repeated.has(line));
}

function pagesOf(lines: readonly PdfLine[]): number {
  return new Set(lines.map(({ page }) => page)).size;
}

/** What the line's last number lacks to the page's own; not a number, and so equal to none, where it has no number. */
function pageOffset({ cells, page }: PdfLine): number {
  const number = cells.at(-1)?.text.match(/\d+/g)?.at(-1);
  return number === undefined ? Number.NaN : Number(number) - page;
}

function pattern({ cells }: PdfLine): string {
  return cells.map(({ text }) => text.replace(/\d+/g, "#")).join("\t");
}

function groupBy<T, K>(values: readonly T[], key: (value: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const value of values) {
    const group = groups.get(key(value));
    if (group === undefined) groups.set(key(value), [value]);
    else group.push(value);
  }
  return groups;
}
