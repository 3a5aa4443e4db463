/** What a page draws, as pdf.js lists it: numbers of its operators, and their arguments. */
export interface PdfOperators {
  fnArray: readonly number[];
  argsArray: readonly (readonly unknown[] | null)[];
}

/** pdf.js's numbers for the operators that say whether words can be seen (`OPS`). */
const OPS = {
  setGState: 9,
  save: 10,
  restore: 11,
  transform: 12,
  setTextRenderingMode: 38,
  setTextMatrix: 42,
  setFillRgb: 59,
  beginForm: 74,
  endForm: 75,
  path: 91,
} as const;
const SHOW_TEXT = new Set([44, 45, 46, 47]);
/** Pictures and shadings of all kinds. */
const PICTURES = new Set([62, 83, 84, 85, 86, 87, 88, 89, 90]);
/** The operators that fill a path, as an argument of `path`. */
const FILLS = new Set([22, 23, 24, 25, 26, 27]);

/** Text in this mode is drawn with neither fill nor line. Over a picture it is what a scanner has recognised in it. */
const INVISIBLE_MODE = 3;
const MAX_TRANSPARENT = 0.05;
/** Red, green and blue of a white that no one tells from paper. */
const PAPER = 0xf4;

type Matrix = readonly [number, number, number, number, number, number];
interface State {
  matrix: Matrix;
  white: boolean;
  alpha: number;
  mode: number;
}
interface Box {
  left: number;
  bottom: number;
  right: number;
  top: number;
}

/** Tells the words that a page draws for no one to see from the others. */
export class ShownText {
  /** Characters that were left out so far. */
  hidden = 0;
  readonly #letters: string;
  readonly #isHidden: readonly boolean[];
  #at = 0;

  constructor(operators: PdfOperators) {
    const letters: string[] = [];
    const isHidden: boolean[] = [];
    for (const { text, hidden } of drawnText(operators)) {
      for (const letter of printed(text)) {
        letters.push(letter);
        isHidden.push(hidden);
      }
    }
    this.#letters = letters.join("");
    this.#isHidden = letters.flatMap(
      (letter, index) => Array(letter.length).fill(isHidden[index]) as boolean[],
    );
  }

  /** What is seen of the next stretch of text, which pdf.js gives in the order in which the page draws it. */
  next(text: string): string {
    const letters = printed(text);
    if (letters === "" || !this.#isHidden.includes(true)) return text;
    const found = this.#letters.indexOf(letters, this.#at);
    if (found === -1) return text;
    this.#at = found + letters.length;
    const flags = this.#isHidden.slice(found, this.#at);
    if (!flags.includes(true)) return text;
    this.hidden += flags.filter(Boolean).length;
    let index = 0;
    return [...text].filter((letter) => printed(letter) === "" || !flags[index++]).join("");
  }
}

/** Normalised as pdf.js normalises what it gives, so that the two can be compared. */
function printed(text: string): string {
  return text.normalize("NFKC").replace(/\s+/g, "");
}

function* drawnText({ fnArray, argsArray }: PdfOperators): Generator<{ text: string; hidden: boolean }> {
  let state: State = { matrix: [1, 0, 0, 1, 0, 0], white: false, alpha: 1, mode: 0 };
  const saved: State[] = [];
  const behind: Box[] = [];
  let pictures = false;
  let textMatrix: Matrix = [1, 0, 0, 1, 0, 0];
  for (const [index, operator] of fnArray.entries()) {
    const args = argsArray[index] ?? [];
    if (operator === OPS.save || operator === OPS.beginForm) saved.push(state);
    if (operator === OPS.restore || operator === OPS.endForm) state = saved.pop() ?? state;
    if (operator === OPS.beginForm && args[0])
      state = { ...state, matrix: multiply(state.matrix, toMatrix(args[0])) };
    if (operator === OPS.transform) state = { ...state, matrix: multiply(state.matrix, toMatrix(args)) };
    if (operator === OPS.setTextMatrix) textMatrix = toMatrix(args[0]);
    if (operator === OPS.setTextRenderingMode) state = { ...state, mode: Number(args[0]) };
    if (operator === OPS.setFillRgb) state = { ...state, white: isWhite(args[0]) };
    if (operator === OPS.setGState) state = { ...state, alpha: fillAlpha(args[0]) ?? state.alpha };
    if (PICTURES.has(operator)) pictures = true;
    if (
      operator === OPS.path &&
      FILLS.has(Number(args[0])) &&
      !state.white &&
      state.alpha > MAX_TRANSPARENT
    ) {
      behind.push(toBox(args[2], state.matrix));
    }
    if (SHOW_TEXT.has(operator)) {
      const [, , , , x, y] = multiply(state.matrix, textMatrix);
      const onPaper = !pictures && !behind.some((box) => isInside(box, x, y));
      const hidden =
        state.alpha <= MAX_TRANSPARENT ||
        (state.mode % 4 === INVISIBLE_MODE && !pictures) ||
        (state.white && state.mode % 4 === 0 && onPaper);
      yield { text: glyphText(args), hidden };
    }
  }
}

function glyphText(args: readonly unknown[]): string {
  const glyphs = args.find(Array.isArray) as unknown[] | undefined;
  return (glyphs ?? [])
    .map((glyph) =>
      typeof glyph === "object" && glyph !== null && "unicode" in glyph ? String(glyph.unicode) : "",
    )
    .join("");
}

function isWhite(color: unknown): boolean {
  const [, red, green, blue] = /^#(..)(..)(..)/.exec(String(color)) ?? [];
  return [red, green, blue].every((part) => part !== undefined && Number.parseInt(part, 16) >= PAPER);
}

function fillAlpha(entries: unknown): number | undefined {
  if (!Array.isArray(entries)) return undefined;
  const found = (entries as unknown[]).find((entry) => Array.isArray(entry) && entry[0] === "ca");
  return Array.isArray(found) ? Number(found[1]) : undefined;
}

/** Arrays, typed arrays and pdf.js's own objects with numbered fields. */
function toMatrix(value: unknown): Matrix {
  const at = (index: number) => Number((value as Record<number, unknown> | null)?.[index] ?? 0);
  return [at(0), at(1), at(2), at(3), at(4), at(5)];
}

function toBox(value: unknown, matrix: Matrix): Box {
  const [left, bottom, right, top] = toMatrix(value);
  const corners = [
    [left, bottom],
    [left, top],
    [right, bottom],
    [right, top],
  ].map(([x = 0, y = 0]) => multiply(matrix, [1, 0, 0, 1, x, y]));
  const xs = corners.map((corner) => corner[4]);
  const ys = corners.map((corner) => corner[5]);
  return { left: Math.min(...xs), right: Math.max(...xs), bottom: Math.min(...ys), top: Math.max(...ys) };
}

function isInside({ left, bottom, right, top }: Box, x: number, y: number): boolean {
  return x >= left && x <= right && y >= bottom && y <= top;
}

function multiply(m: Matrix, n: Matrix): Matrix {
  const [a, b, c, d, e, f] = m;
  const [p, q, r, s, t, u] = n;
  return [a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * t + c * u + e, b * t + d * u + f];
}
