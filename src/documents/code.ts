import { posix } from "node:path";
import { WaymarkError } from "../errors.js";
import { DocumentBuilder, type Piece, type Source } from "./builder.js";
import { divideCode } from "./code-chunks.js";
import { commentBlocks } from "./code-comments.js";
import { outlineByGrammar } from "./code-grammar.js";
import { type CodeLanguage, codeLanguage, PLAIN_CODE } from "./code-languages.js";
import type { CodeOutline, LineRange } from "./code-outline.js";
import { outlineByShape } from "./code-shape.js";
import { decodeText } from "./decode.js";
import type { SourceDocument } from "./document.js";
import { SectionPath } from "./section-path.js";

/**
 * Reads source code by its structure: functions and classes are headings by their names, comments above them (and
 * between them) are prose without their marks, all else is code, divided between statements into pieces that fit the
 * reader. `lines` are the source's lines; a piece of code has lost only the indent that its lines share.
 * @throws WaymarkError `unreadable-document` for what programs made for programs: minified and generated code.
 */
export async function parseCode(bytes: Uint8Array, source: Source): Promise<SourceDocument> {
  const text = decodeText(bytes, source);
  refuseMachineMade(text, source);
  const language = codeLanguage(posix.extname(source.uri).toLowerCase()) ?? PLAIN_CODE;
  const lines = text.split("\n");
  const outline = await outlineOf(text, lines, language);
  const title = posix.basename(source.uri);
  const builder = new DocumentBuilder(source, language.mediaType);
  writeParts(builder, new SectionPath(builder, title), lines, outline);
  return builder.finish(title);
}

/** The pieces of code that no heading divides: a notebook's cell. */
export async function codePieces(text: string, extension: string): Promise<Piece[]> {
  const lines = text.split("\n");
  const { depths } = await outlineOf(text, lines, codeLanguage(extension) ?? PLAIN_CODE);
  return divideCode(lines, depths, { start: 0, end: lines.length }).map((range) => codePiece(lines, range));
}

async function outlineOf(
  text: string,
  lines: readonly string[],
  language: CodeLanguage,
): Promise<CodeOutline> {
  if (language.grammar === undefined) return outlineByShape(lines, language);
  return outlineByGrammar(text, await language.grammar());
}

/** No person writes lines of so many characters, and a file of which they are so large a share. */
const LONG_LINE = 1000;
const LONG_SHARE = 0.3;
const GENERATED = /^\s*(?:\/\/|#|\/?\*+|--)\s*(?:Code generated .{0,200}DO NOT EDIT|@generated\b)/m;
/** Where a generator says so: in the first characters. */
const HEAD = 1000;

function refuseMachineMade(text: string, { uri }: Source): void {
  const long = text.split("\n").reduce((sum, line) => sum + (line.length > LONG_LINE ? line.length : 0), 0);
  const what =
    long > text.length * LONG_SHARE
      ? "minified: its lines are too long to be read"
      : GENERATED.test(text.slice(0, HEAD))
        ? "generated, as it says itself"
        : undefined;
  if (what === undefined) return;
  throw new WaymarkError("unreadable-document", `${uri} is ${what}.`, {
    hint: "Index what it was made from, or leave it out.",
  });
}

interface Part extends LineRange {
  path: readonly string[];
  kind: "code" | "comment";
}

function writeParts(
  builder: DocumentBuilder,
  sections: SectionPath,
  lines: readonly string[],
  outline: CodeOutline,
): void {
  for (const part of partsOf(lines, outline)) {
    if (part.kind === "comment") {
      const blocks = commentBlocks(lines.slice(part.start, part.end), part.start + 1);
      for (const { shape, pieces } of blocks) {
        sections.enter(part.path, part.start + 1);
        builder.add(shape, pieces);
      }
    } else {
      for (const range of divideCode(lines, outline.depths, part)) {
        sections.enter(part.path, range.start + 1);
        builder.add({ type: "code" }, [codePiece(lines, range)]);
      }
    }
  }
}

/** Definitions of fewer lines have no heading of their own: a list of constants is read as one. */
const MIN_LINES = 3;
/** What closes a class after its last method. */
const CLOSERS = /^\s*(?:[)\]}>;,\s]+|end;?|#endif.*)$/;

/** The file's lines in runs of one kind and one definition. Blank lines go with what stands above them. */
function partsOf(lines: readonly string[], { comments, definitions }: CodeOutline): Part[] {
  const isComment = new Array<boolean>(lines.length).fill(false);
  const isAbove = new Array<boolean>(lines.length).fill(false);
  for (const { start, end, docstring = false } of comments) {
    isComment.fill(true, start, end);
    isAbove.fill(!docstring, start, end);
  }
  const begins = new Map<number, { name: string; end: number }>();
  for (const { name, start, end } of definitions) {
    if (isComment[start] === true) continue;
    let first = start;
    while (isAbove[first - 1] === true && !begins.has(first)) first -= 1;
    if (end - first >= MIN_LINES && !begins.has(first)) begins.set(first, { name, end });
  }
  const parts: Part[] = [];
  const open: { name: string; end: number }[] = [];
  let path: string[] = [];
  for (const [index, line] of lines.entries()) {
    const depth = open.length;
    while ((open.at(-1)?.end ?? lines.length) <= index) open.pop();
    const begun = begins.get(index);
    if (begun !== undefined) open.push(begun);
    if (begun !== undefined || open.length !== depth) path = open.map(({ name }) => name);
    const kind = isComment[index] === true ? "comment" : "code";
    const last = parts.at(-1);
    const goesOn = line.trim() === "" || (CLOSERS.test(line) && last?.kind === "code");
    if (last !== undefined && (goesOn || (last.kind === kind && last.path === path))) last.end = index + 1;
    else parts.push({ path, kind, start: index, end: index + 1 });
  }
  return parts;
}

/** The lines without the indent that all of them share. */
function codePiece(lines: readonly string[], { start, end }: LineRange): Piece {
  const own = lines.slice(start, end);
  const indents = own.filter((line) => line.trim() !== "").map((line) => /^\s*/.exec(line)?.[0] ?? "");
  const shared = indents.reduce((least, indent) => commonStart(least, indent), indents[0] ?? "");
  const text = own
    .map((line) => (line.startsWith(shared) ? line.slice(shared.length) : line.trimStart()))
    .join("\n");
  return { text, line: start + 1, verbatim: true };
}

function commonStart(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return a.slice(0, length);
}
