import { DocumentBuilder, type Source } from "./builder.js";
import { decodeText } from "./decode.js";
import type { SourceDocument } from "./document.js";
import { RstReader } from "./rst-reader.js";

/**
 * Reads reStructuredText: sections, paragraphs, lists, tables, literal blocks, and the words of directives such as notes.
 * Comments, tables of contents and what is included from elsewhere are left out. `lines` are the source's lines. Own code:
 * the one maintained parser for JavaScript brings a typesetter and a highlighter along.
 * @throws WaymarkError `unreadable-document` where there is no text
 */
export async function parseRst(bytes: Uint8Array, source: Source): Promise<SourceDocument> {
  const text = decodeText(bytes, source);
  const lines = text
    .split("\n")
    .map((line, index) => ({ text: withoutTabs(line).trimEnd(), number: index + 1 }));
  const builder = new DocumentBuilder(source, "text/x-rst");
  new RstReader(builder, substitutionsOf(text)).read(lines);
  return builder.finish();
}

const TAB_WIDTH = 8;

function withoutTabs(line: string): string {
  if (!line.includes("\t")) return line;
  let columns = "";
  for (const [index, part] of line.split("\t").entries())
    columns += index === 0 ? part : " ".repeat(TAB_WIDTH - (columns.length % TAB_WIDTH)) + part;
  return columns;
}

/** `.. |name| replace:: words`, in lower case. */
function substitutionsOf(text: string): Map<string, string> {
  const found = text.matchAll(/^\s*\.\. \|([^|\n]+)\| replace:: *(.*)$/gm);
  return new Map([...found].map(([, name = "", words = ""]) => [name.toLowerCase(), words.trim()]));
}
