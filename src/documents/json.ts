import { posix } from "node:path";
import { WaymarkError } from "../errors.js";
import { DocumentBuilder, type Source } from "./builder.js";
import { decodeText } from "./decode.js";
import type { SourceDocument } from "./document.js";
import { type JsonNode, membersOf, readJson } from "./json-values.js";
import { JsonWriter } from "./json-writer.js";
import { LineIndex } from "./line-index.js";

/**
 * Reads JSON, with comments too, as a person would: items "key: value" below headings, lists of objects that are alike as
 * tables. `lines` are the source's lines; where these say little, because the whole file is on a few, `places` are the
 * records and keys. LangChain's `JSONLoader` gives the texts alone, without keys and places.
 * @throws WaymarkError `unreadable-document` where the text is no JSON, with the line, or is nested too deeply.
 */
export async function parseJson(bytes: Uint8Array, source: Source): Promise<SourceDocument> {
  const text = decodeText(bytes, source);
  const lines = new LineIndex(text);
  const lineAt = (offset: number) => lines.lineAt(offset) + 1;
  const reading = readJson(text);
  if ("reason" in reading) {
    throw new WaymarkError(
      "unreadable-document",
      `${source.uri} is no JSON: ${reading.reason} in line ${lineAt(reading.offset)}.`,
      {
        hint: "See whether the file is whole.",
      },
    );
  }
  const title = titleOf(reading.root) ?? posix.basename(source.uri, posix.extname(source.uri));
  const builder = new DocumentBuilder(source, "application/json");
  const places = text.length > lines.length * MAX_LINE;
  new JsonWriter({ builder, source, title, text, lineAt, places }).value(reading.root);
  return builder.finish(title);
}

/** Lines that are longer than this on average say little. */
const MAX_LINE = 300;
const MAX_TITLE = 120;

function titleOf(root: JsonNode): string | undefined {
  if (root.type !== "object") return undefined;
  const members = membersOf(root);
  const named = ["title", "name"].map(
    (name) => members.find(({ key }) => key === name)?.value.value as unknown,
  );
  return named.find(
    (name): name is string => typeof name === "string" && name.length <= MAX_TITLE && !name.includes("\n"),
  );
}
