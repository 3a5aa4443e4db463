import type { Block, SourceDocument } from "../documents/document.js";
import type { CountTokens } from "../models/model.js";
import { contextText, type Passage, type Unit, unitText } from "./passage.js";
import { splitSentences } from "./sentences.js";

export interface SplitOptions {
  countTokens: CountTokens;
  /** Longest passage, context included, in tokens; one unit may be longer. */
  maxTokens?: number;
}

/** The reader was trained on 192 tokens for question and passage together; 160 leaves room for the question. */
export const MAX_PASSAGE_TOKENS = 160;

/** Changes whenever passages or their vectors would be made differently: an index with another value is re-made. */
export const SPLIT_FINGERPRINT = `structure-2/${MAX_PASSAGE_TOKENS}/title-apart/tokens`;

/**
 * Splits a document into passages along its structure. A passage never crosses a heading; a list or table stays with
 * the paragraph that introduces it, and is divided, between items or rows, only where it is too long. The paragraphs
 * of a section are divided evenly, between paragraphs where possible, else between sentences.
 *
 * Every character of the document that is not white space, a bullet or a heading is in exactly one passage.
 */
export function splitDocument(document: SourceDocument, options: SplitOptions): Passage[] {
  const maxTokens = options.maxTokens ?? MAX_PASSAGE_TOKENS;
  const passages: Passage[] = [];
  for (const section of sectionsOf(document)) {
    const tables = tablesOf(section.blocks);
    const parts = section.blocks.map((block) => toPart(document, block, tables));
    for (const run of runsOf(parts)) {
      for (const piece of divide(run, {
        ...options,
        maxTokens,
        headings: section.headings,
      })) {
        passages.push({
          ...piece,
          documentId: document.id,
          id: `${document.id}:${passages.length}`,
          ordinal: passages.length,
        });
      }
    }
  }
  return passages;
}

/** Blocks under one heading. */
interface Section {
  headings: string[];
  blocks: Block[];
}

/** A block with its units. A table's header row has no unit of its own unless it is all the table has. */
interface Part {
  block: Block;
  units: Unit[];
}

/** Parts that are kept together as far as they fit; `leadIn` is repeated as context where they do not. */
interface Run {
  parts: Part[];
  leadIn?: string;
}

function sectionsOf(document: SourceDocument): Section[] {
  const sections: Section[] = [];
  const path: { level: number; text: string }[] = [];
  let current: Section = { headings: [], blocks: [] };
  for (const block of document.blocks) {
    if (block.type !== "heading") {
      current.blocks.push(block);
      continue;
    }
    if (current.blocks.length > 0) sections.push(current);
    const level = block.level ?? 1;
    while (path.length > 0 && (path.at(-1)?.level ?? 0) >= level) path.pop();
    const text = document.text.slice(block.start, block.end).replace(/\s+/g, " ");
    path.push({ level, text });
    current = {
      headings: path.map((entry) => entry.text).filter((entry) => entry !== document.title),
      blocks: [],
    };
  }
  if (current.blocks.length > 0) sections.push(current);
  return sections;
}

/** A table's header row, and whether it has no others. */
interface TableHead {
  header?: Block;
  alone: boolean;
}

/** By their groups. */
function tablesOf(blocks: readonly Block[]): Map<Block["group"], TableHead> {
  const tables = new Map<Block["group"], TableHead>();
  for (const block of blocks) {
    if (block.type !== "table-row") continue;
    const table = tables.get(block.group) ?? { alone: true };
    if (block.header !== true) table.alone = false;
    else table.header ??= block;
    tables.set(block.group, table);
  }
  return tables;
}

function toPart(
  document: SourceDocument,
  block: Block,
  tables: ReadonlyMap<Block["group"], TableHead>,
): Part {
  const { text } = document;
  const group = block.group === undefined ? {} : { group: block.group };
  const verbatim = (start: number, end: number) => [{ text: text.slice(start, end), start, end }];
  switch (block.type) {
    case "list-item":
      return {
        block,
        units: [
          {
            kind: "list-item",
            start: block.start,
            end: block.end,
            pieces: verbatim(block.start, block.end),
            ...group,
          },
        ],
      };
    case "table-row": {
      const { header, alone } = tables.get(block.group) ?? { alone: false };
      if (block.header === true && !alone) return { block, units: [] };
      const pieces = rowPieces(text, block, header === block ? undefined : header);
      return { block, units: [{ kind: "table-row", start: block.start, end: block.end, pieces, ...group }] };
    }
    case "code":
      return {
        block,
        units: [
          { kind: "code", start: block.start, end: block.end, pieces: verbatim(block.start, block.end) },
        ],
      };
    default:
      return {
        block,
        units: splitSentences(text, block.start, block.end).map(({ start, end }) => ({
          kind: "sentence",
          start,
          end,
          pieces: verbatim(start, end),
        })),
      };
  }
}

