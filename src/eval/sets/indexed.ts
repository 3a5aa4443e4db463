import { WaymarkError } from "../../errors.js";
import { LANGCHAIN_SCHEME } from "../../ingest/ingest.js";
import type { Place } from "../metrics/place.js";
import { locateSentences } from "./locate-sentences.js";
import type { IndexedDocument } from "./set.js";

/** Finds a set's documents and sentences in the index, by the ids that the set gives its documents. */
export interface IndexedLibrary {
  /** @throws WaymarkError `invalid-input` where the document is not in the index */
  document(source: string): IndexedDocument;
  /**
   * The places of some of a document's sentences.
   * @param sentences All of the document's, in order.
   * @param chosen Indices into them.
   * @throws WaymarkError `invalid-input` where one is not there
   */
  places(source: string, sentences: readonly string[], chosen: readonly number[]): Place[];
}

/** Looks up what `metadata.source` named before indexing. */
export function indexedLibrary(documents: readonly IndexedDocument[]): IndexedLibrary {
  const byUri = new Map(documents.map((document) => [document.uri, document]));
  const find = (source: string) => {
    const document = byUri.get(LANGCHAIN_SCHEME + source);
    if (document === undefined) throw notIndexed(`The document ${source} of the set`);
    return document;
  };
  return {
    document: find,
    places: (source, sentences, chosen) => {
      const { id, text } = find(source);
      const ranges = locateSentences(text, sentences);
      return chosen.map((index) => {
        const range = ranges[index];
        if (range === undefined) throw notIndexed(`The sentence "${sentences[index]}" of document ${source}`);
        return { documentId: id, ...range };
      });
    },
  };
}

function notIndexed(what: string): WaymarkError {
  return new WaymarkError("invalid-input", `${what} is not in the index.`, {
    hint: "Remove the set's folder below `eval` in the index folder and run this again.",
  });
}
