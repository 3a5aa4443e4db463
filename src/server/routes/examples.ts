import type { Answer, Citation } from "../../answer/answer.js";
import type { SourceDocument } from "../../documents/document.js";
import type { DocumentSummary } from "../../store/store.js";
import type { SearchResult } from "../../waymark.js";

/** A small document for the examples of the API reference; every example's range and quote is one of it. */
export const exampleDocument: SourceDocument & { indexedAt: string } = {
  id: "handbook-9f2c",
  uri: "handbook.md",
  title: "Handbook",
  mediaType: "text/markdown",
  indexedAt: "2026-01-05T09:30:00.000Z",
  text: "Backups\nBackups run every night at two. They are kept for thirty days.",
  blocks: [
    { type: "heading", level: 1, start: 0, end: 7 },
    { type: "paragraph", start: 8, end: 70 },
  ],
  lines: [
    { offset: 0, value: 1 },
    { offset: 8, value: 3 },
  ],
  pages: [],
};

/** What the list of documents says of {@link exampleDocument}. */
export const exampleSummary: DocumentSummary = {
  id: exampleDocument.id,
  uri: exampleDocument.uri,
  collection: "default",
  title: exampleDocument.title,
  mediaType: exampleDocument.mediaType,
  contentHash: "4f1c2b6d7a8e90b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f708192a3b4c5d6e7f",
  indexedAt: exampleDocument.indexedAt,
  passages: 1,
  characters: exampleDocument.text.length,
};

/** A citation of {@link exampleDocument}. */
export const exampleCitation: Citation = {
  documentId: exampleDocument.id,
  title: exampleDocument.title,
  uri: exampleDocument.uri,
  start: 8,
  end: 39,
  quote: "Backups run every night at two.",
  headings: ["Backups"],
  line: 3,
  score: 0.97,
};

/** An answer from {@link exampleDocument}. */
export const exampleAnswer: Answer = {
  status: "answered",
  mode: "extractive",
  withheld: 0,
  question: "When do backups run?",
  answer: "Backups run every night at two.",
  sentences: [
    {
      text: "Backups run every night at two.",
      kind: "sentence",
      citations: [exampleCitation],
      highlight: { start: 12, end: 30 },
    },
  ],
  related: [],
  confidence: 0.96,
  timings: { embed: 3, retrieve: 2, read: 61, compose: 1, total: 67 },
};

/** A search result of {@link exampleDocument}. */
export const exampleSearchResult: SearchResult = {
  ...exampleCitation,
  end: 70,
  quote: "Backups run every night at two. They are kept for thirty days.",
  score: 0.91,
  passageId: "handbook-9f2c:0",
  scores: { lexical: 4.2, dense: 0.71, fused: 0.91, interaction: 0.58 },
};
