import { type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";

/** What stands at one place of a JSON text. */
export type JsonNode = Node;

/** The value, or why and where (UTF-16 offset) the text is no JSON. */
export type JsonReading = { root: JsonNode } | { reason: string; offset: number };

/** Comments and commas too many, as people write them into settings, are no errors. */
export function readJson(text: string): JsonReading {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error === undefined && root !== undefined) return { root };
  const reason = error === undefined ? "value expected" : printParseErrorCode(error.error);
  return { reason: reason.replace(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase(), offset: error?.offset ?? 0 };
}

export interface Member {
  key: string;
  node: JsonNode;
  value: JsonNode;
}

/** The members of an object in the order of the text, those without a value left out. */
export function membersOf(object: JsonNode): Member[] {
  return (object.children ?? []).flatMap((node) => {
    const [key, value] = node.children ?? [];
    return key === undefined || value === undefined || isEmpty(value)
      ? []
      : [{ key: String(key.value), node, value }];
  });
}

/** `null`, `""`, `[]`, `{}`: nothing to read. */
export function isEmpty({ type, value, children }: JsonNode): boolean {
  if (type === "array") return (children ?? []).every((child) => isScalar(child) && isEmpty(child));
  if (type === "object") return (children ?? []).length === 0;
  return type === "null" || (typeof value === "string" && (value.trim() === "" || isData(value)));
}

/** A picture or the like, written in letters. */
function isData(text: string): boolean {
  return text.length > 500 && !/\s/.test(text);
}

export function isScalar({ type }: JsonNode): boolean {
  return type !== "object" && type !== "array";
}

/** A text of several lines, or too long to stand behind its key. */
export function isProse(node: JsonNode): boolean {
  return typeof node.value === "string" && (node.value.length > MAX_ITEM || node.value.trim().includes("\n"));
}

/** Longer values have blocks of their own. */
export const MAX_ITEM = 200;

/** A value as it stands behind its key: numbers as they are written, short lists with commas. */
export function inline(node: JsonNode, source: string): string {
  if (node.type === "array") {
    const children = (node.children ?? []).filter((child) => !isEmpty(child));
    return children.map((child) => inline(child, source)).join(", ");
  }
  if (typeof node.value === "string") return node.value;
  return node.type === "null" ? "" : source.slice(node.offset, node.offset + node.length);
}

/** True for a value that can stand behind its key: a short one, or a short list of such. */
export function isInline(node: JsonNode, source: string): boolean {
  if (node.type === "object") return false;
  if (node.type === "array") {
    const children = node.children ?? [];
    return (
      children.length <= MAX_ITEM / 3 && children.every(isScalar) && inline(node, source).length <= MAX_ITEM
    );
  }
  return !isProse(node);
}
