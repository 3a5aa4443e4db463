/** A line of a plain text, without its line end. */
export interface Line {
  text: string;
  /** UTF-16 offset of the line in the text. */
  start: number;
  /** 1-based. */
  number: number;
}

/** Lines without a blank one between them; never empty. */
export type Chunk = [Line, ...Line[]];

/** The chunks of a text whose line ends are `\n`, in order. */
export function splitChunks(text: string): Chunk[] {
  const chunks: Chunk[] = [];
  let open: Chunk | undefined;
  let start = 0;
  for (const [index, lineText] of text.split("\n").entries()) {
    const line: Line = { text: lineText, start, number: index + 1 };
    start += lineText.length + 1;
    if (lineText.trim() === "") {
      open = undefined;
    } else if (open === undefined) {
      open = [line];
      chunks.push(open);
    } else {
      open.push(line);
    }
  }
  return chunks;
}
