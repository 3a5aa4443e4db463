import type { Document } from "@langchain/core/documents";
import { fromLangChain } from "../documents/from-langchain.js";
import { sha256 } from "../documents/sha256.js";
import { LANGCHAIN_SCHEME } from "./ingest.js";
import { type IngestParts, IngestRun, type IngestSummary } from "./run.js";

export interface IngestDocumentsOptions extends IngestParts {
  /** What a loader of LangChain gives. `metadata.source`, `metadata.title` and a page number are used where they are. */
  documents: readonly Document[];
}

/**
 * Indexes documents from any LangChain loader, each as a document of its own with the uri `langchain:<source>`, and
 * `#page=3` or `#2` after it where a source has several. What was indexed before from the same sources and is not
 * among the documents now is removed; all else stays. How the text is read: see {@link fromLangChain}.
 * @throws WaymarkError `aborted`, and what the store and the embedder throw.
 * @example
 * await ingestDocuments({ documents: await new CSVLoader("faq.csv").load(), store, embed, buildPassages });
 */
export async function ingestDocuments(options: IngestDocumentsOptions): Promise<IngestSummary> {
  const { documents, store } = options;
  const sources = new Set(documents.map(sourceOf));
  const run = await IngestRun.start(options, documents.length);
  for (const [uri, document] of withUris(documents)) {
    const contentHash = sha256(JSON.stringify([document.pageContent, titleOf(document)]));
    await run.document({ uri }, async (known) => ({
      contentHash,
      document: contentHash === known ? undefined : await fromLangChain(document, uri),
    }));
  }
  for (const { id, uri } of await store.documents()) {
    const [source = uri] = uri.split(FRAGMENT);
    if (sources.has(source) && !run.seen.has(id)) await run.remove(id, uri);
  }
  return run.finish();
}

/** What {@link withUris} puts after a source. */
const FRAGMENT = /#(?:page=)?\d+$/;

function* withUris(documents: readonly Document[]): Generator<[uri: string, document: Document]> {
  const used = new Set<string>();
  for (const document of documents) {
    const source = sourceOf(document);
    const page = pageOf(document);
    let uri = page === undefined ? source : `${source}#page=${page}`;
    for (let count = 2; used.has(uri); count += 1) uri = `${source}#${count}`;
    used.add(uri);
    yield [uri, document];
  }
}

/** A document that does not say where it is from is known by its text. */
function sourceOf({ metadata, pageContent }: Document): string {
  const { source } = metadata as { source?: unknown };
  const name =
    typeof source === "string" && source !== "" ? source : `text-${sha256(pageContent).slice(0, 16)}`;
  return LANGCHAIN_SCHEME + name;
}

/** The PDF loader says `loc.pageNumber`, others say `page`. */
function pageOf({ metadata }: Document): number | undefined {
  const { loc, page } = metadata as { loc?: { pageNumber?: unknown }; page?: unknown };
  return [loc?.pageNumber, page].find((value): value is number => Number.isInteger(value));
}

function titleOf({ metadata }: Document): string | undefined {
  const { title } = metadata as { title?: unknown };
  return typeof title === "string" && title.trim() !== "" ? title.trim() : undefined;
}
