import { posix } from "node:path";
import { WaymarkError } from "../errors.js";
import { DocumentBuilder, type Source } from "./builder.js";
import { decodeText } from "./decode.js";
import type { SourceDocument } from "./document.js";
import { type JsonNode, readJson } from "./json-values.js";
import { JsonWriter } from "./json-writer.js";
import { LineIndex } from "./line-index.js";

/**
 * Reads JSON Lines: a table where the records are alike, else each record below a heading. A record's place is its line.
 * Lines that are no JSON are left out, and the document says so.
 * @throws WaymarkError `unreadable-document` where no line is JSON.
 */
export async function parseJsonLines(bytes: Uint8Array, source: Source): Promise<SourceDocument> {
  const text = decodeText(bytes, source);
  const lines = new LineIndex(text);
  const lineAt = (offset: number) => lines.lineAt(offset) + 1;
  const records: JsonNode[] = [];
  const damaged: number[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const record = readRecord(line, lines.startOf(index));
    if (record === undefined) damaged.push(index + 1);
    else records.push(record);
  }
  if (records.length === 0) {
    throw new WaymarkError("unreadable-document", `${source.uri} has no line that is JSON.`, {
      hint: "Each line is to be a JSON value of its own.",
    });
  }
  const title = posix.basename(source.uri, posix.extname(source.uri));
  const builder = new DocumentBuilder(source, "application/jsonl");
  new JsonWriter({ builder, source, title, text, lineAt, places: false }).elements(records);
  const document = builder.finish(title);
  return damaged.length === 0 ? document : { ...document, unread: unreadLines(damaged) };
}

/** The value of a line, with offsets of the whole text; undefined where it is no JSON, or nested too deeply for anything. */
function readRecord(line: string, start: number): JsonNode | undefined {
  try {
    const reading = readJson(line);
    return "root" in reading ? movedBy(reading.root, start) : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function movedBy(root: JsonNode, by: number): JsonNode {
  const stack: { offset: number; children?: JsonNode[] }[] = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    node.offset += by;
    stack.push(...(node.children ?? []));
  }
  return root;
}

/** So many lines are named. */
const NAMED = 5;

function unreadLines(lines: readonly number[]): string {
  const named = `${lines.slice(0, NAMED).join(", ")}${lines.length > NAMED ? " …" : ""}`;
  return `${lines.length} ${lines.length === 1 ? "line is" : "lines are"} no JSON and left out: ${named}`;
}
