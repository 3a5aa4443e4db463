import { WaymarkError } from "../errors.js";
import { appendDocument } from "./append-document.js";
import type { DocumentBuilder, Piece, Source } from "./builder.js";
import { type JsonTable, readJsonTable } from "./json-table.js";
import {
  inline,
  isEmpty,
  isInline,
  isProse,
  isScalar,
  type JsonNode,
  MAX_ITEM,
  membersOf,
} from "./json-values.js";
import { SectionPath } from "./section-path.js";
import { parsePlainText } from "./text.js";

/** A key or a record on the way to a value: its heading, and what a person calls its place. */
interface Step {
  heading: string;
  place: string;
}

export interface JsonWriterOptions {
  builder: DocumentBuilder;
  source: Source;
  title: string;
  /** The text that the nodes' offsets refer to. */
  text: string;
  /** The source's line, from 1, of an offset. */
  lineAt: (offset: number) => number;
  /** Give each value its place: where the lines say little, because there are few of them. */
  places: boolean;
}

/** Keys down to here are headings; further down they stand before the value with points between them. */
const MAX_HEADINGS = 4;
/** Deeper than anything that people write. */
const MAX_DEPTH = 500;

/**
 * Writes JSON values as blocks: objects as "key: value" items below the headings of the keys that lead there, lists of
 * objects that are alike as tables, long texts as paragraphs. The order is the source's.
 */
export class JsonWriter {
  readonly #options: JsonWriterOptions;
  readonly #sections: SectionPath;
  /** The list that is being written, and the path it is in. */
  #open: { path: readonly Step[]; group: number } | undefined;

  constructor(options: JsonWriterOptions) {
    this.#options = options;
    this.#sections = new SectionPath(options.builder, options.title);
  }

