import type { DocumentBuilder, Piece } from "./builder.js";
import type { Range, SourceDocument } from "./document.js";

/** How the blocks of one document stand in another. */
export interface AppendOptions {
  /** Added to the level of each heading; "none": headings are paragraphs there. Default: 0. */
  headings?: number | "none";
  /** Where they come from: for every piece that is appended. */
  from?: Pick<Piece, "line" | "place">;
}

/**
 * Appends the blocks of a document that is a part of another: a cell of a notebook, the body of a message. Its own lines
 * and pages are left behind; what it hides is counted here.
 */
export function appendDocument(
  builder: DocumentBuilder,
  { text, blocks, hidden = 0 }: SourceDocument,
  { headings = 0, from = {} }: AppendOptions = {},
): void {
  const groups = new Map<number, number>();
  const newGroup = (group: number): number => {
    const known = groups.get(group) ?? builder.newGroup();
    groups.set(group, known);
    return known;
  };
  const piece = ({ start, end }: Range): Piece => ({ ...from, text: text.slice(start, end), verbatim: true });
  builder.leaveOut(hidden);
  for (const { start, end, cells, header, group, ...block } of blocks) {
    if (block.type === "table-row") {
      const row = (cells ?? [{ start, end }]).map((cell) => (cell.start < cell.end ? [piece(cell)] : []));
      builder.addRow(newGroup(group ?? 0), header === true, row);
    } else if (block.type === "heading") {
      const level = Math.min(6, (block.level ?? 1) + (headings === "none" ? 0 : headings));
      builder.add(headings === "none" ? { type: "paragraph" } : { type: "heading", level }, [
        piece({ start, end }),
      ]);
    } else {
      builder.add(group === undefined ? block : { ...block, group: newGroup(group) }, [
        piece({ start, end }),
      ]);
    }
  }
}
