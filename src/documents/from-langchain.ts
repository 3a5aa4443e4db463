import type { Document } from "@langchain/core/documents";
import { z } from "zod";
import type { SourceDocument } from "./document.js";
import { readable } from "./load.js";
import { parseMarkdownText } from "./markdown.js";
import { parsePlainText } from "./text.js";

/**
 * Makes a document of a LangChain document from any loader. Its text is read as Markdown where `metadata.source` ends
 * in `.md` or `metadata.blobType` says so, else as plain text. `metadata.title` and a page number
 * (`metadata.loc.pageNumber`, or `metadata.page`) are used where they are.
 *
 * @param uri default: `metadata.source`, else the document's id
 * @throws WaymarkError `unreadable-document` when there is no text
 * @example
 * const documents = await new CSVLoader("faq.csv").load();
 * const answers = await Promise.all(documents.map((document, row) => fromLangChain(document, `faq.csv#${row}`)));
 */
export async function fromLangChain(document: Document, uri?: string): Promise<SourceDocument> {
  const { source, blobType, title, loc, page = loc?.pageNumber } = metadataSchema.parse(document.metadata);
  const name = uri ?? source ?? document.id ?? "langchain-document";
  const text = document.pageContent.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
  const isMarkdown = blobType === "text/markdown" || /\.(?:md|mdx|markdown)$/i.test(source ?? name);
  const parse = isMarkdown ? parseMarkdownText : parsePlainText;
  const parsed = await readable(name, async () => parse(text, { uri: name }));
  return {
    ...parsed,
    title: title ?? parsed.title,
    pages: page === undefined ? [] : [{ offset: 0, value: page }],
  };
}

/** What is used of a loader's metadata; whatever has another shape is as if it were not there. */
const optionalText = z.string().trim().min(1).optional().catch(undefined);
const optionalPage = z.number().int().positive().optional().catch(undefined);
const metadataSchema = z.object({
  source: optionalText,
  blobType: optionalText,
  title: optionalText,
  page: optionalPage,
  loc: z.object({ pageNumber: optionalPage }).optional().catch(undefined),
});
