import { readFile } from "node:fs/promises";
import { posix } from "node:path";
import { WaymarkError } from "../errors.js";
import type { Source } from "./builder.js";
import { CODE_EXTENSIONS } from "./code-languages.js";
import type { SourceDocument } from "./document.js";

export { documentId } from "./document-id.js";

/** Reads the bytes of one kind of file. */
export type Parser = (bytes: Uint8Array, source: Source) => Promise<SourceDocument>;

/** A parser is loaded with the first file of its kind, so that start-up does not pay for formats that are not used. */
const PARSERS: Record<string, () => Promise<Parser>> = {
  ...sameFor([".md", ".markdown", ".mdx"], async () => (await import("./markdown.js")).parseMarkdown),
  ...sameFor([".txt", ".text"], async () => (await import("./text.js")).parseText),
  ...sameFor([".rst", ".rest"], async () => (await import("./rst.js")).parseRst),
  ...sameFor([".html", ".htm"], async () => (await import("./html.js")).parseHtml),
  ...sameFor([".xhtml", ".xht"], async () => (await import("./html.js")).parseXhtmlPage),
  ...sameFor([".pdf"], async () => (await import("./pdf.js")).parsePdf),
  ...sameFor([".docx"], async () => (await import("./docx.js")).parseDocx),
  ...sameFor(
    [".json", ".jsonc", ".geojson", ".webmanifest"],
    async () => (await import("./json.js")).parseJson,
  ),
  ...sameFor([".jsonl", ".ndjson"], async () => (await import("./json-lines.js")).parseJsonLines),
  ...sameFor([".csv"], async () => (await import("./csv.js")).parseCsv),
  ...sameFor([".tsv", ".tab"], async () => (await import("./csv.js")).parseTsv),
  ...sameFor([".pptx", ".ppsx"], async () => (await import("./pptx.js")).parsePptx),
  ...sameFor([".xlsx", ".xlsm"], async () => (await import("./xlsx.js")).parseXlsx),
  ...sameFor([".epub"], async () => (await import("./epub.js")).parseEpub),
  ...sameFor([".ipynb"], async () => (await import("./notebook.js")).parseNotebook),
  ...sameFor([".eml"], async () => (await import("./eml.js")).parseEml),
  ...sameFor([".mbox"], async () => (await import("./mbox.js")).parseMbox),
  ...sameFor([".srt", ".vtt"], async () => (await import("./subtitles.js")).parseSubtitles),
  ...sameFor(CODE_EXTENSIONS, async () => (await import("./code.js")).parseCode),
};

/** The file extensions that {@link loadDocument} knows: lower case, with the dot. */
export const SUPPORTED_EXTENSIONS: readonly string[] = Object.keys(PARSERS);

/**
 * Changes whenever a parser makes another document of the same file: what was read under another value is read again.
 */
export const PARSER_FINGERPRINT = "parsers-3";

/**
 * Reads a file into a document. The uri's extension chooses the parser.
 *
 * @param file a path, or the bytes themselves
 * @param uri the path relative to the corpus folder, with forward slashes; the document's id is made from it
 * @throws WaymarkError `unsupported-format` where no parser knows the extension, `unreadable-document` where the file
 *   cannot be read, has no text or is not what its extension says
 * @example const document = await loadDocument("corpus/roadmap.md", "roadmap.md");
 */
export async function loadDocument(file: string | Uint8Array, uri: string): Promise<SourceDocument> {
  const extension = posix.extname(uri).toLowerCase();
  const loadParser = Object.hasOwn(PARSERS, extension) ? PARSERS[extension] : undefined;
  if (loadParser === undefined) {
    throw new WaymarkError("unsupported-format", `${uri} is of a kind that Waymark cannot read.`, {
      hint: `Waymark reads ${SUPPORTED_EXTENSIONS.join(", ")}.`,
    });
  }
  const parse = await loadParser();
  return readable(uri, async () => parse(typeof file === "string" ? await readFile(file) : file, { uri }));
}

/** Runs a parser; whatever it throws becomes an `unreadable-document` that names the file. */
export async function readable(uri: string, parse: () => Promise<SourceDocument>): Promise<SourceDocument> {
  try {
    return await parse();
  } catch (cause) {
    if (WaymarkError.isInstance(cause)) throw cause;
    throw new WaymarkError("unreadable-document", `${uri} cannot be read: ${reason(cause)}.`, {
      hint: "Open the file in its own program to see whether it is whole, or leave it out.",
      cause,
    });
  }
}

function reason(cause: unknown): string {
  if (cause instanceof RangeError && /call stack/i.test(cause.message)) return "it is nested too deeply";
  return cause instanceof Error ? cause.message.replace(/\.$/, "") : String(cause);
}

function sameFor<T>(extensions: readonly string[], value: T): Record<string, T> {
  return Object.fromEntries(extensions.map((extension) => [extension, value]));
}
