import type { Block, SourceDocument } from "../documents/document.js";

/** Characters of a question that fits on a button. */
const MAX_LENGTH = 160;

/**
 * Questions to start from: the headings of a document that end in a question mark. Those that stand together under one
 * heading (a FAQ) come before a lone rhetorical one.
 */
export function starterQuestions(document: Pick<SourceDocument, "text" | "blocks">, most: number): string[] {
  const sections = new Map<Block | undefined, string[]>();
  const path: Block[] = [];
  for (const block of document.blocks) {
    if (block.type !== "heading") continue;
    while (path.length > 0 && level(path.at(-1)) >= level(block)) path.pop();
    const parent = path.at(-1);
    path.push(block);
    const heading = document.text.slice(block.start, block.end).trim();
    if (/[?？]$/.test(heading) && heading.length <= MAX_LENGTH)
      sections.set(parent, [...(sections.get(parent) ?? []), heading]);
  }
  const largestFirst = [...sections.values()].sort((a, b) => b.length - a.length);
  return [...new Set(largestFirst.flat())].slice(0, most);
}

function level(heading: Block | undefined): number {
  return heading?.level ?? 1;
}
