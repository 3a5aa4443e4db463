import type { Block } from "../documents/document.js";

/** What a run of blocks is shown as. */
export type Part =
  | { type: "heading"; level: number; block: Block }
  | { type: "paragraph" | "quote" | "code"; block: Block }
  | ListPart
  | { type: "table"; rows: Block[] };

/** A list; an item's `lists` are those nested in it. */
export interface ListPart {
  type: "list";
  ordered: boolean;
  items: { block: Block; lists: ListPart[] }[];
}

/** Builds lists (by group and depth) and tables (by group) from the flat blocks of a document. Each block is in one part. */
export function outline(blocks: readonly Block[]): Part[] {
  const parts: Part[] = [];
  let at = 0;
  while (at < blocks.length) {
    const block = blocks[at] as Block;
    const run = runFrom(blocks, at);
    if (block.type === "list-item") parts.push(...nest(run));
    else if (block.type === "table-row") parts.push({ type: "table", rows: run });
    else if (block.type === "heading") parts.push({ type: "heading", level: block.level ?? 2, block });
    else parts.push({ type: block.type, block });
    at += run.length;
  }
  return parts;
}

/** The blocks from `at` on that make one list or table: for all other blocks, that block alone. */
function runFrom(blocks: readonly Block[], at: number): Block[] {
  const first = blocks[at] as Block;
  if (first.type !== "list-item" && first.type !== "table-row") return [first];
  const after = blocks.findIndex((block, i) => i > at && !continues(first, block));
  return blocks.slice(at, after < 0 ? blocks.length : after);
}

/** Items of a nested list may have a group of their own: what is deeper than the run's first item belongs to it. */
function continues(first: Block, block: Block): boolean {
  if (block.type !== first.type) return false;
  return block.group === first.group || (block.depth ?? 0) > (first.depth ?? 0);
}

function nest(items: readonly Block[]): ListPart[] {
  const top: ListPart[] = [];
  const open: { depth: number; lists: ListPart[] }[] = [{ depth: -1, lists: top }];
  for (const block of items) {
    const depth = block.depth ?? 0;
    while (open.length > 1 && (open.at(-1)?.depth ?? -1) >= depth) open.pop();
    const parent = open.at(-1)?.lists ?? top;
    const ordered = block.ordinal !== undefined;
    let list = parent.at(-1);
    if (list === undefined || list.ordered !== ordered) {
      list = { type: "list", ordered, items: [] };
      parent.push(list);
    }
    const item = { block, lists: [] };
    list.items.push(item);
    open.push({ depth, lists: item.lists });
  }
  return top;
}
