/** Where each line begins: the line of an offset is found in it by halving. */
export class LineIndex {
  readonly #starts: number[] = [0];

  constructor(text: string) {
    for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) this.#starts.push(at + 1);
  }

  /** How many lines there are. */
  get length(): number {
    return this.#starts.length;
  }

  /** The line, from 0, that the offset lies in. */
  lineAt(offset: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** Where the line begins. */
  startOf(line: number): number {
    return this.#starts[line] ?? 0;
  }
}
