import type { CodeLanguage } from "./code-languages.js";
import type { CodeOutline, Definition, LineRange } from "./code-outline.js";

/** The structure of source code in a language without a grammar: by indents, blank lines and words for definitions. */
export function outlineByShape(lines: readonly string[], language: CodeLanguage): CodeOutline {
  const indents = lines.map(indentOf);
  const definitions = findDefinitions(lines, indents, language);
  const starts = new Set(definitions.map(({ start }) => start));
  const comments = findComments(lines, language).filter(
    ({ start, end }) => indents[start] === 0 || starts.has(end),
  );
  const depths = lines.map((line, index) => {
    if (isContinuation(line)) return Number.POSITIVE_INFINITY;
    const afterBlank = index > 0 && lines[index - 1]?.trim() === "";
    return (indents[index] ?? 0) + (afterBlank ? 0 : 0.5);
  });
  return { depths, comments, definitions };
}

const TAB_WIDTH = 4;
/** Only marks, or a word that ends or goes on with what stands above. */
const CONTINUATION =
  /^\s*(?:[^\p{L}\p{N}"'`$@_#.-]*|(?:end|fi|done|esac|else|elif|elsif|then|do|catch|finally|rescue|begin)\b.*)$/iu;
const MAX_DEPTH = 3;

function isContinuation(line: string): boolean {
  return CONTINUATION.test(line);
}

/** A YAML list may stand at the indent of its key. */
function indentOf(line: string): number {
  const indent = /^\s*/.exec(line)?.[0] ?? "";
  const columns = indent.length + (TAB_WIDTH - 1) * (indent.split("\t").length - 1);
  return columns + (/^\s*- /.test(line) ? 1 : 0);
}

function findDefinitions(
  lines: readonly string[],
  indents: readonly number[],
  { definition, flat = false }: CodeLanguage,
): Definition[] {
  if (definition === undefined) return [];
  const found: Definition[] = [];
  const open: { definition: Definition; indent: number }[] = [];
  const close = (end: number) => {
    const ended = open.pop();
    if (ended !== undefined) ended.definition.end = end;
  };
  let lastFilled = 0;
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "") continue;
    const indent = indents[index] ?? 0;
    const names = definition.exec(line)?.groups;
    const goesOn = flat ? names === undefined : isContinuation(line);
    while (!goesOn && open.length > 0 && (flat || (open.at(-1)?.indent ?? 0) >= indent))
      close(lastFilled + 1);
    const name = names?.name ?? names?.method ?? names?.word;
    if (name !== undefined && open.length < MAX_DEPTH) {
      const begun = { name: name.replace(/^["`[]|["`\]]$/g, ""), start: index, end: index + 1 };
      found.push(begun);
      open.push({ definition: begun, indent });
    }
    lastFilled = index;
  }
  while (open.length > 0) close(lastFilled + 1);
  return found;
}

function findComments(lines: readonly string[], { comment, block = false }: CodeLanguage): LineRange[] {
  const found: LineRange[] = [];
  let closes = true;
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index]?.trim() ?? "";
    const isLine = comment.some((mark) => line.startsWith(mark)) && !line.startsWith("#!");
    let end = isLine ? index + 1 : undefined;
    if (closes && block && line.startsWith("/*")) {
      let last = index;
      while (last < lines.length && lines[last]?.includes("*/") !== true) last += 1;
      closes = last < lines.length;
      if (lines[last]?.trimEnd().endsWith("*/") === true) end = last + 1;
    }
    if (end === undefined) continue;
    const before = found.at(-1);
    if (before?.end === index) before.end = end;
    else found.push({ start: index, end });
    index = end - 1;
  }
  return found;
}