/** "Column: cell; Column: cell": a row makes sense only with its header. */
function rowPieces(text: string, row: Block, header: Block | undefined): Unit["pieces"] {
  const cells = row.cells ?? [{ start: row.start, end: row.end }];
  return cells.flatMap((cell, column) => {
    const name = header?.cells?.[column];
    const label = name === undefined ? "" : text.slice(name.start, name.end).trim();
    const before = `${column === 0 ? "" : "; "}${label === "" ? "" : `${label}: `}`;
    const own = { text: text.slice(cell.start, cell.end), start: cell.start, end: cell.end };
    return before === "" ? [own] : [{ text: before }, own];
  });
}

/** Paragraphs together; each list or table a run of its own with the paragraph that introduces it. */
function runsOf(parts: readonly Part[]): Run[] {
  const runs: Run[] = [];
  let prose: Part[] = [];
  const flush = () => {
    if (prose.length > 0) runs.push({ parts: prose });
    prose = [];
  };
  for (let index = 0; index < parts.length; ) {
    const part = parts[index];
    if (part === undefined) break;
    const group = part.block.group;
    if (group === undefined) {
      prose.push(part);
      index++;
      continue;
    }
    let end = index;
    while (parts[end]?.block.group === group) end++;
    const introduction = prose.at(-1);
    const leadIn = introduction?.units.at(-1);
    if (introduction !== undefined && leadIn !== undefined && introduces(introduction, leadIn)) {
      prose.pop();
      flush();
      runs.push({ parts: [introduction, ...parts.slice(index, end)], leadIn: unitText(leadIn) });
    } else {
      flush();
      runs.push({ parts: parts.slice(index, end) });
    }
    index = end;
  }
  flush();
  return runs;
}

/** A paragraph introduces what follows it when it ends in a colon, or is a single sentence. */
function introduces(part: Part, last: Unit): boolean {
  if (part.block.type !== "paragraph") return false;
  return part.units.length === 1 || /[:：]\s*$/u.test(unitText(last));
}

interface DivideContext {
  headings: string[];
  countTokens: CountTokens;
  maxTokens: number;
}

/** Divides a run into as few passages as fit, of about even length. */
function divide(run: Run, context: DivideContext): Omit<Passage, "id" | "documentId" | "ordinal">[] {
  const { headings, countTokens, maxTokens } = context;
  const steps = run.parts.flatMap((part, position) =>
    part.units.map((unit, index) => ({
      unit,
      tokens: countTokens(unitText(unit)),
      first: index === 0,
      before: run.parts[position - 1],
    })),
  );
  if (steps.length === 0) return [];
  const overhead = countTokens(contextText({ headings }));
  const leadInTokens = run.leadIn === undefined ? 0 : countTokens(run.leadIn);
  const room = Math.max(32, maxTokens - overhead);
  const total = steps.reduce((sum, step) => sum + step.tokens, 0);
  const target = total / Math.ceil(total / room);

  const groups: (typeof steps)[] = [];
  let current: typeof steps = [];
  let filled = 0;
  for (const step of steps) {
    const limit = groups.length === 0 || run.leadIn === undefined ? room : Math.max(32, room - leadInTokens);
    // Past the even share, break where a paragraph, item or row begins; at the limit, break anywhere.
    const full = filled + step.tokens > limit;
    const even = step.first && filled > 0 && filled + step.tokens / 2 > target;
    if (current.length > 0 && (full || even)) {
      groups.push(current);
      current = [];
      filled = 0;
    }
    current.push(step);
    filled += step.tokens;
  }
  groups.push(current);

  return groups.map((group, index) => {
    const units = group.map((step) => step.unit);
    const first = units[0] as Unit;
    const last = units.at(-1) as Unit;
    const leadIn = index > 0 && run.leadIn !== undefined ? { leadIn: run.leadIn } : {};
    // A header row belongs to the range of the rows that follow it.
    const { before } = group[0] ?? {};
    const header = group[0]?.first === true && before?.units.length === 0 ? before.block : first;
    const start = index === 0 ? (run.parts[0]?.block.start ?? first.start) : header.start;
    return {
      start: Math.min(start, first.start),
      end: last.end,
      headings,
      ...leadIn,
      units,
      tokens: overhead + (index > 0 ? leadInTokens : 0) + group.reduce((sum, step) => sum + step.tokens, 0),
    };
  });
}