  /** Writes values that stand beside each other: the elements of a list, or the lines of a file. */
  elements(nodes: readonly JsonNode[], path: readonly Step[] = [], depth = 0): void {
    const filled = nodes.filter((node) => !isEmpty(node));
    const table = readJsonTable(filled, this.#options.text);
    if (table !== undefined) {
      this.#table(table, path, (index) => `record ${index + 1}`);
    } else if (filled.every(({ type }) => type === "number")) {
      for (const group of inGroups(filled, this.#options.text)) this.#item(path, group);
    } else {
      for (const [index, node] of nodes.entries()) this.#element(node, index, path, depth);
    }
  }

  /** Writes one value. */
  value(node: JsonNode, path: readonly Step[] = [], depth = 0): void {
    if (depth > MAX_DEPTH) throw tooDeep(this.#options.source);
    if (node.type === "object") this.#object(node, path, depth);
    else if (node.type === "array") this.elements(node.children ?? [], path, depth);
    else if (isProse(node)) this.#prose(node, path);
    else if (!isEmpty(node)) this.#item(path, [node]);
  }

  #element(node: JsonNode, index: number, path: readonly Step[], depth: number): void {
    if (isScalar(node) || isInline(node, this.#options.text)) this.value(node, path, depth + 1);
    else this.value(node, [...path, recordStep(node, index, path.at(-1)?.heading)], depth + 1);
  }

  #object(node: JsonNode, path: readonly Step[], depth: number): void {
    const members = membersOf(node);
    const table = readJsonTable(
      members.map(({ value }) => value),
      this.#options.text,
    );
    if (table !== undefined && members.length > table.columns.length) {
      const keyed = {
        columns: ["", ...table.columns],
        rows: table.rows.map((row, index) => {
          const member = members[index];
          const key = member === undefined ? undefined : { node: member.node, text: member.key };
          return { node: row.node, cells: [key, ...row.cells] };
        }),
      };
      this.#table(keyed, path, (index) => members[index]?.key ?? "");
      return;
    }
    for (const { key, node: member, value } of members) this.#member(key, member, value, path, depth);
  }

  #member(key: string, member: JsonNode, value: JsonNode, path: readonly Step[], depth: number): void {
    if (isInline(value, this.#options.text)) this.#item(path, [value], `${key}: `, member);
    else this.value(value, [...path, { heading: key, place: key }], depth + 1);
  }

  #item(path: readonly Step[], values: readonly JsonNode[], before = "", at = values[0]): void {
    const { builder, text } = this.#options;
    const prefix = path
      .slice(MAX_HEADINGS)
      .map(({ heading }) => `${heading}.`)
      .join("");
    const key = before === "" && prefix !== "" ? `${prefix.slice(0, -1)}: ` : prefix + before;
    this.#enter(path, at);
    if (this.#open?.path !== path) this.#open = { path, group: builder.newGroup() };
    const { group } = this.#open;
    const words = values.map((value) => inline(value, text)).join(", ");
    builder.add({ type: "list-item", depth: 0, group }, [
      this.#piece(
        key + words,
        at,
        before === "" ? path : [...path, { heading: "", place: before.slice(0, -2) }],
      ),
    ]);
  }

  #prose(node: JsonNode, path: readonly Step[]): void {
    const { builder, source } = this.#options;
    this.#enter(path, node);
    this.#open = undefined;
    const { line, place } = this.#piece("", node, path);
    const from = { ...(line === undefined ? {} : { line }), ...(place === undefined ? {} : { place }) };
    appendDocument(builder, parsePlainText(String(node.value), source), { headings: "none", from });
  }

  #table({ columns, rows }: JsonTable, path: readonly Step[], placeOf: (index: number) => string): void {
    const { builder } = this.#options;
    const group = builder.newGroup();
    this.#enter(path, rows[0]?.node);
    this.#open = undefined;
    for (const [index, { node, cells }] of rows.entries()) {
      const own = [...path, { heading: "", place: placeOf(index) }];
      if (index === 0)
        builder.addRow(
          group,
          true,
          columns.map((text) => (text === "" ? [] : [this.#piece(text, node, own)])),
        );
      builder.addRow(
        group,
        false,
        cells.map((cell) => (cell === undefined ? [] : [this.#piece(cell.text, cell.node, own)])),
      );
    }
  }

  #enter(path: readonly Step[], node: JsonNode | undefined): void {
    const headings = path.slice(0, MAX_HEADINGS).map(({ heading }) => heading);
    this.#sections.enter(headings, node === undefined ? undefined : this.#options.lineAt(node.offset));
  }

  #piece(text: string, node: JsonNode | undefined, path: readonly Step[]): Piece {
    const { lineAt, places } = this.#options;
    const place = places && path.length > 0 ? { place: path.map((step) => step.place).join(", ") } : {};
    return node === undefined ? { text, ...place } : { text, line: lineAt(node.offset), ...place };
  }
}

/** What a record is called by: the value of one of these keys. */
const NAME_KEYS = new Set(["name", "title", "label", "id", "key"]);
const MAX_NAME = 80;

function recordStep(node: JsonNode, index: number, list: string | undefined): Step {
  const named = membersOf(node).find(({ key, value }) => NAME_KEYS.has(key.toLowerCase()) && isScalar(value));
  const name = named === undefined ? "" : String(named.value.value).trim();
  const plain = list === undefined ? `Record ${index + 1}` : `${list} ${index + 1}`;
  return { heading: name === "" || name.length > MAX_NAME ? plain : name, place: `record ${index + 1}` };
}

/** Numbers as many as fit an item. */
function* inGroups(numbers: readonly JsonNode[], source: string): Generator<JsonNode[]> {
  let group: JsonNode[] = [];
  let length = 0;
  for (const number of numbers) {
    length += inline(number, source).length + 2;
    if (length > MAX_ITEM && group.length > 0) {
      yield group;
      group = [];
      length = 0;
    }
    group.push(number);
  }
  if (group.length > 0) yield group;
}

function tooDeep({ uri }: Source): WaymarkError {
  return new WaymarkError("unreadable-document", `${uri} is nested more than ${MAX_DEPTH} deep.`, {
    hint: "Leave the file out, or make it flatter.",
  });
}
